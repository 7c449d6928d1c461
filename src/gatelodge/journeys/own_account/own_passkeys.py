"""Show the passkeys of an account, make another one, or take one away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.factor_rules import RECENT, is_read_already
from gatelodge.journeys.outcome import Back, Outcome, Show
from gatelodge.journeys.own_account.ending import SignOutEverywhere
from gatelodge.journeys.own_account.task import Situation
from gatelodge.journeys.own_account.told import Told
from gatelodge.journeys.own_account.ways_in import ways_in
from gatelodge.journeys.passkeys import PASSKEY, Passkeys, RemovePasskey
from gatelodge.journeys.step import StepName
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Facts
from gatelodge.model.passkey import Passkey
from gatelodge.model.second_factor import NO_FACTOR, FactorKind
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.own_account import REMOVE, passkeys_page
from gatelodge.pages.page import Notice, Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPasskeys:
    """Adds and removes passkeys, but never removes the last way in.

    A passkey counts as both factors, so whoever has a factor or a passkey shows it first: a
    password alone must not be enough.
    """

    database: Database
    passkeys: Passkeys
    told: Told
    clock: Clock

    async def enter(self, situation: Situation) -> Outcome:
        """Show the passkeys, or have the person show first who it is."""
        known = await self._known(situation)
        if (asked := await self._ask_first(situation, known)) is not None:
            return asked
        return Show(page=await self._page(situation, known))

    async def submit(self, situation: Situation, form: Submitted) -> Outcome:
        """Store what the browser made, or take away what the person chose."""
        known = await self._known(situation)
        if (asked := await self._ask_first(situation, known)) is not None:
            return asked
        page = await self._page(situation, known)
        match pressed(page, form):
            case "cancel":
                return situation.back()
            case action if action == PASSKEY:
                return await self._add(situation, form, page)
            case str() as action if action.startswith(REMOVE):
                gone = known[int(action.removeprefix(REMOVE))]
                return await self._remove(situation, gone, page)
            case _:
                return Show(page=page)

    async def _ask_first(self, situation: Situation, known: Sequence[Passkey]) -> Outcome | None:
        """Return the way to where a factor or passkey is shown, None when one was just now."""
        account, facts = situation.account, situation.facts
        stores = self.database.read(account.directory_id)
        factors = await stores.second_factors.of_account(account.id)
        at, is_passkey = facts.factor.proved_at, facts.factor.proved is FactorKind.PASSKEY
        is_recent = at is not None and self.clock() - at <= RECENT
        if not (known or factors) or (is_recent and (factors or is_passkey)):
            return None
        if not all(is_read_already(facts, each) for each in factors):
            return Back(to=StepName.CHECK_FACTOR, facts=replace(facts, factor=NO_FACTOR))
        if not situation.place.user_flow.passkey_configuration.is_sign_in_allowed:
            return situation.back()
        return Back(to=StepName.CHOOSE, facts=Facts(device=facts.device))

    async def _add(self, situation: Situation, form: Submitted, page: Page) -> Outcome:
        made = await self.passkeys.made(
            situation.interaction,
            situation.account,
            form,
            display_name=f"{self.clock():%Y-%m-%d %H:%M}",
        )
        if made is None:
            return Show(page=replace(page, notices=(Notice("error_passkey"),)))
        mailed = self.told.mailed(situation, "passkey_added")
        return situation.over("passkey_added", situation.facts, *made, *mailed)

    async def _remove(self, situation: Situation, gone: Passkey, page: Page) -> Outcome:
        account, now = situation.account, self.clock()
        stores = self.database.read(account.directory_id)
        if await ways_in(stores, situation.place.user_flow, account) < 2:
            return Show(page=replace(page, notices=(Notice("error_last_way_in"),)))
        return situation.over(
            "passkey_removed",
            situation.signed_in_anew(now),
            SignOutEverywhere(account, now),
            RemovePasskey(gone.id),
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
        return passkeys_page(names=tuple(each.display_name for each in known), prompt=prompt)
