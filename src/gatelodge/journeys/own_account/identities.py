"""Show what somebody signs in with, and take away what a provider vouches for."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.reauthentication import local_name_of
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.model.account import Account, SignInName, SignInType
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
        gone = _linked(situation.account)[int(action.removeprefix(UNLINK))]
        if not await self._has_another_way(situation, gone):
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

    async def _has_another_way(self, situation: Situation, gone: SignInName) -> bool:
        account, flow = situation.account, situation.place.user_flow
        if any(each != gone for each in _linked(account)):
            return True
        stores = self.database.read(account.directory_id)
        if local_name_of(account) is None:
            return False
        is_by_email = any(
            each.sign_in_type is SignInType.EMAIL_ADDRESS for each in account.identities
        )
        has_password = await stores.passwords.get(account.id) is not None
        return has_password or (flow.takes_codes and is_by_email)


def _linked(account: Account) -> tuple[SignInName, ...]:
    return tuple(each for each in account.identities if each.sign_in_type is SignInType.FEDERATED)


def _page(account: Account) -> Page:
    local = tuple(
        each.issuer_assigned_id
        for each in account.identities
        if each.sign_in_type is not SignInType.FEDERATED
    )
    return identities_page(local=local, linked=tuple(each.issuer for each in _linked(account)))
