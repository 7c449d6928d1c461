"""Judge the ID token of a provider (OIDC Core §3.1.3.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeGuard

from gatelodge.crypto.digest import base64url, is_same
from gatelodge.crypto.foreign_signature import ALGORITHMS, read_header, verified_claims
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.federation.key_sets import KeySets
from gatelodge.federation.trouble import NotIdentified, Trouble

SKEW_S = 120
"""How far a provider's clock may be from ours."""

_OLDEST_S = 3600
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token has to say. `access_token` is the one it came with, if any."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    access_token: str | None = None


async def judged_id_token(
    token: object, jwks_uri: str, key_sets: KeySets, expected: Expected
) -> Mapping[str, Any]:
    """Return the claims of an ID token that is what was expected. Raises `NotIdentified`."""
    if not isinstance(token, str):
        raise NotIdentified(Trouble.INCOMPLETE_ANSWER, "there is no ID token")
    try:
        header = read_header(token)
        _judge_header(header)
        claims = verified_claims(token, await key_sets.key(jwks_uri, header))
    except Unverifiable as error:
        raise NotIdentified(Trouble.INVALID_ANSWER, str(error)) from error
    for judge in _JUDGES:
        if (wrong := judge(claims, expected)) is not None:
            raise NotIdentified(Trouble.INVALID_ANSWER, wrong)
    return claims


def _judge_header(header: Mapping[str, Any]) -> None:
    kind = header.get("typ", "JWT")
    if header.get("alg") not in ALGORITHMS or not isinstance(header.get("kid", ""), str):
        raise Unverifiable("an algorithm or a key we do not take")
    if not isinstance(kind, str) or kind.upper() != "JWT" or "crit" in header:
        raise Unverifiable("not an ID token")


def _issuer(claims: Mapping[str, Any], expected: Expected) -> str | None:
    return None if claims.get("iss") == expected.issuer else "the issuer is another"


def _audience(claims: Mapping[str, Any], expected: Expected) -> str | None:
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in audiences:
        return "the audience is another"
    party = claims.get("azp")
    if len(audiences) > 1 and party is None:
        return "there are several audiences and nobody it was issued to"
    # It may be anything that JSON has, so nothing is looked up by it.
    return None if party is None or party == expected.client_id else "it was issued to another"


def _times(claims: Mapping[str, Any], expected: Expected) -> str | None:
    now = expected.now.timestamp()
    issued, ends = claims.get("iat"), claims.get("exp")
    if not _is_number(issued) or not _is_number(ends):
        return "it does not say when it was issued or when it ends"
    if now >= ends + SKEW_S:
        return "it has expired"
    begins = claims.get("nbf", issued)
    if not _is_number(begins) or max(issued, begins) > now + SKEW_S:
        return "it is of the future"
    return None if issued >= now - _OLDEST_S else "it is old"


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _nonce(claims: Mapping[str, Any], expected: Expected) -> str | None:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not is_same(nonce, expected.nonce):
        return "it belongs to another sign-in"
    return None


def _access_token(claims: Mapping[str, Any], expected: Expected) -> str | None:
    said = claims.get("at_hash")
    if said is None or expected.access_token is None:
        return None
    # Every algorithm we take means SHA-256.
    left_half = base64url(sha256(expected.access_token.encode()).digest()[:16])
    if not isinstance(said, str) or not is_same(said, left_half):
        return "it belongs to another access token"
    return None


def _subject(claims: Mapping[str, Any], _expected: Expected) -> str | None:
    return None if is_subject(claims.get("sub")) else "it does not say who the person is"


def is_subject(value: object) -> bool:
    """Return whether a value can be somebody's name at a provider for ever (OIDC Core §2)."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= _LONGEST_SUBJECT
        and value.isprintable()
        and value == value.strip()
    )


_JUDGES = (_issuer, _audience, _times, _nonce, _access_token, _subject)
