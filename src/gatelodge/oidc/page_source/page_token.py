"""The token of a page (`csrf`): nobody but who has the page can send what belongs to it."""

from gatelodge.crypto.digest import base64url, from_base64url, is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import InteractionId
from gatelodge.oidc.page_source.turn import Turn
from gatelodge.pages.page import PageId

_LONGEST = 512


def page_token(sealer: Sealer, interaction_id: InteractionId, turn: Turn) -> str:
    """Return the token of one page of one interaction; it counts for that page alone."""
    mac = sealer.mac("page-protocol", interaction_id, turn.page_id, turn.step)
    return base64url(f"{turn.page_id};{turn.step};{mac}".encode())


def turn_of_token(sealer: Sealer, interaction_id: InteractionId, token: str) -> Turn | None:
    """Return whose turn a token is for; None when it is no token of this interaction."""
    if len(token) > _LONGEST:
        return None
    try:
        page_id, step, _ = from_base64url(token).decode().split(";")
        turn = Turn(PageId(page_id), step)
    except ValueError:
        return None
    return turn if is_same(token, page_token(sealer, interaction_id, turn)) else None
