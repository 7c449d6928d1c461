"""Ask an API connector what else the tokens say of the person."""

from dataclasses import dataclass, replace

from gatelodge.connectors.answer import ValidationError
from gatelodge.journeys.asking import Asking, Heard, Person
from gatelodge.journeys.attributes import attributes_of
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse
from gatelodge.journeys.place import Place
from gatelodge.model.account import Account
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.attribute import built_in
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.form import Submitted


@dataclass(frozen=True, slots=True)
class CallBeforeTokens:
    """A step without a page: the values are kept with the grant, not with the account."""

    asking: Asking

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Ask about the account as it is now."""
        facts = interaction.facts
        accounts = self.asking.database.read(place.directory.id).accounts
        account = None if facts.account_id is None else await accounts.get(facts.account_id)
        if account is None or not account.account_enabled:
            return Refuse(reason=Refusal.NO_SUCH_ACCOUNT)
        asked = await self.asking.ask(
            ConnectorPoint.PRE_TOKEN_ISSUANCE,
            place,
            interaction,
            _person(place.user_flow, account),
        )
        match asked:
            case Heard(taken=taken, changes=changes):
                answered = replace(facts.connectors, claims=dict(taken))
                return Done(facts=replace(facts, connectors=answered), changes=changes)
            case ValidationError():
                return Refuse(reason=Refusal.CONNECTOR_UNREADABLE)
            case _:
                return asked

    async def submit(self, place: Place, interaction: Interaction, _form: Submitted) -> Outcome:
        """Do the same: nothing is asked of the person here."""
        return await self.enter(place, interaction)


def _person(flow: UserFlow, account: Account) -> Person:
    stored: dict[str, object] = {"displayName": account.display_name}
    for each in attributes_of(flow):
        if (attribute := built_in(each)) is None:
            stored[each] = account.extensions.get(each)
        elif attribute.account_attribute is not None:
            stored[attribute.id] = getattr(account, attribute.account_attribute)
    return Person(
        email=next(iter(account.emails), None),
        identities=account.identities,
        attributes=stored,
        object_id=account.id,
    )
