"""Ask a new person for a password and the attributes of the user flow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import TooMany
from gatelodge.journeys.local_account import identifier_of, sign_in_name_of
from gatelodge.journeys.new_password import Accepted, judge_new_password, names_in
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.sign_up_form import ALREADY_EXISTS, is_address_settled, sign_up_form
from gatelodge.journeys.step import StepName
from gatelodge.journeys.terms import with_answer
from gatelodge.model.identifier import key_of
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.pages.attributes import settled_values
from gatelodge.pages.catalogue import VERIFICATION
from gatelodge.pages.form import Answers, Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.terms_of_use import TERMS
from gatelodge.storage.database import Database

CHANGE = f"{VERIFICATION}_but_change_claims"


@dataclass(frozen=True, slots=True)
class CollectAttributes:
    """The rest of the sign-up page, once the address is proved; all of it without verification."""

    database: Database
    passwords: Passwords

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the form."""
        return Show(page=sign_up_form(place.user_flow, interaction.facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers; nothing is kept before all of them are good."""
        facts = interaction.facts
        page = sign_up_form(place.user_flow, facts)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case _ as action if action == CHANGE:
                return Back(
                    to=StepName.VERIFY_EMAIL,
                    facts=replace(facts, is_email_proved=False, code=None),
                )
            case "continue":
                return await self._take(place, facts, page, form)
            case _:
                return Show(page=page)

    async def _take(self, place: Place, facts: Facts, page: Page, form: Submitted) -> Outcome:
        answers, takes_passwords = read_answers(page, form), place.user_flow.takes_passwords
        if answers.notices and not takes_passwords:
            return Show(page=refill(page, form, notices=answers.notices))
        facts = with_answer(place.user_flow, _named(place, facts, answers), answers)
        collected = _without_passwords({**settled_values(page), **answers.values})
        texts = (value[0] for value in collected.values() if value)
        names = names_in(facts.email or "", facts.user_name or "", *texts)
        if not takes_passwords:
            return Done(facts=replace(facts, collected=collected))
        judged = judge_new_password(place, answers, names)
        if not isinstance(judged, Accepted):
            return Show(page=refill(page, form, notices=judged))
        if await self._is_taken(place, facts):
            notice = Notice(ALREADY_EXISTS, identifier_of(place.user_flow))
            return Show(page=refill(page, form, notices=(notice,)))
        try:
            hashed = await self.passwords.hash(judged.password)
        except TooMany:
            return Show(page=refill(page, form, notices=(Notice("ServiceThrottled"),)))
        return Done(facts=replace(facts, password_hash=hashed, collected=collected))

    async def _is_taken(self, place: Place, facts: Facts) -> bool:
        """Return whether the name typed just now has an account; a proved one was asked about."""
        name = sign_in_name_of(place.user_flow, facts)
        if name is None or (facts.user_name is None and is_address_settled(place.user_flow, facts)):
            return False
        accounts = self.database.read(place.directory.id).accounts
        return await accounts.by_sign_in_name(place.directory.domain, key_of(name)) is not None


def _named(place: Place, facts: Facts, answers: Answers) -> Facts:
    """Return the facts with the address and the name the page asked for."""
    if not is_address_settled(place.user_flow, facts):
        facts = replace(facts, email=answers.text("email"))
    return replace(facts, user_name=answers.text("UserId") or None)


def _without_passwords(values: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    hidden = {"newPassword", "reenterPassword", "email", "UserId", "emailVerificationCode", TERMS}
    return {name: value for name, value in values.items() if name not in hidden}
