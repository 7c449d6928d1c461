"""Let the person change what is known of them."""

from dataclasses import dataclass, replace

from gatelodge.journeys.attributes import current_value, with_collected
from gatelodge.journeys.changes import SaveAccount
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.factor_facts import managing
from gatelodge.journeys.factor_rules import lets_manage_factors
from gatelodge.journeys.identified import signed_in_account
from gatelodge.journeys.outcome import Back, Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.own_account.reauthentication import local_name_of
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import StepName
from gatelodge.model.account import Account
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction
from gatelodge.model.own_account import AccountFacts, AccountTask
from gatelodge.pages.attributes import attribute_field, shown_fields
from gatelodge.pages.catalogue import profile_page
from gatelodge.pages.form import Submitted, pressed, read_answers, refill
from gatelodge.pages.own_account import with_tasks
from gatelodge.pages.page import Page
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True)
class UpdateProfile:
    """Show the attributes of the user flow filled in; save them all, or none on cancel."""

    database: Database
    evidence: Evidence

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show what is stored now."""
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        return Show(page=await self._page(place, interaction, account))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answers."""
        account = await signed_in_account(self.database, place, interaction.facts)
        if account is None:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        page = await self._page(place, interaction, account)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CANCELLED)
            case "manageFactors":
                return Back(to=StepName.MANAGE_FACTORS, facts=managing(interaction.facts))
            case action if action in set(AccountTask):
                begun = AccountFacts(task=AccountTask(action))
                return Back(
                    to=StepName.MANAGE_ACCOUNT, facts=replace(interaction.facts, account=begun)
                )
            case "continue":
                answers = read_answers(page, form)
                if answers.notices:
                    return Show(page=refill(page, form, notices=answers.notices))
                changed = replace(
                    with_collected(account, place.user_flow, answers.values),
                    updated_at=self.evidence.clock(),
                )
                return Done(
                    facts=interaction.facts,
                    changes=(
                        SaveAccount(changed),
                        self.evidence.event(interaction, EventName.PROFILE_UPDATED, account.id),
                    ),
                )
            case _:
                return Show(page=page)

    async def _page(self, place: Place, interaction: Interaction, account: Account) -> Page:
        flow = place.user_flow
        page = profile_page(
            attributes=shown_fields(
                attribute_field(each, value=current_value(account, each))
                for each in flow.attributes
                if each.id.casefold() != "email"
            ),
            offers_factors=lets_manage_factors(flow),
        )
        tasks = flow.account_configuration.tasks
        if AccountTask.PASSWORD in tasks and not await self._has_password(account):
            tasks = tuple(each for each in tasks if each is not AccountTask.PASSWORD)
        return with_tasks(page, tasks, interaction.facts.account.told)

    async def _has_password(self, account: Account) -> bool:
        """Return whether there is a password to change: who comes from a provider has none."""
        passwords = self.database.read(account.directory_id).passwords
        return local_name_of(account) is not None and await passwords.get(account.id) is not None
