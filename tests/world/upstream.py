"""Identity providers without a network: they answer what the way out sends, and sign for real."""

import json
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from gatelodge.crypto.digest import base64url
from gatelodge.federation.presets import PRESETS, Preset
from gatelodge.outbound import Answer, NotReached, Outbound
from tests.world.browser import Arrived

ISSUER = "https://people.example/op"
METADATA_URL = f"{ISSUER}/.well-known/openid-configuration"
CLIENT_ID, CLIENT_SECRET = "gatelodge-at-people", "s3cret & more"
Claims = dict[str, Any]


@dataclass(slots=True)
class Given:
    """What a code was given for."""

    query: Mapping[str, str]
    person: Claims


@dataclass(slots=True)
class Mischief:
    """What a provider does differently from what it should; nothing unless a test says so."""

    claims: Claims = field(default_factory=dict)
    header: Claims = field(default_factory=dict)
    without: tuple[str, ...] = ()
    token: Callable[[str], str] = lambda token: token
    answer: Callable[[str, Answer], Answer | Exception] = lambda _url, answer: answer
    metadata: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    is_terse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream(Outbound):
    """Every provider there is, as the server reaches them, and as a browser comes to them."""

    state: "_State"
    is_development: bool = False

    @property
    def mischief(self) -> Mischief:
        """Return what goes wrong from now on."""
        return self.state.mischief

    @property
    def asked(self) -> list[str]:
        """Return the addresses that were asked, in order."""
        return self.state.asked

    def start_over(self) -> None:
        """Behave, and forget who asked."""
        self.state.mischief = Mischief()
        self.state.asked.clear()

    def identify(self, at: Arrived, person: Claims, **changes: str) -> dict[str, str]:
        """Let a person identify themselves; return what the browser is sent back with."""
        code = f"code-{next(self.state.codes)}"
        self.state.given[code] = Given(at.parameters, person)
        answer = {"state": at.parameters["state"]}
        if at.parameters["response_type"] == "id_token":
            answer["id_token"] = self.state.id_token(at.parameters, person, None)
        else:
            answer["code"] = code
        return {**answer, **changes}

    async def send(self, method: str, url: str, **more: Any) -> Answer:
        """Answer in the place of whoever lives at an address."""
        self.state.asked.append(url)
        answer = self.state.answer(method, url, more.get("headers") or {}, more.get("content", b""))
        given = self.state.mischief.answer(url, answer)
        if isinstance(given, Exception):
            raise given
        return given


def new_upstream(now: Callable[[], float]) -> Upstream:
    """Return providers that behave."""
    return Upstream(state=_State(now))


class _State:
    def __init__(self, now: Callable[[], float]) -> None:
        self.now = now
        self.keys: dict[str, RSAKey | ECKey] = {
            "rs": RSAKey.generate_key(2048),
            "es": ECKey.generate_key("P-256"),
        }
        self.key_ids = {"rs": "key-1", "es": "key-2"}
        self.signs_with = "rs"
        self.mischief = Mischief()
        self.asked: list[str] = []
        self.codes = count(1)
        self.given: dict[str, Given] = {}
        self.tokens: dict[str, Claims] = {}
        self.forms: list[dict[str, str]] = []

    def answer(self, method: str, url: str, headers: Mapping[str, str], content: bytes) -> Answer:
        place = url.partition("?")[0]
        preset = next((each for each in PRESETS.values() if place in _places(each)), None)
        if place == METADATA_URL:
            return _json(self.metadata())
        if place == f"{ISSUER}/keys" or (preset and place == preset.jwks_uri):
            return _json(self.key_set())
        if place == f"{ISSUER}/token" or (preset and place == preset.token_endpoint):
            form = dict(parse_qsl(content.decode()))
            return self.redeem(form, headers, preset)
        if place == f"{ISSUER}/userinfo" or preset is not None:
            return self.userinfo(headers, preset)
        raise NotReached(f"nobody lives at {method} {url}")

    def metadata(self) -> Claims:
        document = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "end_session_endpoint": f"{ISSUER}/logout",
            "jwks_uri": f"{ISSUER}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return {**document, **self.mischief.metadata}

    def key_set(self) -> Claims:
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": self.key_ids[name], "use": "sig"}
                for name, key in self.keys.items()
            ]
        }

    def redeem(
        self, form: dict[str, str], headers: Mapping[str, str], preset: Preset | None
    ) -> Answer:
        self.forms.append(form)
        given = self.given.pop(form["code"], None)
        if not _is_client(form, headers, preset):
            return _json({"error": "invalid_client"}, 401)
        if given is None or form["redirect_uri"] != given.query["redirect_uri"]:
            return _json({"error": "invalid_grant"}, 400)
        challenge = given.query.get("code_challenge")
        verifier = form.get("code_verifier", "")
        if challenge and base64url(sha256(verifier.encode()).digest()) != challenge:
            return _json({"error": "invalid_grant"}, 400)
        access_token = f"at-{form['code']}"
        self.tokens[access_token] = given.person
        tokens = {"access_token": access_token, "token_type": "Bearer", "expires_in": 300}
        if preset is None or preset.issuer is not None:
            tokens["id_token"] = self.id_token(given.query, given.person, preset)
        return _json(tokens)

    def id_token(self, query: Mapping[str, str], person: Claims, preset: Preset | None) -> str:
        now = int(self.now())
        told = {"sub": person["sub"]} if self.mischief.is_terse else person
        claims = {
            "iss": preset.issuer if preset else ISSUER,
            "aud": query["client_id"],
            "iat": now,
            "exp": now + 300,
            "nonce": query.get("nonce"),
            **told,
            **self.mischief.claims,
        }
        claims = {name: each for name, each in claims.items() if name not in self.mischief.without}
        header = {
            "alg": {"rs": "RS256", "es": "ES256"}[self.signs_with],
            "kid": self.key_ids[self.signs_with],
            **self.mischief.header,
        }
        token = jwt.encode(
            header, claims, self.keys[self.signs_with], algorithms=["RS256", "ES256"]
        )
        return self.mischief.token(token)

    def userinfo(self, headers: Mapping[str, str], preset: Preset | None) -> Answer:
        person = self.tokens.get(headers.get("Authorization", "").removeprefix("Bearer "))
        if person is None:
            return _json({"error": "invalid_token"}, 401)
        claims = {**person, **self.mischief.userinfo}
        member = None if preset is None else preset.userinfo_member
        return _json(claims if member is None else {member: claims})


def _places(preset: Preset) -> set[str]:
    places = (preset.token_endpoint, preset.jwks_uri, preset.userinfo_endpoint)
    return {each.partition("?")[0] for each in places if each is not None}


def _is_client(form: Mapping[str, str], headers: Mapping[str, str], preset: Preset | None) -> bool:
    """Apple is shown another secret each time; a test looks at it by itself."""
    if preset is PRESETS["AppleManaged"]:
        return True
    kind, _, pair = headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        client_id, _, secret = (
            unquote_plus(each) for each in b64decode(pair).decode().partition(":")
        )
        return (client_id, secret) == (CLIENT_ID, CLIENT_SECRET)
    return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)


def _json(document: Claims, status: int = 200) -> Answer:
    return Answer(status=status, headers={}, body=json.dumps(document).encode())


def path_of(url: str) -> str:
    """Return the path of an address."""
    return urlsplit(url).path
