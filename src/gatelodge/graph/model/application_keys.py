"""Certificates of applications: what they sign assertions with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeGuard

import msgspec

from gatelodge.crypto.client_keys import client_key_of_certificate
from gatelodge.crypto.digest import digest_of
from gatelodge.crypto.foreign_signature import public_key, verified_claims
from gatelodge.crypto.key_set import MAX_TOKEN_CHARACTERS, Unverifiable
from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import ComplexType, Primitive, Property, Returned
from gatelodge.graph.model.guard import refuse_stronger
from gatelodge.model.application import Application, ClientKey
from gatelodge.randomness import Randomness
from gatelodge.storage.stores import Stores

_MOST_KEYS = 50
_LONGEST_PROOF_S = 600
_SKEW_S = 60
_AUDIENCES = frozenset(
    {"00000002-0000-0000-c000-000000000000", "00000003-0000-0000-c000-000000000000"}
)
_BAD_PROOF = Problem("proof", "The proof is not signed by a key that counts, or not for this.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenKey:
    """A certificate as a body gives it; without `key` it means the one of that id."""

    key_id: str | None = None
    type: str = "AsymmetricX509Cert"
    usage: str = "Verify"
    key: bytes | None = None
    display_name: str | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    custom_key_identifier: bytes | None = None


def _type_problem(value: str) -> str | None:
    known = {"asymmetricx509cert", "asymmetricpublickey"}
    return None if value.lower() in known else "must be AsymmetricX509Cert."


def _usage_problem(value: str) -> str | None:
    return None if value.lower() == "verify" else "must be Verify: no private key is kept."


def _text(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    return Property(name=name, type=Primitive.STRING, max_length=256, doc=doc, **more)


KEY_CREDENTIAL = ComplexType(
    name="keyCredential",
    doc="A certificate an application proves itself with.",
    python=GivenKey,
    properties=(
        Property(name="keyId", type=Primitive.GUID, is_nullable=True, doc="Its id."),
        _text("type", "AsymmetricX509Cert.", judge=_type_problem),
        _text("usage", "Verify.", judge=_usage_problem),
        _text("displayName", "What it is called.", is_nullable=True),
        Property(
            name="key",
            type=Primitive.BINARY,
            is_nullable=True,
            returned=Returned.NEVER,
            doc="The certificate, DER or PEM; it is not returned.",
        ),
        Property(
            name="startDateTime",
            type=Primitive.DATE_TIME,
            attribute="start_at",
            is_nullable=True,
            doc="When it begins to count; not before the certificate does.",
        ),
        Property(
            name="endDateTime",
            type=Primitive.DATE_TIME,
            attribute="end_at",
            is_nullable=True,
            doc="When it ends; not after the certificate does.",
        ),
        Property(
            name="customKeyIdentifier",
            type=Primitive.BINARY,
            is_nullable=True,
            doc="The SHA-1 thumbprint.",
        ),
    ),
)
PROOF = Property(
    name="proof",
    type=Primitive.STRING,
    is_required=True,
    max_length=MAX_TOKEN_CHARACTERS,
    doc="A JWT signed by a key that counts: `iss` the object id, at most ten minutes long.",
)


def with_given_keys(
    application: Application, given: Given, randomness: Randomness
) -> Mapping[str, Any]:
    """Return what was given with its certificates read. Raises `Invalid`."""
    keys: tuple[GivenKey, ...] | None = given.get("key_credentials")
    if keys is None:
        return given
    if len(keys) > _MOST_KEYS:
        message = f"An application may have {_MOST_KEYS} certificates."
        raise Invalid(Problem("keyCredentials", message))
    known = {each.key_id: each for each in application.key_credentials}
    read = tuple(_read(each, known, randomness) for each in keys)
    if len({each.key_id for each in read}) < len(read):
        raise Invalid(Problem("keyCredentials/keyId", "A keyId is given twice."))
    return {**given, "key_credentials": read}


def _read(given: GivenKey, known: Mapping[str, ClientKey], randomness: Randomness) -> ClientKey:
    if given.key is None:
        found = known.get(given.key_id or "")
        if found is None:
            raise Invalid(Problem("keyCredentials/key", "A new certificate needs its key."))
        return replace(found, display_name=given.display_name or found.display_name)
    key = client_key_of_certificate(
        given.key, key_id=given.key_id or randomness.uuid(), display_name=given.display_name
    )
    start = max(key.start_at, given.start_at or key.start_at)
    end = min(key.end_at, given.end_at or key.end_at)
    if end <= start:
        raise Invalid(
            Problem("keyCredentials/endDateTime", "A certificate must end after it begins.")
        )
    return replace(key, start_at=start, end_at=end)


async def added_key(situation: Situation, application: Application, given: Given) -> Change:
    """Add a certificate for whoever holds the key of another."""
    await refuse_stronger(situation, application)
    if given.get("password_credential") is not None:
        raise Invalid(Problem("passwordCredential", "No private key can be sent."))
    key = _read(given["key_credential"].made(), {}, situation.randomness)
    if len(application.key_credentials) >= _MOST_KEYS:
        message = f"An application may have {_MOST_KEYS} certificates."
        raise Invalid(Problem("keyCredential", message))
    changed = replace(application, key_credentials=(*application.key_credentials, key))
    return _proved(situation, application, given["proof"], changed, key)


async def removed_key(situation: Situation, application: Application, given: Given) -> Change:
    """Remove a certificate for whoever holds the key of one."""
    await refuse_stronger(situation, application)
    kept = tuple(each for each in application.key_credentials if each.key_id != given["key_id"])
    if len(kept) == len(application.key_credentials):
        raise Invalid(Problem("keyId", "No key credential has this keyId."))
    changed = replace(application, key_credentials=kept)
    return _proved(situation, application, given["proof"], changed, None)


def _proved(
    situation: Situation,
    application: Application,
    proof: str,
    changed: Application,
    answer: ClientKey | None,
) -> Change:
    ends = _end_of(application, proof, situation.now)

    async def write(stores: Stores) -> None:
        identifier = digest_of(f"proof|{application.id}|{proof}")
        if not await stores.used_identifiers.use(identifier, ends + timedelta(seconds=_SKEW_S)):
            raise Invalid(_BAD_PROOF)
        await stores.applications.save(changed)

    return Change(answer, write, changed)


def _end_of(application: Application, proof: str, now: datetime) -> datetime:
    """Return when a good proof ends; raise `Invalid` for any other."""
    counting = (each for each in application.key_credentials if each.start_at <= now < each.end_at)
    claims = _claims(counting, proof)
    begins, ends, seconds = claims.get("nbf", 0), claims.get("exp"), now.timestamp()
    if claims.get("aud") not in _AUDIENCES or claims.get("iss") != application.id:
        raise Invalid(_BAD_PROOF)
    if not _is_moment(begins) or begins > seconds + _SKEW_S:
        raise Invalid(_BAD_PROOF)
    if not _is_moment(ends) or not seconds < ends <= seconds + _LONGEST_PROOF_S + _SKEW_S:
        raise Invalid(_BAD_PROOF)
    return datetime.fromtimestamp(ends, UTC)


def _claims(keys: Iterable[ClientKey], proof: str) -> dict[str, Any]:
    for each in keys:
        try:
            return verified_claims(proof, public_key(msgspec.json.decode(each.public_jwk)))
        except Unverifiable:
            continue
    raise Invalid(_BAD_PROOF)


def _is_moment(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and value is not True and 0 <= value < 2**33
