"""Ask how old somebody is, once, and let in whom the user flow lets in, every time."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from gatelodge.clock import Clock
from gatelodge.journeys.changes import SaveAccount
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.identified import signed_in_account
from gatelodge.journeys.outcome import Change, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.age import AgeFacts, OnBlock, is_let_in, judge
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.pages.catalogue import age_page, error_page
from gatelodge.pages.countries import ELSEWHERE, country_code
from gatelodge.pages.form import NO_PATTERN, Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page, Sentence
from gatelodge.storage.database import Database

DATE_OF_BIRTH, COUNTRY = "dateOfBirth", "country"
_LONGEST_LIFE = timedelta(days=130 * 366)


@dataclass(frozen=True, slots=True)
class CheckAge:
    """What was answered once is not asked again, and nobody can change it here."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Judge what is known; ask for what is not."""
        if interaction.facts.age.is_blocked:
            return Show(page=_blocked(interaction))
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None and interaction.facts.account_id is not None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        known = _known(interaction.facts, account)
        if known.date_of_birth is None or known.country is None:
            return Show(page=_page(known))
        return self._judged(place, interaction, account, known)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers; only what was not known counts."""
        if interaction.facts.age.is_blocked:
            return Show(page=_blocked(interaction))
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None and interaction.facts.account_id is not None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        known = _known(interaction.facts, account)
        page = _page(known)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue":
                answers = read_answers(page, form)
                born = known.date_of_birth or answers.text(DATE_OF_BIRTH)
                notices = answers.notices or self._notices(born)
                if notices:
                    return Show(page=refill(page, form, notices=notices))
                country = known.country or answers.text(COUNTRY)
                answered = replace(known, date_of_birth=born, country=country)
                return self._judged(place, interaction, account, answered)
            case _:
                return Show(page=page)

    def _notices(self, born: str) -> tuple[Notice, ...]:
        today = self.clock().date()
        is_likely = today - _LONGEST_LIFE < date.fromisoformat(born) <= today
        return () if is_likely else (Notice(NO_PATTERN, DATE_OF_BIRTH),)

    def _judged(
        self, place: Place, interaction: Interaction, account: Account | None, known: AgeFacts
    ) -> Outcome:
        """Return what follows from a date of birth and a country."""
        settings = place.user_flow.age_gating_configuration
        born = date.fromisoformat(known.date_of_birth or "")
        country = country_code(known.country or "")
        stored = None if account is None else account.consent_provided_for_minor
        group, consent = judge(born, country, self.clock().date(), stored)
        age = replace(known, age_group=group, consent=consent)
        changes = _saving(account, age)
        if is_let_in(settings.minors_policy, group, consent):
            return Done(facts=replace(interaction.facts, age=age), changes=changes)
        event = self.evidence.event(
            interaction,
            EventName.MINOR_BLOCKED,
            interaction.request.client_id if account is None else account.id,
            is_success=False,
        )
        if settings.on_block is OnBlock.TELL_APPLICATION:
            return Refuse(reason=Refusal.UNDER_AGE, changes=(*changes, event))
        facts = replace(interaction.facts, age=replace(age, is_blocked=True), password_hash=None)
        return Show(page=_blocked(interaction), facts=facts, changes=(*changes, event))


def _known(facts: Facts, account: Account | None) -> AgeFacts:
    if account is not None:
        born = account.date_of_birth
        # A country without a rule of its own is not written down: nobody is asked for it twice.
        country = account.country or (None if born is None else ELSEWHERE)
        return AgeFacts(date_of_birth=born, country=country)
    return AgeFacts(country=next(iter(facts.collected.get(COUNTRY, ())), None))


def _page(known: AgeFacts) -> Page:
    return age_page(
        asks_date=known.date_of_birth is None,
        asks_country=known.country is None,
    )


def _blocked(interaction: Interaction) -> Page:
    report = (f"Correlation ID: {interaction.correlation_id}",)
    return error_page(Sentence("error_age"), report=report)


def _saving(account: Account | None, age: AgeFacts) -> tuple[Change, ...]:
    """Write down what is known of somebody's age, if that is news."""
    if account is None:
        return ()
    changed = with_age(account, age)
    return () if changed == account else (SaveAccount(changed),)


def with_age(account: Account, age: AgeFacts) -> Account:
    """Return an account with what an interaction learned of the person's age."""
    if age.date_of_birth is None:
        return account
    is_named = account.country is not None or age.country in {None, ELSEWHERE}
    return replace(
        account,
        date_of_birth=age.date_of_birth,
        country=account.country if is_named else age.country,
        age_group=age.age_group,
        consent_provided_for_minor=age.consent,
    )
