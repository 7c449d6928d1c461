"""Remember the browser somebody signed in with."""

from datetime import datetime, timedelta

from starlette.requests import Request

from gatelodge.crypto.digest import digest_of
from gatelodge.journeys.changes import NoteDevice
from gatelodge.model.device import DEVICE_LIFETIME_S, Device, KnownDevice
from gatelodge.model.identifier import AccountId, DirectoryId
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.cookies import device_of
from gatelodge.randomness import Randomness


def device_at(request: Request, directory_id: DirectoryId, before: Device) -> Device:
    """Return where a request came from; a browser keeps its handle when it sends none this time.

    What was said of `before` stays said: it is decided once in an interaction.
    """
    handle = device_of(request, directory_id)
    return Device(
        id=before.id if handle is None else digest_of(handle),
        address=request.client.host if request.client else "",
        is_known=before.is_known,
        is_known_network=before.is_known_network,
    )


def handle_to_remember(
    request: Request, interaction: Interaction, randomness: Randomness
) -> str | None:
    """Return the handle of a browser in which somebody just signed in, a new one if it has none.

    None where nobody did: a session was resumed, or the sign-in was for a device elsewhere.
    """
    is_elsewhere = interaction.request.device_request_id is not None
    if is_elsewhere or interaction.facts.session_id is not None:
        return None
    return device_of(request, interaction.directory_id) or randomness.opaque()


def remember(
    handle: str, interaction: Interaction, account_id: AccountId, now: datetime
) -> NoteDevice:
    """Return the change that writes the browser down among the account's devices."""
    return NoteDevice(
        KnownDevice(
            directory_id=interaction.directory_id,
            account_id=account_id,
            device_id=digest_of(handle),
            network=interaction.facts.device.network,
            first_seen_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(seconds=DEVICE_LIFETIME_S),
            factor_at=now if interaction.facts.factor.proved_at else None,
        )
    )
