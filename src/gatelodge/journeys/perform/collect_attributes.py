"""Ask a new person for a password and the attributes of the user flow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatelodge.crypto.passwords import Passwords
from gatelodge.errors import TooMany
from gatelodge.journeys.new_password import (
    Accepted,
    judge_new_password,
    names_in,
    rules_told,
)
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.attribute import AttributeAssignment
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.attributes import attribute_field
from gatelodge.pages.catalogue import VERIFICATION, VerificationStage, sign_up_page
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.page import Notice, Page

CHANGE = f"{VERIFICATION}_but_change_claims"


@dataclass(frozen=True, slots=True)
class CollectAttributes:
    """The rest of the sign-up page, once the address is proved."""

    passwords: Passwords

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the form."""
        return Show(page=_page(place.user_flow, interaction.facts))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers; nothing is kept before all of them are good."""
        facts = interaction.facts
        page = _page(place.user_flow, facts)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case _ as action if action == CHANGE:
                return Back(
                    to=StepName.VERIFY_EMAIL,
                    facts=replace(facts, is_email_proved=False, code=None),
                )
            case "continue":
                return await self._take(place.user_flow, facts, page, form)
            case _:
                return Show(page=page)

    async def _take(self, flow: UserFlow, facts: Facts, page: Page, form: Submitted) -> Outcome:
        answers = read_answers(page, form)
        if answers.notices:
            return Show(page=refill(page, form, notices=answers.notices))
        collected = _without_passwords(answers.values)
        names = names_in(facts.email or "", *(value[0] for value in collected.values() if value))
        judged = judge_new_password(flow, answers, names)
        if not isinstance(judged, Accepted):
            return Show(page=refill(page, form, notices=judged))
        try:
            hashed = await self.passwords.hash(judged.password)
        except TooMany:
            return Show(page=refill(page, form, notices=(Notice("ServiceThrottled"),)))
        return Done(facts=replace(facts, password_hash=hashed, collected=collected))


def assignments_on_page(flow: UserFlow) -> tuple[AttributeAssignment, ...]:
    """Return the attributes asked for besides the address, which has its own control."""
    return tuple(each for each in flow.attributes if each.id.casefold() != "email")


def _without_passwords(values: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    hidden = {"newPassword", "reenterPassword", "email", "emailVerificationCode"}
    return {name: value for name, value in values.items() if name not in hidden}


def _page(flow: UserFlow, facts: Facts) -> Page:
    return sign_up_page(
        stage=VerificationStage.VERIFIED,
        email=facts.email or "",
        attributes=tuple(attribute_field(each) for each in assignments_on_page(flow)),
        password_rules=rules_told(flow),
    )
