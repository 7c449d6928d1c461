"""A token is the same wherever it was signed."""

from datetime import timedelta

from gatelodge.crypto.key_set import KeySet, generate_private_key, new_signing_key
from gatelodge.crypto.seal import Sealer
from gatelodge.crypto.workers import Workers
from gatelodge.model.signing_key import Algorithm
from gatelodge.oidc.signing import sign_in, sign_inline
from gatelodge.randomness import SeededRandomness
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT


async def test_threads_sign_what_the_loop_would() -> None:
    randomness = SeededRandomness(1)
    sealer = Sealer(b"k" * 32, randomness)
    key = new_signing_key(
        generate_private_key(Algorithm.RS256),
        directory_id=TENANT,
        sealer=sealer,
        randomness=randomness,
        now=BEGINNING,
        active_at=BEGINNING - timedelta(hours=1),
    )
    key_set = KeySet([key], sealer, BEGINNING)
    workers = Workers(1, waiting=1, name="sign")
    try:
        signed = await sign_in(workers)(key_set, {"sub": "ada"})
    finally:
        workers.close()
    assert signed == await sign_inline(key_set, {"sub": "ada"})
    assert key_set.verify(signed) == {"sub": "ada"}
