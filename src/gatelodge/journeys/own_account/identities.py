"""Show what somebody signs in with, and take away what a provider vouches for."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.own_account.ways_in import linked_identities, ways_in
from gatelodge.model.account import Account, SignInType
from gatelodge.model.audit import EventName
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import UNLINK, identities_page
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """Unlinks identities, but never the last way in."""

    database: Database
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the names and the identities."""
        return Show(page=_page(situation.account))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Take an identity away, if another way in is left."""
        page = _page(situation.account)
        action = pressed(page, form)
        if action == "cancel":
            return situation.back()
        if action is None or not action.startswith(UNLINK):
            return Show(page=page)
        gone = linked_identities(situation.account)[int(action.removeprefix(UNLINK))]
        stores = self.database.read(situation.account.directory_id)
        if await ways_in(stores, situation.place.user_flow, situation.account) < 2:
            return Show(page=replace(page, notices=(Notice("error_last_way_in"),)))
        left = tuple(each for each in situation.account.identities if each != gone)
        now = self.clock()
        return situation.over(
            "identity_removed",
            situation.signed_in_anew(now),
            SignOutEverywhere(replace(situation.account, identities=left), now),
            *self.told(
                situation,
                EventName.IDENTITY_REMOVED,
                "identity_removed",
                {"issuer": gone.issuer},
            ),
        )


def _page(account: Account) -> Page:
    local = tuple(
        each.issuer_assigned_id
        for each in account.identities
        if each.sign_in_type is not SignInType.FEDERATED
    )
    return identities_page(
        local=local, linked=tuple(each.issuer for each in linked_identities(account))
    )
