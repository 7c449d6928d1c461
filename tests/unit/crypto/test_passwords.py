import asyncio
import threading
from collections.abc import Iterator

import pytest

from gatelodge.crypto.known_passwords import is_known
from gatelodge.crypto.passwords import HashParameters, Passwords
from gatelodge.crypto.workers import Workers
from gatelodge.errors import TooMany
from gatelodge.randomness import SeededRandomness

CHEAP = HashParameters(memory_kib=64, passes=1)


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers(1, waiting=2, name="hash")
    yield made
    made.close()


@pytest.fixture
def passwords(workers: Workers) -> Passwords:
    return Passwords(CHEAP, workers, SeededRandomness(1))


async def test_a_password_is_verified_and_another_is_not(passwords: Passwords) -> None:
    hashed = await passwords.hash("correct horse")
    assert hashed.startswith("$argon2id$")
    assert await passwords.verify(hashed, "correct horse")
    for other in ("correct horse ", "Correct horse", "", "correct"):
        assert not await passwords.verify(hashed, other)


async def test_the_same_password_is_hashed_with_another_salt_each_time(
    passwords: Passwords,
) -> None:
    assert await passwords.hash("correct horse") != await passwords.hash("correct horse")


async def test_a_letter_may_be_typed_composed_or_not(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("A\u030angstro\u0308m"), "Ångström")


@pytest.mark.parametrize("hashed", ["", "rubbish", "$argon2id$v=19$m=8", "$2b$12$abc"])
async def test_a_broken_hash_verifies_nothing(passwords: Passwords, hashed: str) -> None:
    assert not await passwords.verify(hashed, "x")
    assert not await passwords.verify(hashed, "")


async def test_no_hash_costs_the_same_work_and_is_never_right(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = await passwords.hash("correct horse")
    seen: list[str] = []
    verify = passwords._hasher.verify  # noqa: SLF001 - the work itself is what is counted

    class Counting:
        def verify(self, hashed: str, password: bytes) -> bool:
            seen.append(hashed.rpartition("$")[0].rpartition("$")[0])
            return verify(hashed, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    assert not await passwords.verify(hashed, "wrong")
    assert not await passwords.verify(None, "wrong")
    assert not await passwords.verify(None, "")
    assert len(seen) == 3
    assert set(seen) == {"$argon2id$v=19$m=64,t=1,p=1"}


async def test_a_password_beyond_256_characters_is_never_right(passwords: Passwords) -> None:
    assert await passwords.verify(await passwords.hash("x" * 256), "x" * 256)
    assert not await passwords.verify(await passwords.hash("x" * 257), "x" * 257)
    assert not await passwords.verify(await passwords.hash(""), "x" * 100_000)


async def test_a_hash_of_other_parameters_is_outdated(
    passwords: Passwords, workers: Workers
) -> None:
    dearer = Passwords(HashParameters(memory_kib=128, passes=1), workers, SeededRandomness(2))
    hashed = await passwords.hash("x")
    assert not passwords.is_outdated(hashed)
    assert dearer.is_outdated(hashed)


async def test_more_than_the_queue_holds_is_refused_at_once_and_room_comes_back(
    workers: Workers,
) -> None:
    gate = threading.Event()
    waiting = [asyncio.ensure_future(workers.run(gate.wait)) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TooMany):
        await workers.run(gate.wait)
    gate.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert await workers.run(lambda: "room again") == "room again"


async def test_what_fails_in_a_thread_fails_here_and_makes_room(workers: Workers) -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 / 0)


@pytest.mark.parametrize("password", ["password", "PASSWORD", "123456", "qwerty", "iloveyou"])
def test_a_password_everybody_tries_is_known(password: str) -> None:
    assert is_known(password)


@pytest.mark.parametrize("password", ["", "correct horse battery staple", "Kq7!vz-19Lm"])
def test_another_is_not(password: str) -> None:
    assert not is_known(password)
