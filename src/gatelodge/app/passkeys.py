"""Passkeys, for the pages of this server."""

from gatelodge.app.world import World
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.new_passkeys import NewPasskeys
from gatelodge.journeys.passkey_challenges import Challenges
from gatelodge.journeys.passkeys import Passkeys


def passkeys_of(world: World, evidence: Evidence) -> Passkeys:
    """Return what asks browsers for passkeys."""
    return Passkeys(
        database=world.database,
        challenges=_challenges(world),
        evidence=evidence,
        clock=world.clock,
    )


def new_passkeys_of(world: World, evidence: Evidence) -> NewPasskeys:
    """Return what has browsers make passkeys."""
    return NewPasskeys(
        database=world.database,
        challenges=_challenges(world),
        evidence=evidence,
        clock=world.clock,
    )


def _challenges(world: World) -> Challenges:
    return Challenges(database=world.database, sealer=world.sealer, randomness=world.randomness)
