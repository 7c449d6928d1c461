"""Passkeys, for the pages of this server."""

from gatelodge.app.world import World
from gatelodge.crypto.passkeys import RelyingParty
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.passkeys import Passkeys


def passkeys_of(world: World, evidence: Evidence) -> Passkeys:
    """Return what asks browsers for passkeys."""
    return Passkeys(
        database=world.database,
        party=RelyingParty(world.origin),
        sealer=world.sealer,
        evidence=evidence,
        clock=world.clock,
    )
