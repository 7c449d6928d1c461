"""The interaction a browser brings: found by its handle, and only where it began."""

from dataclasses import replace
from datetime import datetime

from starlette.requests import Request

from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.journeys.step import StepName
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Interaction
from gatelodge.oidc.cookies import browser_of
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.remembered_device import device_at
from gatelodge.oidc.steps import user_flow_of
from gatelodge.storage.database import Database


async def own_interaction(
    request: Request, provider: Provider, database: Database, handle: str, now: datetime
) -> Interaction:
    """Return the interaction, if it is alive and this browser's; say no more if it is not."""
    found = await live_interaction(provider, database, digest_of(handle), now)
    if not is_own(request, found):
        raise Displayed(Code.STATE_LOST)
    device = device_at(request, provider.directory.id, found.facts.device)
    if device == found.facts.device:
        return found
    return replace(found, facts=replace(found.facts, device=device))


async def live_interaction(
    provider: Provider, database: Database, interaction_id: str, now: datetime
) -> Interaction:
    """Return the interaction of this user flow, if it is alive, whosever it is."""
    found = await database.read(provider.directory.id).interactions.get(interaction_id)
    is_here = found is not None and key_of(found.user_flow_id) == key_of(user_flow_of(provider).id)
    if found is None or not is_here or found.expires_at <= now:
        raise Displayed(Code.STATE_LOST)
    return found


def is_own(request: Request, interaction: Interaction) -> bool:
    """Return whether an interaction began in the browser that asks."""
    browser = browser_of(request)
    return browser is not None and is_same(interaction.browser, digest_of(browser))


def rewound(interaction: Interaction, step: str) -> Interaction:
    """Go back to the first choice, if what belongs to it arrives and nobody is identified yet.

    That is the back button: the person sees the first page again and chooses anew.
    """
    chosen = interaction.completed
    if step != StepName.CHOOSE or interaction.facts.account_id is not None or step not in chosen:
        return interaction
    begun = interaction.restarted()
    return replace(
        begun,
        completed=chosen[: chosen.index(step)],
        facts=replace(begun.facts, sends=interaction.facts.sends),
    )
