import re
import uuid

import pytest

from gatelodge.clock import system_clock
from gatelodge.randomness import Randomness, SeededRandomness, SystemRandomness

BOTH: list[Randomness] = [SystemRandomness(), SeededRandomness(1)]
both = pytest.mark.parametrize("randomness", BOTH, ids=lambda it: type(it).__name__)


@both
def test_values_have_their_shapes(randomness: Randomness) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", randomness.opaque())
    assert len(randomness.opaque(16)) == 22
    assert [len(randomness.octets(it)) for it in (0, 1, 12, 32, 33, 100)] == [0, 1, 12, 32, 33, 100]
    assert all(re.fullmatch(r"[0-9]{6}", randomness.digits(6)) for _ in range(200))
    text = randomness.uuid()
    assert (uuid.UUID(text).version, uuid.UUID(text).variant) == (4, uuid.RFC_4122)
    assert text == text.lower()


@both
def test_values_do_not_repeat(randomness: Randomness) -> None:
    assert len({randomness.opaque() for _ in range(500)}) == 500
    assert len({randomness.uuid() for _ in range(500)}) == 500
    assert {randomness.digits(1) for _ in range(500)} == set("0123456789")


def sequence(seed: int) -> list[object]:
    randomness = SeededRandomness(seed)
    return [randomness.opaque(), randomness.digits(6), randomness.uuid(), randomness.octets(40)]


def test_a_seed_repeats_its_sequence_and_another_does_not() -> None:
    assert sequence(7) == sequence(7)
    assert not set(map(str, sequence(7))) & set(map(str, sequence(8)))


def test_the_present_is_aware_and_in_utc() -> None:
    offset = system_clock().utcoffset()
    assert offset is not None
    assert not offset
