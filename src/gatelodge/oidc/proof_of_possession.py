"""DPoP: whoever uses a token shows the key it was issued to (RFC 9449)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from starlette.requests import Request

from gatelodge.crypto.digest import base64url, digest_of, is_same
from gatelodge.crypto.foreign_signature import (
    public_key,
    read_header,
    thumbprint_of,
    verified_claims,
)
from gatelodge.crypto.key_set import Unverifiable
from gatelodge.oidc.proof_nonces import ProofNonces
from gatelodge.oidc.provider import Provider
from gatelodge.storage.database import Database

LONGEST_AGE_S = 60
SKEW_S = 30
_LONGEST_ID = 256
_HEADERS = frozenset({"typ", "alg", "jwk"})


class ProofRefused(Exception):
    """The proof is missing or wrong; the text may be told."""


class NonceDemanded(ProofRefused):
    """The proof has to be made again, with this nonce in it (RFC 9449 §8)."""

    def __init__(self, nonce: str) -> None:
        super().__init__("The DPoP proof has to have our nonce")
        self.nonce = nonce


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A proof whose signature is right, and what it has to be a proof for."""

    claims: Mapping[str, Any]
    method: str
    url: str
    access_token: str | None
    now: datetime


ProofCheck: TypeAlias = Callable[[Shown], bool]


def is_for_this_method(shown: Shown) -> bool:
    """Demand the method of this request (RFC 9449 §4.3 point 8)."""
    return shown.claims.get("htm") == shown.method


def is_for_this_address(shown: Shown) -> bool:
    """Demand the address of this request, without query and fragment (RFC 9449 §4.3 point 9)."""
    told = shown.claims.get("htu")
    return isinstance(told, str) and _address(told) == _address(shown.url)


def is_fresh(shown: Shown) -> bool:
    """Demand that it was made just now (RFC 9449 §4.3 point 11, §11.1)."""
    made, now = shown.claims.get("iat"), int(shown.now.timestamp())
    return type(made) is int and now - LONGEST_AGE_S <= made <= now + SKEW_S


def is_named(shown: Shown) -> bool:
    """Demand an identifier, so that it can be used once (RFC 9449 §4.3 point 3)."""
    identifier = shown.claims.get("jti")
    return isinstance(identifier, str) and 0 < len(identifier) <= _LONGEST_ID


def is_for_this_token(shown: Shown) -> bool:
    """Demand the hash of the access token it comes with (RFC 9449 §4.3 point 12)."""
    if shown.access_token is None:
        return True
    told = shown.claims.get("ath")
    hashed = base64url(sha256(shown.access_token.encode()).digest())
    return isinstance(told, str) and is_same(told, hashed)


PROOF_CHECKS: tuple[ProofCheck, ...] = (
    is_for_this_method,
    is_for_this_address,
    is_fresh,
    is_named,
    is_for_this_token,
)
"""What a proof has to say; that nobody used it before is asked last, of the database."""


async def shown_key(
    request: Request,
    provider: Provider,
    database: Database,
    nonces: ProofNonces,
    now: datetime,
    *,
    access_token: str | None = None,
) -> str | None:
    """Use the proof of a request up; return the thumbprint of its key, None without a proof.

    Raises `ProofRefused`, and `NonceDemanded` for a good proof without a good nonce.
    """
    proofs = request.headers.getlist("dpop")
    if not proofs:
        return None
    if len(proofs) > 1:
        raise ProofRefused("There is more than one DPoP header")
    claims, thumbprint = _signed(proofs[0])
    shown = Shown(
        claims=claims,
        method=request.method,
        url=f"{provider.origin}{request.scope['path']}",
        access_token=access_token,
        now=now,
    )
    if not all(check(shown) for check in PROOF_CHECKS):
        raise ProofRefused("The DPoP proof is not for this request")
    if (nonce := nonces.demanded(provider, claims.get("nonce"), now)) is not None:
        raise NonceDemanded(nonce)
    identifier = digest_of(f"dpop|{thumbprint}|{claims['jti']}")
    end = datetime.fromtimestamp(claims["iat"], UTC) + timedelta(seconds=LONGEST_AGE_S + SKEW_S)
    if not await database.write(
        provider.directory.id, lambda stores: stores.used_identifiers.use(identifier, end)
    ):
        raise ProofRefused("The DPoP proof was used before")
    return thumbprint


def _signed(proof: str) -> tuple[dict[str, Any], str]:
    """Return the claims of a proof and the thumbprint of the key in its header."""
    try:
        header = read_header(proof)
        if set(header) != _HEADERS or header["typ"] != "dpop+jwt":
            raise Unverifiable("the header is not that of a proof")
        key = public_key(header["jwk"])
        return verified_claims(proof, key), thumbprint_of(key)
    except Unverifiable as error:
        raise ProofRefused("The DPoP proof cannot be verified") from error


def _address(url: str) -> tuple[str, str, str] | None:
    """Return what of an address counts; None when it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    is_default = (parts.scheme, port) in {("https", 443), ("http", 80)}
    host = parts.hostname or ""
    return parts.scheme, host if is_default or port is None else f"{host}:{port}", parts.path
