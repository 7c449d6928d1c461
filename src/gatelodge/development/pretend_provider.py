"""`/_dev/provider`: an OpenID provider whose people are whoever somebody says they are.

With it sign-in through identity providers can be tried out without any account elsewhere.
"""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus, urlencode

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from gatelodge.clock import Clock
from gatelodge.crypto.digest import base64url, digest_of, is_same
from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.development.chance import stream
from gatelodge.development.drawing import Drawing
from gatelodge.development.seed import PRETEND_CLIENT_ID, Seed
from gatelodge.development.seeded_provider import callback_of, pretend_issuer
from gatelodge.oidc.parameters import MalformedParameters, form_parameters

_CODE_LIFETIME_S = 120
_TOKEN_LIFETIME_S = 300
_ASKED = ("redirect_uri", "state", "nonce", "code_challenge")
_PLACE = "development/provider"
_LONGEST = 4000
_KEY_ID = "pretend-1"


def signing_key(seed: str) -> ECKey:
    """Return the key of the provider, which follows from the seed as all of the tenant does."""
    octets = stream(seed, "pretend provider").octets(31)
    key = ec.derive_private_key(int.from_bytes(octets) + 1, ec.SECP256R1())
    return ECKey.import_key(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendProvider:
    """Its discovery document and keys, the page where a person says who they are, and tokens."""

    seed: Seed
    origin: str
    own_origin: str
    sealer: Sealer
    clock: Clock
    drawing: Drawing
    key: ECKey

    @property
    def _origins(self) -> tuple[str, ...]:
        return (self.origin, self.own_origin)

    def _page(self, *, status: int = 200) -> Response:
        return self.drawing.answer(
            "provider.html", status=status, leads_to=self._origins, users=self.seed.users
        )

    async def configuration(self, _request: Request) -> Response:
        """Answer with the discovery document."""
        issuer = pretend_issuer(self.origin)
        return JSONResponse(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def keys(self, _request: Request) -> Response:
        """Answer with the public key."""
        public = self.key.as_dict(private=False)
        return JSONResponse({"keys": [{**public, "kid": _KEY_ID, "use": "sig", "alg": "ES256"}]})

    async def authorize(self, request: Request) -> Response:
        """Ask who the person is; then send them back, with a code or with a refusal."""
        query = request.query_params
        asked = {name: query.get(name, "")[:_LONGEST] for name in _ASKED}
        is_ours = query.get("client_id") == PRETEND_CLIENT_ID
        if not is_ours or asked["redirect_uri"] not in map(callback_of, self._origins):
            return PlainTextResponse("This provider knows nobody but its own tenant.", 400)
        if request.method != "POST":
            return self._page()
        form = await _form(request)
        answer = {"state": asked["state"], "iss": pretend_issuer(self.origin)}
        email = form.get("email", "").strip()
        if form.get("action") == "deny":
            answer |= {"error": "access_denied", "error_description": "The person did not want to."}
        elif not email:
            return self._page(status=400)
        else:
            answer["code"] = self._code(asked, _person(email, form.get("name", "")))
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 303)

    async def token(self, request: Request) -> Response:
        """Redeem a code (RFC 6749 §4.1.3)."""
        form = await _form(request)
        if not self._is_client(request.headers.get("authorization", "")):
            return JSONResponse({"error": "invalid_client"}, 401)
        given = self._given(form.get("code", ""))
        challenge = base64url(sha256(form.get("code_verifier", "").encode()).digest())
        if given is None or given["redirect_uri"] != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if not is_same(challenge, given["code_challenge"]):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse(
            {
                "access_token": digest_of(form.get("code", "")),
                "token_type": "Bearer",
                "expires_in": _TOKEN_LIFETIME_S,
                "id_token": self._id_token(given),
            }
        )

    def _code(self, asked: Mapping[str, str], person: Mapping[str, str]) -> str:
        ends = int(self.clock().timestamp()) + _CODE_LIFETIME_S
        given = msgspec.json.encode({**asked, "person": person, "ends": ends})
        return self.sealer.seal(given, _PLACE)

    def _given(self, code: str) -> dict[str, Any] | None:
        try:
            given = msgspec.json.decode(self.sealer.unseal(code, _PLACE), type=dict[str, Any])
        except Unsealable:
            return None
        return given if self.clock().timestamp() < given["ends"] else None

    def _is_client(self, authorization: str) -> bool:
        try:
            pair = b64decode(authorization.removeprefix("Basic "), validate=True).decode()
        except ValueError:
            return False
        client_id, _, secret = (unquote_plus(each) for each in pair.partition(":"))
        return client_id == PRETEND_CLIENT_ID and is_same(secret, self.seed.pretend_secret)

    def _id_token(self, given: Mapping[str, Any]) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": pretend_issuer(self.origin),
            "aud": PRETEND_CLIENT_ID,
            "iat": now,
            "exp": now + _TOKEN_LIFETIME_S,
            "nonce": given["nonce"],
            **given["person"],
        }
        return jwt.encode({"alg": "ES256", "kid": _KEY_ID}, claims, self.key, algorithms=["ES256"])


async def _form(request: Request) -> Mapping[str, str]:
    """Return what a form says, nothing for what is none."""
    try:
        return await form_parameters(request)
    except MalformedParameters:
        return {}


def _person(email: str, name: str) -> dict[str, str]:
    """Return the claims of somebody; the same address is the same person."""
    named = name.strip() or email.partition("@")[0].capitalize()
    first, _, last = named.partition(" ")
    return {
        "sub": digest_of(email.casefold())[:22],
        "email": email,
        "name": named,
        "given_name": first,
        "family_name": last,
    }
