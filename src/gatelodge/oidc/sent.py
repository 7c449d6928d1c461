"""What the application was sent at the end of a journey, kept for the same form arriving again."""

from dataclasses import dataclass

import msgspec

from gatelodge.crypto.seal import Unsealable, seal_for_bearer, unseal_for_bearer
from gatelodge.model.identifier import InteractionId
from gatelodge.model.interaction import Interaction
from gatelodge.randomness import Randomness


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The parameters of an answer, and the handle of the session whose cookie goes with it.

    `session_s` is how long that cookie outlives the browser, None when it does not. `device` is
    the handle by which the browser will be recognised. `frames` tell applications of a session that
    this one replaced.
    """

    parameters: tuple[tuple[str, str], ...]
    session: str | None = None
    session_s: int | None = None
    device: str | None = None
    frames: tuple[str, ...] = ()


def seal_sent(
    sent: Sent, interaction_id: InteractionId, handle: str, randomness: Randomness
) -> str:
    """Seal an answer so that only who holds the interaction's handle can open it."""
    return seal_for_bearer(handle, msgspec.json.encode(sent), _place(interaction_id), randomness)


def open_sent(interaction: Interaction, handle: str) -> Sent | None:
    """Return the answer an interaction ended in; None when it is not over."""
    if interaction.answer is None:
        return None
    try:
        opened = unseal_for_bearer(handle, interaction.answer, _place(interaction.id))
    except Unsealable:
        return None
    return msgspec.json.decode(opened, type=Sent)


def _place(interaction_id: InteractionId) -> str:
    return f"interaction|{interaction_id}"
