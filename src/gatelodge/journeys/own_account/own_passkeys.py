"""Show the passkeys of an account, make another one, or take one away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.account_factors import factors_of
from gatelodge.journeys.factor_rules import is_needed
from gatelodge.journeys.new_passkeys import NewPasskeys
from gatelodge.journeys.outcome import Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.own_account.ways_in import ways_in
from gatelodge.journeys.passkey_changes import RemovePasskey
from gatelodge.journeys.passkeys import PASSKEY
from gatelodge.model.audit import EventName
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import FactorKind
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import REMOVE, passkeys_page
from gatelodge.pages.page import Notice, Option, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskeys:
    """Adds and removes passkeys, but never removes the last way in, or the last factor."""

    database: Database
    passkeys: NewPasskeys
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the passkeys."""
        return Show(page=await self._page(situation, await self._known(situation)))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Store what the browser made, or take away what the person chose."""
        known = await self._known(situation)
        page = await self._page(situation, known)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case action if action == PASSKEY:
                return await self._add(situation, form, page)
            case str() as action if action.startswith(REMOVE):
                chosen = {each.id: each for each in known}
                return await self._remove(situation, chosen[action.removeprefix(REMOVE)], page)
            case _:
                return Show(page=page)

    async def _add(self, situation: Situation, form: Submitted, page: Page) -> Outcome:
        made = await self.passkeys.made(
            situation.place, situation.interaction, situation.account, form
        )
        if isinstance(made, Notice):
            return Show(page=replace(page, notices=(made,)))
        mailed = self.told.mailed(situation.place, situation.account, "passkey_added")
        return situation.over("passkey_added", situation.facts, *made.changes, *mailed)

    async def _remove(self, situation: Situation, gone: Passkey, page: Page) -> Outcome:
        account, now, flow = situation.account, self.clock(), situation.place.user_flow
        stores = self.database.read(account.directory_id)
        if await ways_in(stores, flow, account, lost_passkeys=1) < 1:
            return Show(page=replace(page, notices=(Notice("error_last_way_in"),)))
        left = [each for each in await factors_of(stores, account.id) if each.id != gone.id]
        if is_needed(flow, left):
            return Show(page=replace(page, notices=(Notice("error_last_factor"),)))
        return situation.over(
            "passkey_removed",
            situation.signed_in_anew(now),
            SignOutEverywhere(account, now),
            RemovePasskey(gone, is_last_factor=not left),
            *self.told(
                situation,
                EventName.FACTOR_REMOVED,
                "passkey_removed",
                {"factor": FactorKind.PASSKEY},
            ),
        )

    async def _known(self, situation: Situation) -> Sequence[Passkey]:
        account = situation.account
        return await self.database.read(account.directory_id).passkeys.of_account(account.id)

    async def _page(self, situation: Situation, known: Sequence[Passkey]) -> Page:
        prompt = await self.passkeys.invite(
            situation.place, situation.interaction, situation.account
        )
        kept = tuple(Option(value=each.id, name=each.display_name) for each in known)
        return passkeys_page(kept=kept, prompt=prompt)
