"""Which second factor is asked for, and on which page."""

from dataclasses import dataclass, replace

from gatelodge.journeys.account_factors import factors_of
from gatelodge.journeys.factor_guesses import FactorGuesses, FactorStanding
from gatelodge.journeys.factor_rules import (
    allowed_kinds,
    candidates,
    changes_account,
    deliveries_of,
    is_read_already,
    is_resetting,
    is_risky,
    state_of,
    takes,
)
from gatelodge.journeys.identified import identified_account
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.passkeys import Passkeys
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.message import Channel
from gatelodge.model.second_factor import EnrolledFactor, FactorFacts, FactorKind
from gatelodge.model.user_flow import SecondFactorState, UserFlow
from gatelodge.pages.page import Page
from gatelodge.pages.second_factor import (
    Ways,
    authenticator_page,
    email_factor_page,
    factor_choice_page,
    passkey_factor_page,
    phone_page,
    recovery_code_page,
)
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFactor:
    """Who is asked for what: `factor` is the one that is used, None while there is a choice."""

    standing: FactorStanding
    every: tuple[EnrolledFactor, ...]
    offered: tuple[EnrolledFactor, ...]
    factor: EnrolledFactor | None
    by_recovery_code: bool
    has_recovery_codes: bool
    is_missing: bool

    @property
    def account(self) -> Account:
        """Return whose factors they are."""
        return self.standing.account

    @property
    def ways(self) -> Ways:
        """Return what else the person may do."""
        has_another = len(self.offered) > 1 or (self.by_recovery_code and bool(self.offered))
        return Ways(has_another=has_another, has_recovery_codes=self.has_recovery_codes)

    @property
    def authenticators(self) -> tuple[EnrolledFactor, ...]:
        """Return every authenticator of the account: a code may come from any of them."""
        return tuple(each for each in self.every if each.kind is FactorKind.AUTHENTICATOR)

    @property
    def passkey_ids(self) -> tuple[str, ...]:
        """Return the ids of every passkey of the account: the browser finds one of them."""
        return tuple(each.id for each in self.every if each.kind is FactorKind.PASSKEY)


@dataclass(frozen=True, slots=True)
class ReadAlready:
    """The account's mailbox, which was read in place of a forgotten password, is its factor."""

    account: Account
    factor: EnrolledFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorQuestion:
    """Decides what to ask somebody for, from what is stored now."""

    database: Database
    guesses: FactorGuesses
    passkeys: Passkeys
    channels: frozenset[Channel]

    async def look(self, place: Place, facts: Facts) -> AskedFactor | ReadAlready | Outcome:
        """Return what to ask for, or the answer when there is nothing to ask."""
        flow = place.user_flow
        account = await identified_account(self.database, place, facts)
        if account is None:
            # A reset whose address has no account goes on as if there were one, to the same end.
            is_nobody = is_resetting(flow, facts) and facts.account_id is None
            return Done() if is_nobody else Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        if _is_being_claimed(facts, account):
            return _passed(facts, is_missing=True)
        stores = self.database.read(place.directory.id)
        factors = await factors_of(stores, account.id)
        if not factors:
            return _nothing_to_ask(flow, facts, account, ())
        is_missing = not any(takes(flow, each.kind) for each in factors)
        if not is_missing and _is_waived(flow, facts):
            return _passed(facts, is_missing=False)
        offered = _one_of_a_kind(candidates(flow, facts, factors, self.channels))
        has_codes = await stores.recovery_codes.unused(account.id) > 0
        standing = await self.guesses.standing(account, facts.device)
        if standing.is_locked:
            # Nobody guesses a passkey.
            offered, has_codes = tuple(filter(_is_passkey, offered)), False
            if not offered:
                return Refuse(reason=Refusal.FACTOR_LOCKED)
        if not offered and not has_codes:
            return _nothing_to_ask(flow, facts, account, factors)
        by_code = has_codes and (facts.factor.chosen is FactorKind.RECOVERY_CODE or not offered)
        return AskedFactor(
            standing=standing,
            every=factors,
            offered=offered,
            factor=None if by_code else _chosen(facts, offered),
            by_recovery_code=by_code,
            has_recovery_codes=has_codes,
            is_missing=is_missing and not _is_only_managed(flow, facts),
        )

    def page(
        self, place: Place, interaction: Interaction, facts: FactorFacts, asked: AskedFactor
    ) -> Page:
        """Return the page that asks for it, as far as things have come."""
        if asked.by_recovery_code:
            return recovery_code_page(asked.ways)
        if (factor := asked.factor) is None:
            return factor_choice_page(asked.offered, asked.ways)
        is_sent = facts.code is not None and facts.address == factor.address
        match factor.kind:
            case FactorKind.PHONE:
                return phone_page(
                    number=factor.address or "",
                    deliveries=deliveries_of(place.user_flow, self.channels),
                    sent=facts.delivery if is_sent else None,
                    ways=asked.ways,
                )
            case FactorKind.EMAIL:
                return email_factor_page(
                    address=factor.address or "", is_sent=is_sent, ways=asked.ways
                )
            case FactorKind.PASSKEY:
                prompt = self.passkeys.prompt_second(
                    place, interaction, asked.account.id, asked.passkey_ids
                )
                return passkey_factor_page(prompt, asked.ways)
            case _:
                return authenticator_page(asked.ways)


def _is_being_claimed(facts: Facts, account: Account) -> bool:
    """Return whether what the account has may be a trap that its new password will end."""
    is_reset = facts.account_id is None and facts.is_email_proved
    return is_reset and account.is_email_proved is False


def _counts_mailbox_read(flow: UserFlow, facts: Facts) -> bool:
    """Return whether the mailbox that stood in for a forgotten password is the factor as well.

    Only where the user flow takes mailboxes: there its reader could sign in with the new password
    and a code to the same mailbox, so asking once more would keep nobody out.
    """
    is_asked = state_of(flow) is not SecondFactorState.OFF
    return is_resetting(flow, facts) and is_asked and FactorKind.EMAIL in allowed_kinds(flow)


def _nothing_to_ask(
    flow: UserFlow, facts: Facts, account: Account, factors: tuple[EnrolledFactor, ...]
) -> ReadAlready | Outcome:
    """Answer for an account none of whose factors can be asked for."""
    if not all(is_read_already(facts, each) for each in factors):
        return Refuse(reason=Refusal.FACTOR_UNAVAILABLE)
    if _counts_mailbox_read(flow, facts):
        for each in factors:
            if each.kind is FactorKind.EMAIL:
                return ReadAlready(account, each)
    return _passed(facts, is_missing=bool(factors) or not _is_only_managed(flow, facts))


def _passed(facts: Facts, *, is_missing: bool) -> Done:
    return Done(facts=replace(facts, factor=replace(facts.factor, is_missing=is_missing)))


def _chosen(facts: Facts, offered: tuple[EnrolledFactor, ...]) -> EnrolledFactor | None:
    if len(offered) == 1:
        return offered[0]
    return next((each for each in offered if each.id == facts.factor.factor_id), None)


def _is_waived(flow: UserFlow, facts: Facts) -> bool:
    """Return whether an account with a factor is not asked for it this time."""
    if is_resetting(flow, facts) or changes_account(facts):
        return False
    return state_of(flow) is SecondFactorState.CONDITIONAL and not is_risky(facts)


def _is_only_managed(flow: UserFlow, facts: Facts) -> bool:
    """Return whether the user flow itself asks nobody for a factor."""
    return changes_account(facts) and state_of(flow) is SecondFactorState.OFF


def _is_passkey(factor: EnrolledFactor) -> bool:
    return factor.kind is FactorKind.PASSKEY


def _one_of_a_kind(factors: tuple[EnrolledFactor, ...]) -> tuple[EnrolledFactor, ...]:
    """Return the factors with one authenticator, and one passkey, for all."""
    found: dict[str, EnrolledFactor] = {}
    for each in factors:
        is_told_apart = each.address is not None
        found.setdefault(each.id if is_told_apart else each.kind, each)
    return tuple(found.values())
