"""RSA keys from a seed."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from gatelodge.development.chance import stream
from gatelodge.development.prime_keys import PUBLIC_EXPONENT, seeded_rsa_key


def key_of(seed: str) -> rsa.RSAPrivateKey:
    return seeded_rsa_key(stream(seed, "test"))


@pytest.mark.parametrize("seed", [str(number) for number in range(4)])
def test_the_key_signs_what_its_public_half_verifies(seed: str) -> None:
    # Loading it made OpenSSL check that both factors are prime and fit together.
    key = key_of(seed)
    signature = key.sign(b"said", padding.PKCS1v15(), hashes.SHA256())
    key.public_key().verify(signature, b"said", padding.PKCS1v15(), hashes.SHA256())
    numbers = key.private_numbers()
    assert key.key_size == 2048
    assert numbers.public_numbers.e == PUBLIC_EXPONENT
    assert {numbers.p.bit_length(), numbers.q.bit_length()} == {1024}
    assert abs(numbers.p - numbers.q).bit_length() > 900


def test_a_seed_has_one_key() -> None:
    assert key_of("a").private_numbers() == key_of("a").private_numbers()


def test_two_seeds_share_no_factor() -> None:
    one, other = key_of("a").private_numbers(), key_of("b").private_numbers()
    assert not {one.p, one.q} & {other.p, other.q}
