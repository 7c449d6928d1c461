"""The parameter `state` at identity providers: what finds an interaction again, for us alone."""

from gatelodge.crypto.digest import base64url, from_base64url
from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.federation.departure import with_query
from gatelodge.journeys.outcome import Leave
from gatelodge.model.identifier import DirectoryId

_LONGEST = 400


def address_with_state(
    leave: Leave, handle: str, *, directory_id: DirectoryId, sealer: Sealer
) -> str:
    """Return where a person leaves for; the handle travels sealed, so that nobody there reads it.

    What comes back opens in this directory only, and counts in this browser only.
    """
    if leave.is_saml:
        return with_query(leave.address, {"RelayState": _relay_state(handle, directory_id, sealer)})
    plain = f"{leave.state.reveal()} {handle}".encode()
    return with_query(leave.address, {"state": sealer.seal(plain, _place(directory_id))})


def open_state(
    text: str | None, *, directory_id: DirectoryId, sealer: Sealer
) -> tuple[str, str] | None:
    """Return the state and the handle of an answer; None when we did not send it there."""
    if text is None or len(text) > _LONGEST:
        return None
    try:
        plain = sealer.unseal(text, _place(directory_id)).decode()
    except (Unsealable, UnicodeDecodeError):
        return None
    state, _, handle = plain.partition(" ")
    return state, handle


def open_relay_state(text: str | None, *, directory_id: DirectoryId, sealer: Sealer) -> str | None:
    """Return the handle a SAML provider sent back; None when we did not send it there."""
    if text is None or len(text) > _LONGEST:
        return None
    try:
        return base64url(sealer.unseal(text, _relay_place(directory_id)))
    except Unsealable:
        return None


def _relay_state(handle: str, directory_id: DirectoryId, sealer: Sealer) -> str:
    """Return the handle sealed: 80 characters, which is the most SAML allows (Bindings §3.4.3)."""
    return sealer.seal(from_base64url(handle), _relay_place(directory_id))


def _relay_place(directory_id: DirectoryId) -> str:
    return f"relay/{directory_id}"


def _place(directory_id: DirectoryId) -> str:
    return f"departure/{directory_id}"
