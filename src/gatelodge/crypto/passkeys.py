"""The ceremonies of passkeys: what a browser is asked, and whether its answer is genuine.

The library is loaded when somebody uses a passkey: most processes never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from gatelodge.crypto.digest import base64url, from_base64url
from gatelodge.model.strict_json import read_strictly

_ALGORITHMS = (-7, -257, -8)
"""ES256, RS256 and EdDSA (COSE), in the order of preference."""

_LONGEST_ANSWER = 16_384
_TIME_MS = 300_000


class NotGenuine(Exception):
    """The answer does not prove what was asked; the message is for the log."""


class Copied(NotGenuine):
    """The authenticator counted further before: there are two of what there is one of."""


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom passkeys are for: the origin of the pages, and its host."""

    origin: str

    @property
    def id(self) -> str:
        """Return the host, to which passkeys are bound."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A new credential, as its authenticator described it."""

    id: str
    public_key: str
    sign_count: int
    is_synced: bool
    aaguid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """A credential that answered: how far it counts now, and whether it knew its owner."""

    sign_count: int
    is_user_verified: bool


def question(
    party: RelyingParty, challenge: str, *, known: Sequence[str] | None = None
) -> dict[str, Any]:
    """Return what a browser is asked for; any passkey for this host may answer.

    With `known` only one of these may: whoever is asked showed something else before, so that the
    device need not know its owner.
    """
    is_first = known is None
    return {
        "challenge": base64url(challenge.encode()),
        "rpId": party.id,
        "timeout": _TIME_MS,
        "userVerification": "required" if is_first else "preferred",
        "allowCredentials": [{"type": "public-key", "id": each} for each in known or ()],
    }


def invitation(
    party: RelyingParty,
    challenge: str,
    *,
    party_name: str,
    account_id: str,
    name: str,
    display_name: str,
    known: Sequence[str],
) -> dict[str, Any]:
    """Return what a browser is asked to make a passkey; `known` are the account's credentials."""
    return {
        "rp": {"id": party.id, "name": party_name},
        "user": {
            "id": base64url(account_id.encode()),
            "name": name,
            "displayName": display_name,
        },
        "challenge": base64url(challenge.encode()),
        "pubKeyCredParams": [{"type": "public-key", "alg": each} for each in _ALGORITHMS],
        "timeout": _TIME_MS,
        "excludeCredentials": [{"type": "public-key", "id": each} for each in known],
        "authenticatorSelection": {
            "residentKey": "required",
            "requireResidentKey": True,
            "userVerification": "required",
        },
        "attestation": "none",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What an answer says of itself, before anything is proved.

    `user_handle` is None where the browser was told which credentials to use (WebAuthn §7.2).
    """

    credential_id: str
    user_handle: str | None


def read_claimed(answer: str) -> Claimed:
    """Return whose answer it claims to be. Raises `NotGenuine` for what is no answer."""
    from webauthn.helpers import parse_authentication_credential_json

    parsed = _guarded(parse_authentication_credential_json, _sized(answer))
    handle = parsed.response.user_handle
    named = handle.decode("utf-8", "replace") if handle else None
    return Claimed(credential_id=base64url(parsed.raw_id), user_handle=named)


def read_challenge(answer: str) -> str:
    """Return the challenge an answer claims to be to. Raises `NotGenuine` for what is none."""
    said = _guarded(_client_data, _sized(answer))
    challenge: str = _guarded(lambda: from_base64url(said["challenge"]).decode())
    return challenge


def _check_site(answer: str) -> None:
    """Refuse what was asked for inside a page of another site (WebAuthn §7.2)."""
    if _guarded(_client_data, _sized(answer)).get("crossOrigin") not in (None, False):
        raise NotGenuine("it was asked for by another site")


def _client_data(answer: str) -> dict[str, Any]:
    encoded = read_strictly(answer)["response"]["clientDataJSON"]
    return dict(read_strictly(from_base64url(encoded).decode()))


def check_assertion(
    party: RelyingParty,
    challenge: str,
    answer: str,
    *,
    public_key: str,
    sign_count: int,
    is_synced: bool,
    needs_owner: bool,
) -> Asserted:
    """Judge the answer to a question (WebAuthn §7.2). Raises `NotGenuine`.

    `public_key`, `sign_count` and `is_synced` are what is known of the credential; with
    `needs_owner` the device must have made sure who holds it.
    """
    from webauthn import verify_authentication_response

    _check_site(answer)
    verified = _guarded(
        verify_authentication_response,
        credential=_sized(answer),
        expected_challenge=challenge.encode(),
        expected_rp_id=party.id,
        expected_origin=party.origin,
        credential_public_key=from_base64url(public_key),
        # Compared below: a count that goes back is to be told from a signature that is wrong.
        credential_current_sign_count=0,
        require_user_verification=needs_owner,
    )
    if _is_synced(verified) is not is_synced:
        raise NotGenuine("a credential does not become one that is synced, or cease to be one")
    count = verified.new_sign_count
    if max(count, sign_count) > 0 and count <= sign_count:
        raise Copied(f"it counts {count} after {sign_count}")
    return Asserted(sign_count=count, is_user_verified=verified.user_verified)


def check_registration(party: RelyingParty, challenge: str, answer: str) -> Registered:
    """Judge the answer to an invitation (WebAuthn §7.1). Raises `NotGenuine`."""
    from webauthn import verify_registration_response
    from webauthn.helpers.cose import COSEAlgorithmIdentifier

    _check_site(answer)
    verified = _guarded(
        verify_registration_response,
        credential=_sized(answer),
        expected_challenge=challenge.encode(),
        expected_rp_id=party.id,
        expected_origin=party.origin,
        require_user_verification=True,
        supported_pub_key_algs=[COSEAlgorithmIdentifier(each) for each in _ALGORITHMS],
    )
    return Registered(
        id=base64url(verified.credential_id),
        public_key=base64url(verified.credential_public_key),
        sign_count=verified.sign_count,
        is_synced=_is_synced(verified),
        aaguid=verified.aaguid,
    )


def _is_synced(verified: Any) -> bool:  # noqa: ANN401 - one of two types of the library
    return bool(verified.credential_device_type == "multi_device")


def _sized(answer: str) -> str:
    if not 0 < len(answer) <= _LONGEST_ANSWER:
        raise NotGenuine("no answer, or too long a one")
    return answer


def _guarded(judge: Any, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's own
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return judge(*arguments, **named)
    except WebAuthnException as error:
        raise NotGenuine(f"{type(error).__name__}: {error}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotGenuine(type(error).__name__) from error
