import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet as IndependentKeySet

from gatelodge.crypto.key_set import (
    KeySet,
    PrivateKey,
    Unverifiable,
    generate_private_key,
    new_signing_key,
)
from gatelodge.crypto.keyring import Keyring
from gatelodge.crypto.seal import Sealer
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm, SigningKey
from gatelodge.randomness import SeededRandomness

NOW = datetime(2030, 1, 1, tzinfo=UTC)
CHANCE = SeededRandomness(1)
SEALER = Sealer(b"k" * 32, CHANCE)
PRIVATE: dict[Algorithm, PrivateKey] = {each: generate_private_key(each) for each in Algorithm}


def a_key(algorithm: Algorithm = Algorithm.RS256, active_at: datetime = NOW) -> SigningKey:
    return new_signing_key(
        PRIVATE[algorithm],
        directory_id=DirectoryId("d"),
        sealer=SEALER,
        randomness=CHANCE,
        now=NOW,
        active_at=active_at,
    )


@pytest.mark.parametrize("algorithm", Algorithm)
def test_an_independent_library_verifies_what_was_signed(algorithm: Algorithm) -> None:
    key_set = KeySet([a_key(algorithm)], SEALER, NOW)
    published = IndependentKeySet.import_key_set(json.loads(key_set.jwks))
    # An ECDSA signature differs from time to time, and so does the length of its numbers.
    for number in range(64 if algorithm is Algorithm.ES256 else 1):
        token = jwt.decode(key_set.sign({"sub": "ü", "n": number}), published, [str(algorithm)])
        assert token.claims == {"sub": "ü", "n": number}
        assert token.header["typ"] == "JWT"


@pytest.mark.parametrize("algorithm", Algorithm)
def test_a_changed_token_is_not_verified(algorithm: Algorithm) -> None:
    key_set = KeySet([a_key(algorithm)], SEALER, NOW)
    header, payload, signature = key_set.sign({"sub": "a"}).split(".")
    assert key_set.verify(f"{header}.{payload}.{signature}") == {"sub": "a"}
    with pytest.raises(Unverifiable):
        key_set.verify(f"{header}.{payload[:-2]}AA.{signature}")


def test_a_key_is_loaded_once_whatever_else_changes_in_the_configuration() -> None:
    first, second = a_key(), a_key(active_at=NOW + timedelta(days=1))
    stored, version = [first], 1

    async def load(_directory_id: DirectoryId) -> Sequence[SigningKey]:
        return stored

    keyring = Keyring(load=load, version=lambda: version, sealer=SEALER, clock=lambda: NOW)

    async def loaded() -> KeySet:
        return await keyring.of(DirectoryId("d"))

    before = asyncio.run(loaded())
    version, stored = 2, [first, second]
    after = asyncio.run(loaded())
    assert set(after.loaded) == {first.id, second.id}
    assert after.loaded[first.id] is before.loaded[first.id]
