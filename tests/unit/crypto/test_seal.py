import pytest

from gatelodge.crypto.digest import base64url, digest_of, from_base64url, is_same
from gatelodge.crypto.seal import (
    Sealer,
    Unsealable,
    derive,
    seal_for_bearer,
    unseal_for_bearer,
)
from gatelodge.randomness import SeededRandomness

SEALER = Sealer(b"m" * 32, SeededRandomness(1))


def test_what_was_sealed_opens_in_its_place_only() -> None:
    sealed = SEALER.seal(b"private", "table|tenant|row")
    assert SEALER.unseal(sealed, "table|tenant|row") == b"private"
    assert SEALER.seal(b"private", "table|tenant|row") != sealed
    with pytest.raises(Unsealable):
        SEALER.unseal(sealed, "table|tenant|other")
    with pytest.raises(Unsealable):
        Sealer(b"n" * 32, SeededRandomness(1)).unseal(sealed, "table|tenant|row")


@pytest.mark.parametrize("sealed", ["", "A", "AAAA", "é", "A" * 60, "=" * 8, "a b"])
def test_what_was_never_sealed_is_refused(sealed: str) -> None:
    with pytest.raises(Unsealable):
        SEALER.unseal(sealed, "place")


def test_a_changed_letter_is_noticed() -> None:
    sealed = SEALER.seal(b"private", "place")
    other = "B" if sealed[20] != "B" else "C"
    with pytest.raises(Unsealable):
        SEALER.unseal(sealed[:20] + other + sealed[21:], "place")


@pytest.mark.parametrize("octets", [0, 16, 31, 33])
def test_a_master_key_of_another_length_is_refused(octets: int) -> None:
    with pytest.raises(ValueError, match="32 octets"):
        Sealer(b"m" * octets, SeededRandomness(1))


def test_purposes_and_parts_are_told_apart() -> None:
    macs = [
        SEALER.mac("code", "a", "b"),
        SEALER.mac("form", "a", "b"),
        SEALER.mac("code", "ab"),
        SEALER.mac("code", "a", "b", ""),
        SEALER.mac("code", "", "ab"),
    ]
    assert len(set(macs)) == len(macs)
    assert SEALER.mac("code", "a", "b") == macs[0]
    assert derive(b"m" * 32, "one") != derive(b"m" * 32, "two")


def test_only_the_bearer_opens_what_was_sealed_for_them() -> None:
    sealed = seal_for_bearer("token", b"answer", "place", SeededRandomness(2))
    assert unseal_for_bearer("token", sealed, "place") == b"answer"
    for bearer, place in (("other", "place"), ("token", "elsewhere")):
        with pytest.raises(Unsealable):
            unseal_for_bearer(bearer, sealed, place)


def test_a_digest_is_43_characters_and_takes_any_text() -> None:
    assert digest_of("") == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    assert len(digest_of("\ud800é")) == 43


@pytest.mark.parametrize("octets", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_base64url_comes_back(octets: bytes) -> None:
    assert from_base64url(base64url(octets)) == octets


@pytest.mark.parametrize("text", ["A", "AB", "AA==", "AA=", "A A", "+/+/", "AAAA\n", "é"])
def test_another_spelling_of_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - every kind of it
        from_base64url(text)


def test_secrets_are_compared_whatever_they_hold() -> None:
    assert is_same("é\ud800", "é\ud800")
    assert not is_same("a", "b")
    assert not is_same("a", "")
