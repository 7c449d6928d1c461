"""Which identity providers a user flow offers, as it is configured now."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.federation.presets import (
    Preset,
    domain_hint_of,
    exchange_of,
    is_offered,
    is_unbound,
    issuer_of,
)
from gatelodge.journeys.local_account import has_local_accounts
from gatelodge.journeys.place import Place
from gatelodge.model.identifier import DirectoryId, key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.cache import ConfigurationCache
from gatelodge.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A provider as a person chooses it: by its button, or at once by a `domain_hint`.

    `issuer` is what its people are filed under.
    """

    provider: IdentityProvider
    exchange_id: str
    domain_hint: str | None
    issuer: str | None = None

    @property
    def name(self) -> str:
        """Return what the button is called."""
        return self.provider.display_name


class OfferedProviders:
    """Finds the providers a user flow names; those we cannot ask are passed over."""

    def __init__(self, database: Database, presets: Mapping[str, Preset]) -> None:
        self._database = database
        self._presets = presets
        self._known = ConfigurationCache[tuple[DirectoryId, str], IdentityProvider](database)
        self._mixing = ConfigurationCache[DirectoryId, bool](database)

    async def of(self, place: Place) -> tuple[Offer, ...]:
        """Return the offers in the order of the user flow."""
        found = [await self._offer(place, each) for each in place.user_flow.identity_providers]
        return tuple(each for each in found if each is not None)

    async def named(self, place: Place, provider_id: str) -> IdentityProvider | None:
        """Return a provider if the user flow offers it now, or None."""
        offered = {key_of(each) for each in place.user_flow.identity_providers}
        if key_of(provider_id) not in offered:
            return None
        found = await self._offer(place, provider_id)
        return None if found is None else found.provider

    async def are_mixed(self, place: Place) -> bool:
        """Return whether a code of some provider of the directory counts in any sign-in."""
        return await self._mixing.get(place.directory.id, lambda: self._are_mixed(place)) is True

    async def _are_mixed(self, place: Place) -> bool:
        providers = self._database.read(place.directory.id).identity_providers
        return any(is_unbound(each, self._presets) for each in await providers.every())

    async def _offer(self, place: Place, provider_id: str) -> Offer | None:
        stores = self._database.read(place.directory.id)
        provider = await self._known.get(
            (place.directory.id, key_of(provider_id)),
            lambda: stores.identity_providers.get(provider_id),
        )
        if provider is None or not is_offered(provider, self._presets):
            return None
        return Offer(
            provider=provider,
            exchange_id=exchange_of(provider, self._presets),
            domain_hint=domain_hint_of(provider, self._presets),
            issuer=issuer_of(provider, self._presets),
        )


def at_once(flow: UserFlow, interaction: Interaction, offers: tuple[Offer, ...]) -> Offer | None:
    """Return the provider nobody has to choose: the one asked for, or the only way in."""
    is_only = len(offers) == 1 and not has_local_accounts(flow)
    return offers[0] if is_only else hinted(offers, interaction.request.domain_hint)


def hinted(offers: tuple[Offer, ...], hint: str | None) -> Offer | None:
    """Return the provider a `domain_hint` chooses, or None."""
    wanted = key_of(hint or "")
    fitting = (each for each in offers if wanted and key_of(each.domain_hint or "") == wanted)
    return next(fitting, None)
