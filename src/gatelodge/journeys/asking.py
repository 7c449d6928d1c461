"""Ask the API connector of a point, for the steps that do: what it is told, what it may change."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from gatelodge.clock import Clock
from gatelodge.connectors.answer import Continue, ShowBlockPage, ValidationError
from gatelodge.connectors.call import Call, Called, Connectors, Trouble
from gatelodge.connectors.claims import sort_claims
from gatelodge.connectors.request import Told, request_body
from gatelodge.crypto.seal import Sealer
from gatelodge.journeys.attributes import attributes_of
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Change, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.account import SignInName
from gatelodge.model.api_connector import ApiConnector, ConnectorPoint
from gatelodge.model.audit import EventName
from gatelodge.model.interaction import Interaction
from gatelodge.pages.catalogue import block_page
from gatelodge.pages.page import Page
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who a connector is asked about; `attributes` by id, with those it has no business with."""

    email: str | None
    identities: tuple[SignInName, ...]
    attributes: Mapping[str, object]
    object_id: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """The connector lets the person go on; `taken` are its values by attribute id."""

    taken: Mapping[str, object]
    changes: tuple[Change, ...] = ()


Asked: TypeAlias = Heard | ValidationError | Show | Refuse

_REFUSALS = {
    Trouble.PASSWORD_REFUSED: Refusal.CONNECTOR_PASSWORD_REFUSED,
    Trouble.CERTIFICATE_REFUSED: Refusal.CONNECTOR_CERTIFICATE_REFUSED,
    Trouble.CERTIFICATE_EXPIRED: Refusal.CONNECTOR_CERTIFICATE_REFUSED,
    Trouble.NOT_REACHED: Refusal.CONNECTOR_NOT_REACHED,
    Trouble.TIMED_OUT: Refusal.CONNECTOR_TIMED_OUT,
    Trouble.FAILED: Refusal.CONNECTOR_FAILED,
    Trouble.UNREADABLE: Refusal.CONNECTOR_UNREADABLE,
    Trouble.RESTING: Refusal.CONNECTOR_FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whatever goes wrong ends the journey: a connector that cannot be asked has not agreed."""

    database: Database
    connectors: Connectors
    sealer: Sealer
    evidence: Evidence
    clock: Clock

    async def ask(
        self, point: ConnectorPoint, place: Place, interaction: Interaction, person: Person
    ) -> Asked:
        """Return what the answer means for the step that asks."""
        stores = self.database.read(place.directory.id)
        connector_id = place.user_flow.api_connectors.at(point)
        connector = None if connector_id is None else await stores.api_connectors.get(connector_id)
        if connector is None:
            return Refuse(reason=Refusal.CONNECTOR_NOT_REACHED)
        told = _told(place, interaction, person)
        body = request_body(point, told).decode()
        said = await self.connectors.ask(
            Call(
                connector=connector,
                point=point,
                told=told,
                correlation_id=interaction.correlation_id,
                idempotency_key=self.sealer.mac("connector", interaction.id, str(point), body),
            )
        )
        return await self._means(said, connector, point, place, interaction, stores)

    async def _means(
        self,
        said: Called,
        connector: ApiConnector,
        point: ConnectorPoint,
        place: Place,
        interaction: Interaction,
        stores: Stores,
    ) -> Asked:
        match said:
            case Continue(claims=claims):
                custom = {each.id: each for each in await stores.user_attributes.every()}
                found = sort_claims(claims, attributes_of(place.user_flow), custom)
                return Heard(found.taken, self._refused(interaction, connector, found.refused))
            case ValidationError() if point is ConnectorPoint.POST_ATTRIBUTE_COLLECTION:
                return said
            case ShowBlockPage(message=message) if point is not ConnectorPoint.PRE_TOKEN_ISSUANCE:
                return self._block(interaction, connector, point, message)
            case ShowBlockPage() | ValidationError():
                return self._failed(interaction, connector, point, Trouble.UNREADABLE)
            case Trouble():
                return self._failed(interaction, connector, point, said)

    def shown_before(self, interaction: Interaction) -> Show | None:
        """Return the page at which a connector ended the interaction, None when none did."""
        message = interaction.facts.connectors.block_message
        return None if message is None else Show(page=self._page(interaction, message))

    def _page(self, interaction: Interaction, message: str) -> Page:
        return block_page(message, report=_report(interaction, self.clock()))

    def _block(
        self, interaction: Interaction, connector: ApiConnector, point: ConnectorPoint, message: str
    ) -> Show:
        facts = interaction.facts
        blocked = replace(facts.connectors, block_message=message)
        event = self.evidence.event(
            interaction,
            EventName.API_CONNECTOR_BLOCKED,
            connector.id,
            is_success=False,
            detail={"point": str(point)},
        )
        return Show(
            page=self._page(interaction, message),
            facts=replace(facts, connectors=blocked, password_hash=None),
            changes=(event,),
        )

    def _failed(
        self,
        interaction: Interaction,
        connector: ApiConnector,
        point: ConnectorPoint,
        trouble: Trouble,
    ) -> Refuse:
        event = self.evidence.event(
            interaction,
            EventName.API_CONNECTOR_FAILED,
            connector.id,
            is_success=False,
            detail={"point": str(point), "reason": str(trouble)},
        )
        return Refuse(reason=_REFUSALS[trouble], changes=(event,))

    def _refused(
        self, interaction: Interaction, connector: ApiConnector, names: tuple[str, ...]
    ) -> tuple[Change, ...]:
        if not names:
            return ()
        return (
            self.evidence.event(
                interaction,
                EventName.API_CONNECTOR_OVERREACHED,
                connector.id,
                is_success=False,
                detail={"claims": " ".join(sorted(names))},
            ),
        )


def _told(place: Place, interaction: Interaction, person: Person) -> Told:
    own = {each.casefold() for each in attributes_of(place.user_flow)} | {"displayname"}
    return Told(
        client_id=interaction.request.client_id,
        ui_locales=place.strings.tag,
        email=person.email,
        identities=person.identities,
        attributes={
            name: each for name, each in person.attributes.items() if name.casefold() in own
        },
        object_id=person.object_id,
    )


def _report(interaction: Interaction, now: datetime) -> tuple[str, ...]:
    return (
        f"Correlation ID: {interaction.correlation_id}",
        f"Timestamp: {now:%Y-%m-%d %H:%M:%S}Z",
    )
