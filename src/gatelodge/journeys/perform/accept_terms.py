"""Ask for terms of use that somebody with an account has not accepted yet."""

from dataclasses import dataclass, replace

from gatelodge.clock import Clock
from gatelodge.journeys.changes import SaveAccount
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.identified import signed_in_account
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.journeys.terms import with_terms
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Facts, Interaction
from gatelodge.model.terms_of_use import TermsFacts, TermsOfUse
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.terms_of_use import terms_page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class AcceptTerms:
    """Each version is asked for once; who does not accept it goes no further."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the page, unless the account says that this version was accepted."""
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        terms = place.user_flow.terms_of_use_configuration
        if any(each.version == terms.version for each in account.terms_of_use_acceptances):
            return _accepted(interaction.facts, terms)
        return Show(page=terms_page(terms))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Write down which version was accepted, and when."""
        terms = place.user_flow.terms_of_use_configuration
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        page = terms_page(terms)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "continue":
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                done = _accepted(interaction.facts, terms)
                event = self.evidence.event(
                    interaction,
                    EventName.TERMS_ACCEPTED,
                    account.id,
                    detail={"version": terms.version},
                )
                changed = with_terms(account, terms.version, self.clock())
                return replace(done, changes=(SaveAccount(changed), event))
            case _:
                return Show(page=page)


def _accepted(facts: Facts, terms: TermsOfUse) -> Done:
    return Done(facts=replace(facts, terms=TermsFacts(version=terms.version)))
