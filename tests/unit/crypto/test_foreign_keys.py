"""Keys of others: what describes one is read, and what else is said beside it is not."""

from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from gatelodge.crypto.digest import base64url
from gatelodge.crypto.foreign_signature import public_key, read_claims
from gatelodge.crypto.key_set import Unverifiable

KEYS: list[dict[str, Any]] = [
    RSAKey.generate_key(2048).as_dict(private=False),
    ECKey.generate_key("P-256").as_dict(private=False),
]


@pytest.mark.parametrize("jwk", KEYS)
@pytest.mark.parametrize("more", [{}, {"ext": True, "exp": 5, "nbf": 1.5}, {"x-note": {"a": None}}])
def test_members_that_mean_nothing_here_are_passed_over(
    jwk: dict[str, Any], more: dict[str, Any]
) -> None:
    assert public_key({**jwk, **more}).as_dict(private=False)["kty"] == jwk["kty"]


@pytest.mark.parametrize("jwk", KEYS)
@pytest.mark.parametrize("wrong", [{"kty": 5}, {"kty": None}, {"x": 5, "n": 5}])
def test_a_member_of_the_key_has_to_be_there(jwk: dict[str, Any], wrong: dict[str, Any]) -> None:
    with pytest.raises(Unverifiable):
        public_key({**jwk, **wrong})


@pytest.mark.parametrize("jwk", [None, "RSA", [KEYS[0]], 5, {}])
def test_what_is_no_object_describes_no_key(jwk: object) -> None:
    with pytest.raises(Unverifiable):
        public_key(jwk)


@pytest.mark.parametrize("said", [b"[]", b'"sub"', b"null", b"{", b"[" * 100_000, b"\xff"])
def test_claims_that_are_no_object_are_not_read(said: bytes) -> None:
    with pytest.raises(Unverifiable):
        read_claims(f"e30.{base64url(said)}.e30")
