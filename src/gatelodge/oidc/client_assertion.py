"""Clients that prove themselves by a signature: `private_key_jwt` and certificates.

RFC 7523 §3, OIDC Core §9. Every refusal reads the same to the client, and says why only in the log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias, TypeGuard

import msgspec

from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.foreign_signature import public_key, read_header, verified_claims
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.application import Application, ClientKey
from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.errors import WORDINGS, Code, TokenRefused
from gatelodge.oidc.provider import AddressStyle, Endpoint, Provider
from gatelodge.storage.database import Database

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LONGEST_LIFE_S = 600
"""Microsoft's libraries sign assertions for ten minutes."""
SKEW_S = 60
_LONGEST_ID = 256
_HEADERS = frozenset({"alg", "typ", "kid", "x5t", "x5t#S256", "x5c"})
_TYPES = (None, "JWT", "client-authentication+jwt")
_NAMES_OF_KEY = ("kid", "x5t", "x5t#S256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """An assertion whose signature is right, and whom it is for."""

    claims: Mapping[str, Any]
    application: Application
    audiences: frozenset[str]
    now: datetime


AssertionCheck: TypeAlias = Callable[[Asserted], bool]


def is_issued_by_client(asserted: Asserted) -> bool:
    """Demand that issuer and subject are the client (RFC 7523 §3 points 1, 2.B)."""
    names = [asserted.claims.get("iss"), asserted.claims.get("sub")]
    return all(each == asserted.application.app_id for each in names)


def is_for_us(asserted: Asserted) -> bool:
    """Demand one audience: our issuer or the endpoint's address (RFC 7523 §3 point 3).

    A list could name somebody else as well, who would then present it here.
    """
    audience = asserted.claims.get("aud")
    return isinstance(audience, str) and audience in asserted.audiences


def is_in_time(asserted: Asserted) -> bool:
    """Demand an end, not long from now, and a beginning that is past (RFC 7523 §3 points 4–6)."""
    now, end = asserted.now.timestamp(), asserted.claims.get("exp")
    begins = [asserted.claims.get(name, 0) for name in ("nbf", "iat")]
    if not _is_number(end) or not all(_is_number(each) for each in begins):
        return False
    is_short = now < end <= now + LONGEST_LIFE_S + SKEW_S
    return is_short and all(each <= now + SKEW_S for each in begins)


def is_named(asserted: Asserted) -> bool:
    """Demand an identifier, so that it can be used once (OIDC Core §9)."""
    identifier = asserted.claims.get("jti")
    return isinstance(identifier, str) and 0 < len(identifier) <= _LONGEST_ID


ASSERTION_CHECKS: tuple[AssertionCheck, ...] = (
    is_issued_by_client,
    is_for_us,
    is_in_time,
    is_named,
)
"""What an assertion has to say; that nobody used it before is asked last, of the database."""


async def accept_assertion(
    database: Database,
    keys: ClientKeys,
    provider: Provider,
    application: Application,
    assertion: str,
    now: datetime,
) -> None:
    """Use an assertion of the application up. Raises `TokenRefused`: `invalid_client`."""
    asserted = Asserted(
        claims=await _signed_claims(keys, application, assertion),
        application=application,
        audiences=audiences_of(provider),
        now=now,
    )
    for check in ASSERTION_CHECKS:
        if not check(asserted):
            raise _refused(check.__name__)
    identifier = digest_of(f"assertion|{application.app_id}|{asserted.claims['jti']}")
    end = datetime.fromtimestamp(asserted.claims["exp"], UTC) + timedelta(seconds=SKEW_S)
    is_first = await database.write(
        provider.directory.id, lambda stores: stores.used_identifiers.use(identifier, end)
    )
    if not is_first:
        raise _refused("it was used before")


def audiences_of(provider: Provider) -> frozenset[str]:
    """Return every name by which a client may mean this provider."""
    endpoints = {
        provider.endpoint(kind, style, tenant)
        for kind in (Endpoint.TOKEN, Endpoint.PUSH, Endpoint.REVOKE, Endpoint.INTROSPECT)
        for style in AddressStyle
        for tenant in (provider.directory.id, provider.directory.domain)
    }
    return frozenset({provider.issuer, *endpoints})


async def _signed_claims(
    keys: ClientKeys, application: Application, assertion: str
) -> dict[str, Any]:
    """Return the claims of an assertion that a key of the application signed."""
    try:
        header = read_header(assertion)
        if set(header) - _HEADERS or header.get("typ") not in _TYPES:
            raise Unverifiable("the header has parameters we do not use")
        key = await keys.meant(application, lambda each: _is_meant(each, header))
        if key is not None:
            return verified_claims(assertion, public_key(msgspec.json.decode(key.public_jwk)))
    except Unverifiable as error:
        raise _refused(str(error)) from error
    raise _refused("no key of the client is meant")


def _is_meant(key: ClientKey, header: Mapping[str, Any]) -> bool:
    """Return whether the header means this key: by one of its names, or by none at all."""
    jwk = msgspec.json.decode(key.public_jwk)
    own = {
        "kid": {key.key_id, jwk.get("kid"), key.thumbprint, key.thumbprint_s256},
        "x5t": {key.thumbprint},
        "x5t#S256": {key.thumbprint_s256},
    }
    told = [name for name in _NAMES_OF_KEY if name in header]
    # Microsoft's libraries pad the thumbprint, which RFC 7515 §2 does not.
    return all(
        isinstance(header[name], str) and header[name].rstrip("=") in own[name] for name in told
    )


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and abs(value) < 2**40


def _refused(detail: str) -> TokenRefused:
    code = Code.CLIENT_ASSERTION_INVALID
    wording = WORDINGS[code]
    return TokenRefused(wording.error, code, wording.sentence, 401, detail=detail)
