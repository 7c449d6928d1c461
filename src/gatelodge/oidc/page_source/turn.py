"""Whose turn it is in an interaction, as scripts see it: one page of theirs."""

from typing import NamedTuple

from gatelodge.journeys.engine import next_step
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.page_source.api_name import api_name
from gatelodge.pages.page import Page, PageId

_ONE_PAGE = frozenset({PageId.LOCAL_SIGN_UP})
"""Pages that several steps share: an address is proved where the rest is asked for."""


class Turn(NamedTuple):
    """A page and the step it is shown for; no step where several share the page."""

    page_id: PageId
    step: str

    @property
    def api(self) -> str:
        """Return what scripts call the page."""
        return api_name(self.page_id)


def turn_of(page: Page, flow: UserFlow, interaction: Interaction) -> Turn:
    """Return whose turn it is while `page` is shown."""
    step = next_step(flow, interaction)
    return Turn(page.id, "" if step is None or page.id in _ONE_PAGE else step.name)
