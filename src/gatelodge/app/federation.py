"""Build the upstream side: how identity providers are asked."""

from datetime import timedelta

from gatelodge.app.world import World
from gatelodge.federation.arrival import Arrivals
from gatelodge.federation.connection import Connections
from gatelodge.federation.fetch import Fetch
from gatelodge.federation.key_sets import KeySets
from gatelodge.federation.presets import PRESETS
from gatelodge.federation.recent import Recent
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.offered_providers import OfferedProviders
from gatelodge.journeys.perform.federate import Federate
from gatelodge.journeys.provider_visits import ProviderVisits
from gatelodge.oidc.upstream_sign_out import UpstreamSignOut

_KEPT = timedelta(minutes=10)
"""How old what a provider says of itself may be."""


def offered_providers(world: World) -> OfferedProviders:
    """Return what knows which providers a user flow offers."""
    return OfferedProviders(world.database, PRESETS)


def upstream_sign_out(world: World) -> UpstreamSignOut:
    """Return what finds where providers end their own sessions."""
    return UpstreamSignOut(world.database, _connections(world))


def _connections(world: World) -> Connections:
    return Connections(
        fetch=Fetch(world.outbound),
        sealer=world.sealer,
        presets=PRESETS,
        recent=Recent(world.clock, _KEPT),
        is_development=world.is_development,
    )


def provider_visits(world: World, offered: OfferedProviders) -> ProviderVisits:
    """Return what sends people to providers and judges what they bring back."""
    fetch = Fetch(world.outbound)
    return ProviderVisits(
        offered=offered,
        connections=_connections(world),
        arrivals=Arrivals(
            fetch=fetch, key_sets=KeySets(fetch, Recent(world.clock, _KEPT)), clock=world.clock
        ),
        sealer=world.sealer,
        clock=world.clock,
        randomness=world.randomness,
    )


def federate(world: World, visits: ProviderVisits, evidence: Evidence) -> Federate:
    """Return the step that leaves for a provider and takes its answer."""
    return Federate(
        database=world.database,
        offered=visits.offered,
        visits=visits,
        evidence=evidence,
        sealer=world.sealer,
        clock=world.clock,
    )
