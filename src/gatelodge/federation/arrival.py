"""The way back: from what a provider answered to who the person is (RFC 6749 §4.1.2)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from gatelodge.clock import Clock
from gatelodge.federation.client_secret import credentials
from gatelodge.federation.connection import Connection
from gatelodge.federation.departure import Marks
from gatelodge.federation.fetch import Fetch
from gatelodge.federation.id_token import Expected, judged_id_token
from gatelodge.federation.key_sets import KeySets
from gatelodge.federation.mapping import attributes_of, is_wanting, subject_of
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.model.identity_provider import ProviderKind
from gatelodge.model.secret import Secret

_DENIED = frozenset(
    {"access_denied", "user_cancelled_authorize", "user_cancelled_login", "consent_required"}
)
"""How providers say that the person did not want to; some have words of their own."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,16384}", re.ASCII)
_SHOWN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """Who a provider says a person is."""

    issuer: str
    subject: str
    attributes: Mapping[str, str]
    access_token: Secret[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """Takes the answers of providers."""

    fetch: Fetch
    key_sets: KeySets
    clock: Clock

    async def identify(
        self, connection: Connection, answer: Mapping[str, str], marks: Marks, redirect_uri: str
    ) -> Identified:
        """Return who the person is. `answer` is what came to our callback, as it came.

        Raises `NotIdentified` for everything else than a full and correct answer.
        """
        _judge_sender(connection, answer)
        if (error := answer.get("error")) is not None:
            trouble = Trouble.DENIED if error in _DENIED else Trouble.INVALID_ANSWER
            raise NotIdentified(trouble, _shown(error))
        if connection.response_type == "id_token":
            claims = await self._id_token(connection, answer.get("id_token"), marks, None)
            return _identified(connection, claims, None)
        tokens = await self._redeemed(connection, answer, marks, redirect_uri)
        access_token = _access_token(tokens)
        if connection.issuer is None:
            claims = await self._userinfo(connection, access_token)
        else:
            claims = await self._id_token(connection, tokens.get("id_token"), marks, access_token)
            claims = await self._completed(connection, claims, access_token)
        return _identified(connection, {**_first_names(connection, answer), **claims}, access_token)

    async def _redeemed(
        self, connection: Connection, answer: Mapping[str, str], marks: Marks, redirect_uri: str
    ) -> Mapping[str, Any]:
        code = answer.get("code")
        if not code or connection.token_endpoint is None:
            raise NotIdentified(Trouble.INCOMPLETE_ANSWER, "there is no code")
        form, headers = credentials(connection, self.clock())
        form |= {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
        if connection.has_proof_key:
            form["code_verifier"] = marks.code_verifier
        status, tokens = await self.fetch.post(connection.token_endpoint, form, headers)
        # Some answer 200 whatever happened.
        error = tokens.get("error")
        if status == 200 and error is None:
            return tokens
        # Facebook says an object here, which is in no set.
        is_us = error in ("invalid_client", "unauthorized_client") or status == 401
        trouble = Trouble.REFUSED_US if is_us else Trouble.INVALID_ANSWER
        raise NotIdentified(trouble, _shown(error) or f"status {status}")

    async def _id_token(
        self, connection: Connection, token: object, marks: Marks, access_token: str | None
    ) -> Mapping[str, Any]:
        if connection.issuer is None or connection.jwks_uri is None:
            raise NotIdentified(Trouble.MISCONFIGURED, "the provider has no ID tokens")
        expected = Expected(
            issuer=connection.issuer,
            client_id=connection.client_id,
            nonce=marks.nonce,
            now=self.clock(),
            access_token=access_token,
        )
        return await judged_id_token(token, connection.jwks_uri, self.key_sets, expected)

    async def _completed(
        self, connection: Connection, claims: Mapping[str, Any], access_token: str | None
    ) -> Mapping[str, Any]:
        """Ask for what the ID token left out (OIDC Core §5.3): the token has the last word."""
        if connection.userinfo_endpoint is None or access_token is None:
            return claims
        if not is_wanting(claims, connection.mapping):
            return claims
        further = await self._userinfo(connection, access_token)
        if further.get("sub") != claims["sub"]:
            raise NotIdentified(Trouble.INVALID_ANSWER, "userinfo is about somebody else")
        return {**further, **claims}

    async def _userinfo(
        self, connection: Connection, access_token: str | None
    ) -> Mapping[str, Any]:
        if connection.userinfo_endpoint is None or access_token is None:
            raise NotIdentified(Trouble.INCOMPLETE_ANSWER, "there is no access token")
        found = await self.fetch.read(connection.userinfo_endpoint, bearer=access_token)
        if connection.userinfo_member is None:
            return found
        member = found.get(connection.userinfo_member)
        return member if isinstance(member, dict) else {}


def _identified(
    connection: Connection, claims: Mapping[str, Any], access_token: str | None
) -> Identified:
    return Identified(
        issuer=connection.identity_issuer,
        subject=subject_of(claims, connection.mapping),
        attributes=attributes_of(claims, connection.mapping),
        access_token=None if access_token is None else Secret(access_token),
    )


def _judge_sender(connection: Connection, answer: Mapping[str, str]) -> None:
    """Refuse the answer of another provider than the one that was asked (RFC 9207 §2.4)."""
    if connection.issuer is None:
        return
    said = answer.get("iss")
    is_silent = said is None and not connection.names_issuer
    if said != connection.issuer and not is_silent:
        raise NotIdentified(Trouble.INVALID_ANSWER, "another provider answered")


def _access_token(tokens: Mapping[str, Any]) -> str | None:
    token, kind = tokens.get("access_token"), tokens.get("token_type", "Bearer")
    if token is None:
        return None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise NotIdentified(Trouble.INVALID_ANSWER, "the access token is malformed")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise NotIdentified(Trouble.INVALID_ANSWER, "the access token is of a kind we do not use")
    return token


def _first_names(connection: Connection, answer: Mapping[str, str]) -> Mapping[str, str]:
    """Return the name Apple tells beside its first answer, and never again.

    It travels through the browser unsigned, which is good enough to fill in a form with.
    """
    if connection.provider.kind is not ProviderKind.APPLE or "user" not in answer:
        return {}
    try:
        told = msgspec.json.decode(answer["user"])
        first, last = told["name"]["firstName"], told["name"]["lastName"]
    except (msgspec.DecodeError, KeyError, TypeError, RecursionError):
        return {}
    if not isinstance(first, str) or not isinstance(last, str):
        return {}
    return {"given_name": first, "family_name": last, "name": f"{first} {last}".strip()}


def _shown(error: object) -> str:
    """Return an error word of a provider, fit for the audit log."""
    if not isinstance(error, str):
        return ""
    return "".join(each for each in error[:_SHOWN] if each.isascii() and each.isprintable())
