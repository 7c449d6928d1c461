"""Let a person see and change the account's second factors."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.account_factors import factors_of
from gatelodge.journeys.enrolling import Enrolling
from gatelodge.journeys.enrolment import Enrolment
from gatelodge.journeys.factor_rules import RECENT, is_needed
from gatelodge.journeys.identified import identified_account
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.own_account.ways_in import ways_in
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.second_factor import EnrolledFactor, FactorFacts, FactorKind
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.page import Notice, NoticeKind, Page
from gatelodge.pages.second_factor import (
    ADD,
    CODES_KEPT,
    NEW_CODES,
    REMOVE,
    factors_page,
    recovery_codes_page,
)
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

_LOST_WITH_A_DEVICE = frozenset({FactorKind.AUTHENTICATOR, FactorKind.PASSKEY})
_LAST = Notice("error_last_factor")
_LAST_WAY_IN = Notice("error_last_way_in")
_REMOVED = Notice("factor_removed", kind=NoticeKind.SUCCESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """Whose factors they are, and the page as it stands."""

    account: Account
    factors: tuple[EnrolledFactor, ...]
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ManageFactors:
    """A page that lists the factors; removing one ends whatever rested on it.

    Whoever has a factor shows it first, and whoever has none the password, all a short
    while ago at most: a browser left open must not be enough.
    """

    database: Database
    enrolling: Enrolling
    enrolment: Enrolment
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the list, or have the person show first who it is."""
        if interaction.facts.factor.tells_codes:
            return Show(page=recovery_codes_page(()))
        desk = await self._look(place, interaction)
        return Show(page=desk.page) if isinstance(desk, _Desk) else desk

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take one press of a button; what the page did not offer is not taken."""
        if interaction.facts.factor.tells_codes:
            return await self._codes_shown(place, interaction, form)
        desk = await self._look(place, interaction)
        if not isinstance(desk, _Desk):
            return desk
        match pressed(desk.page, form):
            case None:
                return Show(page=desk.page)
            case "continue":
                return Done(facts=_with(interaction.facts, is_managed=False))
            case _ as action if action == ADD:
                wanted = _with(interaction.facts, is_missing=True, chosen=None)
                return Back(to=StepName.ENROL_FACTOR, facts=wanted)
            case _ as action if action == NEW_CODES:
                return self._new_codes(place, interaction, desk.account)
            case _ as action:
                chosen = {f"{REMOVE}{each.id}": each for each in desk.factors}
                return await self._remove(place, interaction, desk, chosen[action])

    async def _look(self, place: Place, interaction: Interaction) -> "_Desk | Outcome":
        facts = interaction.facts
        account = await identified_account(self.database, place, facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        stores = self.database.read(place.directory.id)
        factors = await factors_of(stores, account.id)
        if (asked := self._ask_again(facts, factors)) is not None:
            return asked
        page = factors_page(
            factors,
            codes_left=await _codes_left(stores, account, factors),
            can_add=bool(self.enrolling.kinds(place, facts, account, factors)),
        )
        return _Desk(account=account, factors=factors, page=page)

    def _ask_again(self, facts: Facts, factors: tuple[EnrolledFactor, ...]) -> Back | None:
        """Return the way to the step that asks who it is, None when that was shown just now."""
        now, factor = self.clock(), facts.factor
        if factor.proved_at is not None and now - factor.proved_at <= RECENT:
            return None
        if factors:
            fresh = FactorFacts(is_managed=True)
            return Back(to=StepName.CHECK_FACTOR, facts=replace(facts, factor=fresh))
        if facts.auth_time is not None and now - facts.auth_time <= RECENT:
            return None
        again = Facts(device=facts.device.of_nobody(), factor=FactorFacts(is_managed=True))
        return Back(to=StepName.CHOOSE, facts=again)

    async def _remove(
        self, place: Place, interaction: Interaction, desk: _Desk, chosen: EnrolledFactor
    ) -> Outcome:
        left = tuple(each for each in desk.factors if each.id != chosen.id)
        now, account, flow = self.clock(), desk.account, place.user_flow
        if is_needed(flow, left):
            return Show(page=replace(desk.page, notices=(_LAST,)))
        stores = self.database.read(place.directory.id)
        is_passkey = chosen.kind is FactorKind.PASSKEY
        if is_passkey and await ways_in(stores, flow, account, lost_passkeys=1) < 1:
            return Show(page=replace(desk.page, notices=(_LAST_WAY_IN,)))
        renewed = replace(account, sign_in_sessions_valid_from=now)
        changes = self.enrolment.removed(place, interaction, renewed, chosen, is_last=not left)
        facts = replace(interaction.facts, auth_time=now, session_id=None)
        page = factors_page(
            left,
            codes_left=await _codes_left(stores, account, left),
            can_add=True,
            notices=(_REMOVED,),
        )
        return Show(page=page, facts=facts, changes=changes)

    def _new_codes(self, place: Place, interaction: Interaction, account: Account) -> Outcome:
        codes, changes = self.enrolment.new_codes(place, interaction, account)
        facts = _with(interaction.facts, tells_codes=True)
        return Show(page=recovery_codes_page(codes), facts=facts, changes=changes)

    async def _codes_shown(
        self, place: Place, interaction: Interaction, form: Submitted
    ) -> Outcome:
        page, facts = recovery_codes_page(()), interaction.facts
        settled = _with(facts, tells_codes=False)
        match pressed(page, form):
            case action if action == CODES_KEPT:
                shown = await self.enter(place, interaction.after(None, settled))
                return replace(shown, facts=shown.facts or settled)
            case _ as action if action == NEW_CODES:
                account = await identified_account(self.database, place, facts)
                if account is None:
                    return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
                return self._new_codes(place, interaction, account)
            case _:
                return Show(page=page)


async def _codes_left(
    stores: Stores, account: Account, factors: tuple[EnrolledFactor, ...]
) -> int | None:
    """Return how many recovery codes count, None where nothing can be lost that they stand for."""
    if not any(each.kind in _LOST_WITH_A_DEVICE for each in factors):
        return None
    return await stores.recovery_codes.unused(account.id)


def _with(facts: Facts, **changes: object) -> Facts:
    return replace(facts, factor=replace(facts.factor, **changes))  # type: ignore[arg-type]
