"""`/_dev/run/{flow}`: start a user flow as an application would, and show the tokens it ends in."""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from gatelodge.crypto.digest import from_base64url, is_same
from gatelodge.development.drawing import Drawing
from gatelodge.development.seed import API_SCOPES, APP_ID_URI, DOMAIN, Seed
from gatelodge.development.seeded_applications import viewer_redirect_uri
from gatelodge.errors import Invalid
from gatelodge.model.new_user_flow import user_flow_id
from gatelodge.randomness import Randomness

COOKIE = "__Host-gatelodge-run"
SCOPE = " ".join(("openid", "offline_access", *(f"{APP_ID_URI}/{each}" for each in API_SCOPES)))

AskTokens: TypeAlias = Callable[[str, Mapping[str, str]], Awaitable[tuple[int, Mapping[str, Any]]]]
"""Posts a form to an address of this server, as an application would; gives status and JSON."""

_OWN = "own"
_TIMES = frozenset({"exp", "nbf", "iat", "auth_time"})


def authorize_path(policy: str) -> str:
    """Return where a user flow of the seeded tenant begins."""
    return f"/{DOMAIN}/{policy}/oauth2/v2.0/authorize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`GET /_dev/run/{flow}`: go to the flow with a fresh code challenge.

    What the answer has to match stays in a cookie, so any number of servers could be running.
    `?host=own` goes to the flow at the tenant's own host.
    """

    seed: Seed
    origin: str
    own_origin: str
    randomness: Randomness

    async def __call__(self, request: Request) -> Response:
        """Leave for the authorization endpoint."""
        try:
            policy = user_flow_id(request.path_params["flow"])
        except Invalid:
            return PlainTextResponse("No user flow can have this name.", 404)
        state, verifier, nonce = (self.randomness.opaque() for _ in range(3))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "client_id": self.seed.viewer.client_id,
            "response_type": "code",
            "redirect_uri": viewer_redirect_uri(self.origin),
            "scope": SCOPE,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        if "prompt" in request.query_params:
            query["prompt"] = request.query_params["prompt"]
        is_own = request.query_params.get("host") == _OWN
        origin = self.own_origin if is_own else self.origin
        response = RedirectResponse(f"{origin}{authorize_path(policy)}?{urlencode(query)}", 303)
        response.set_cookie(
            COOKIE,
            f"{state}.{verifier}.{policy}" + (f".{_OWN}" if is_own else ""),
            max_age=3600,
            secure=True,
            httponly=True,
            samesite="lax",
        )
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """`GET /_dev/callback`: redeem the code and show what is in the tokens."""

    seed: Seed
    origin: str
    own_origin: str
    ask_tokens: AskTokens
    drawing: Drawing

    async def __call__(self, request: Request) -> Response:
        """Show tokens, or the error the flow answered with."""
        state, verifier, policy, is_own = _remembered(request.cookies.get(COOKIE, ""))
        query = request.query_params
        if not state or not is_same(state, query.get("state", "")):
            return self._refused("This answer belongs to no run of this browser.", policy)
        if "error" in query:
            return self._refused(query.get("error_description", query["error"]), policy)
        status, answer = await self.ask_tokens(
            f"{self.own_origin if is_own else self.origin}/{DOMAIN}/{policy}/oauth2/v2.0/token",
            {
                "grant_type": "authorization_code",
                "client_id": self.seed.viewer.client_id,
                "redirect_uri": viewer_redirect_uri(self.origin),
                "code": query.get("code", ""),
                "code_verifier": verifier,
            },
        )
        if status != 200:
            return self._refused(str(answer.get("error_description", answer)), policy)
        response = self.drawing.answer("tokens.html", policy=policy, tokens=_tokens(answer))
        response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax")
        return response

    def _refused(self, sentence: str, policy: str) -> Response:
        return self.drawing.answer("refused.html", status=400, sentence=sentence, policy=policy)


def _remembered(cookie: str) -> tuple[str, str, str, bool]:
    parts = cookie.split(".")
    is_own = len(parts) == 4 and parts[3] == _OWN
    is_known = len(parts) == 3 or is_own
    return (parts[0], parts[1], parts[2], is_own) if is_known else ("", "", "", False)


def _tokens(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    named = (("ID token", "id_token"), ("Access token", "access_token"))
    return [_token(title, answer[name]) for title, name in named if name in answer]


def _token(title: str, token: str) -> dict[str, Any]:
    """Decode for display only: nothing here decides anything, so nothing is verified."""
    header, payload = (msgspec.json.decode(from_base64url(part)) for part in token.split(".")[:2])
    return {
        "title": title,
        "header": header,
        "claims": [
            {"name": name, "value": value, "moment": _moment(name, value)}
            for name, value in payload.items()
        ],
        "raw": token,
    }


def _moment(name: str, value: object) -> str:
    if name not in _TIMES or not isinstance(value, int):
        return ""
    return f"{datetime.fromtimestamp(value, UTC):%Y-%m-%d %H:%M:%S} UTC"
