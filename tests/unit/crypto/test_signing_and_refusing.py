"""A token is believed only when one of the directory's published keys signed it, our way."""

import hmac
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from gatelodge.crypto.digest import base64url, from_base64url
from gatelodge.crypto.key_set import (
    MAX_TOKEN_CHARACTERS,
    KeySet,
    PrivateKey,
    Unverifiable,
    generate_private_key,
    new_signing_key,
)
from gatelodge.crypto.seal import Sealer, Unsealable
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.signing_key import Algorithm, SigningKey
from gatelodge.randomness import SeededRandomness
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, numbered

CLAIMS = {"sub": "ada", "n": 1}
PRIVATE: dict[Algorithm, PrivateKey] = {each: generate_private_key(each) for each in Algorithm}
SEALER = Sealer(b"m" * 32, SeededRandomness(1))


def a_key(algorithm: Algorithm = Algorithm.ES256, seed: int = 2, **changes: Any) -> SigningKey:
    made = new_signing_key(
        PRIVATE[algorithm],
        directory_id=changes.pop("directory_id", TENANT),
        sealer=SEALER,
        randomness=SeededRandomness(seed),
        now=BEGINNING,
        active_at=BEGINNING,
    )
    return replace(made, **changes)


def a_set(*keys: SigningKey) -> KeySet:
    return KeySet(keys, SEALER, BEGINNING)


def with_header(token: str, **changes: Any) -> str:
    """Return the token with another header; None takes a parameter away."""
    header, payload, signature = token.split(".")
    found = msgspec.json.decode(from_base64url(header)) | changes
    found = {name: each for name, each in found.items() if each is not None}
    return f"{base64url(msgspec.json.encode(found))}.{payload}.{signature}"


@pytest.mark.parametrize("algorithm", Algorithm)
def test_what_was_signed_is_verified(algorithm: Algorithm) -> None:
    keys = a_set(a_key(algorithm))
    assert keys.algorithm is algorithm
    assert keys.verify(keys.sign(CLAIMS)) == CLAIMS


@pytest.mark.parametrize("algorithm", Algorithm)
@pytest.mark.parametrize(
    "changes",
    [
        {"alg": "none"},
        {"alg": "HS256"},
        {"alg": "RS512"},
        {"alg": None},
        {"kid": "another"},
        {"kid": None},
        {"kid": 7},
        {"kid": ["x"]},
        {"crit": ["exp"]},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jku": "https://evil.example/keys"},
        {"x5u": "https://evil.example/keys"},
        {"b64": False},
        {"typ": "at+jwt"},
        {"typ": None},
    ],
    ids=str,
)
def test_another_header_is_refused(algorithm: Algorithm, changes: dict[str, Any]) -> None:
    keys = a_set(a_key(algorithm))
    with pytest.raises(Unverifiable):
        keys.verify(with_header(keys.sign(CLAIMS), **changes))


@pytest.mark.parametrize("algorithm", Algorithm)
def test_the_public_key_is_no_secret_to_sign_with(algorithm: Algorithm) -> None:
    key = a_key(algorithm)
    keys = a_set(key)
    for secret in (key.public_jwk, keys.jwks.decode()):
        unsigned = with_header(keys.sign(CLAIMS), alg="HS256").rpartition(".")[0]
        signature = base64url(hmac.digest(secret.encode(), unsigned.encode(), sha256))
        with pytest.raises(Unverifiable):
            keys.verify(f"{unsigned}.{signature}")


@pytest.mark.parametrize("header", ["none", "None", "NONE"])
def test_a_token_without_a_signature_is_refused(header: str) -> None:
    keys = a_set(a_key())
    unsigned = with_header(keys.sign(CLAIMS), alg=header).rpartition(".")[0]
    with pytest.raises(Unverifiable):
        keys.verify(f"{unsigned}.")


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b", "a.b.c", "é.é.é", "a.b.c.d.e", "e30.e30.e30", "\0.\0.\0"],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(Unverifiable):
        a_set(a_key()).verify(token)


def test_a_shortened_or_overlong_token_is_refused() -> None:
    keys = a_set(a_key())
    token = keys.sign(CLAIMS)
    long = keys.sign({"text": "x" * MAX_TOKEN_CHARACTERS})
    for each in (token[:-1], token[:-10], token[1:], f"{token}A", f"{token}=", f" {token}", long):
        with pytest.raises(Unverifiable):
            keys.verify(each)


def test_a_payload_that_is_no_object_is_refused() -> None:
    keys = a_set(a_key())
    with pytest.raises(Unverifiable):
        keys.verify(keys.sign([1, 2]))  # type: ignore[arg-type]


def test_another_directory_does_not_believe_it() -> None:
    theirs = a_set(a_key(seed=3, directory_id=DirectoryId(numbered(99))))
    with pytest.raises(Unverifiable):
        a_set(a_key()).verify(theirs.sign(CLAIMS))


def test_a_key_moved_to_another_directory_does_not_open() -> None:
    with pytest.raises(Unsealable):
        a_set(replace(a_key(), directory_id=DirectoryId(numbered(99))))


def test_the_newest_active_key_signs_and_a_retired_one_is_not_believed() -> None:
    hour = timedelta(hours=1)
    old = a_key(seed=3, active_at=BEGINNING - hour)
    new = a_key(Algorithm.RS256, seed=4)
    next_one = a_key(seed=5, active_at=BEGINNING + hour)
    keys = a_set(old, new, next_one)
    assert keys.algorithm is Algorithm.RS256
    by_old = a_set(old).sign(CLAIMS)
    assert keys.verify(by_old) == CLAIMS
    assert len(msgspec.json.decode(keys.jwks)["keys"]) == 3
    for retired_at, is_believed in ((BEGINNING, False), (BEGINNING + hour, True)):
        rotated = a_set(replace(old, retired_at=retired_at), new)
        assert len(msgspec.json.decode(rotated.jwks)["keys"]) == (2 if is_believed else 1)
        if is_believed:
            assert rotated.verify(by_old) == CLAIMS
        else:
            with pytest.raises(Unverifiable):
                rotated.verify(by_old)


def test_what_is_published_holds_nothing_private() -> None:
    published = msgspec.json.decode(a_set(a_key(), a_key(Algorithm.RS256, seed=9)).jwks)["keys"]
    for each in published:
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & set(each)
