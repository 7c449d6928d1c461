"""Visits to identity providers: send a person there, and judge what they bring back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from gatelodge.clock import Clock
from gatelodge.crypto.digest import digest_of, is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.federation.arrival import Arrivals, Identified
from gatelodge.federation.connection import Connection, Connections
from gatelodge.federation.departure import Marks, authorization_address
from gatelodge.federation.saml_request import own_entity, request_address
from gatelodge.federation.saml_response import identified_by
from gatelodge.federation.trouble import NotIdentified, Trouble
from gatelodge.journeys.offered_providers import OfferedProviders
from gatelodge.journeys.outcome import Leave
from gatelodge.journeys.place import Place
from gatelodge.model.federation import Departure
from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.secret import Secret
from gatelodge.pages.form import Submitted
from gatelodge.randomness import Randomness

STATE = "state"
CALLBACK = "callback"
"""Whose own address the answer came to; nobody's says that it came to the one all share."""

SAML_RESPONSE = "SAMLResponse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderVisits:
    """Begins and ends visits. Whoever begins one keeps its departure, and takes one answer."""

    offered: OfferedProviders
    connections: Connections
    arrivals: Arrivals
    sealer: Sealer
    clock: Clock
    randomness: Randomness

    async def begin(self, place: Place, provider: IdentityProvider) -> tuple[Leave, Departure]:
        """Return the way to a provider, and what its answer will be known by.

        Raises `NotIdentified` when the provider cannot be asked.
        """
        state = self.randomness.opaque()
        address = await self._address(place, provider, state)
        leave = Leave(address=address, state=Secret(state), is_saml=provider.speaks_saml)
        return leave, Departure(provider_id=provider.id, state=digest_of(state))

    async def end(
        self,
        place: Place,
        provider: IdentityProvider,
        departure: Departure,
        answer: Mapping[str, str],
    ) -> Identified:
        """Return who the provider says that it was. Raises `NotIdentified`."""
        if provider.speaks_saml and provider.saml is not None:
            own = own_entity(place.origin, place.directory.domain)
            response = answer.get(SAML_RESPONSE, "")
            answered = identified_by(provider.saml, response, own, self.clock())
            if not _is_awaited(departure, answered.in_response_to.removeprefix("_")):
                raise NotIdentified(Trouble.INVALID_ANSWER, "it answers another request")
            return answered.identified
        connection = await self.connections.of(provider)
        marks = Marks(self.sealer, answer[STATE])
        callback = await self._own_callback(place, connection)
        if key_of(answer.get(CALLBACK, "")) != key_of(callback):
            raise NotIdentified(Trouble.INVALID_ANSWER, "it came to another provider's address")
        redirect_uri = _redirect_uri(place, callback)
        return await self.arrivals.identify(connection, answer, marks, redirect_uri)

    async def _address(self, place: Place, provider: IdentityProvider, state: str) -> str:
        if provider.speaks_saml and provider.saml is not None:
            own = own_entity(place.origin, place.directory.domain)
            target = provider.saml.passive_sign_in_uri or ""
            return request_address(target, own, state=state, now=self.clock())
        connection = await self.connections.of(provider)
        marks = Marks(self.sealer, state)
        callback = await self._own_callback(place, connection)
        return authorization_address(connection, marks, _redirect_uri(place, callback))

    async def _own_callback(self, place: Place, connection: Connection) -> str:
        """Return whose address the answer has to come to, "" for the one all providers share.

        A provider an administrator added could send people on to one whose codes count in any
        sign-in, and be handed the code (RFC 9700 §4.4). It cannot where it names itself in its
        answers, as the other would not, or has an address that the other does not send people to.
        """
        provider = connection.provider
        if connection.names_issuer or not provider.is_discovered:
            return ""
        return provider.id if await self.offered.are_mixed(place) else ""


def answer_in(form: Submitted) -> Mapping[str, str]:
    """Return what a provider answered; what it said twice it did not say."""
    return {name: values[0] for name, values in form.items() if len(values) == 1}


def is_answered(
    provider: IdentityProvider, departure: Departure, answer: Mapping[str, str]
) -> bool:
    """Return whether an answer may be the one that is awaited; a SAML response says so itself."""
    return provider.speaks_saml or _is_awaited(departure, answer.get(STATE, ""))


def _redirect_uri(place: Place, own_callback: str) -> str:
    shared = f"{place.origin}/{place.directory.domain}/oauth2/authresp"
    return f"{shared}/{quote(own_callback)}" if own_callback else shared


def _is_awaited(departure: Departure, state: str) -> bool:
    return is_same(digest_of(state), departure.state or "")
