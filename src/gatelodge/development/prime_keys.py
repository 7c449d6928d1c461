"""RSA keys that a seed determines.

OpenSSL draws its own randomness and takes no seed, so the primes are found here; OpenSSL then
checks the finished key, primality included, before it loads it. Not constant-time, and its
randomness is only as good as the seed: for development and nothing else.
"""

from math import gcd

from cryptography.hazmat.primitives.asymmetric import rsa

from gatelodge.randomness import Randomness

PUBLIC_EXPONENT = 65_537
_PRIME_BITS = 1024
_SIEVE_LIMIT = 20_000
_ROUNDS = 8
_SPAN = 1 << 13


def seeded_rsa_key(randomness: Randomness) -> rsa.RSAPrivateKey:
    """Return the 2048-bit key the sequence gives. Takes about half a second."""
    p = _prime(randomness)
    q = _prime(randomness)
    d = pow(PUBLIC_EXPONENT, -1, (p - 1) * (q - 1) // gcd(p - 1, q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=d % (p - 1),
        dmq1=d % (q - 1),
        iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(PUBLIC_EXPONENT, p * q),
    ).private_key()


def _prime(randomness: Randomness) -> int:
    while True:
        start = int.from_bytes(randomness.octets(_PRIME_BITS // 8))
        # The two highest bits set make the product of two such primes exactly twice as long.
        start |= (0b11 << (_PRIME_BITS - 2)) | 1
        for candidate in _survivors(start):
            if candidate.bit_length() > _PRIME_BITS:
                break
            if (candidate - 1) % PUBLIC_EXPONENT and _is_prime(candidate, randomness):
                return candidate


def _survivors(start: int) -> list[int]:
    """Return the odd numbers from `start` on that no small prime divides."""
    divisible = bytearray(_SPAN)
    for small in _SMALL_PRIMES:
        # Index i stands for start + 2i; solve start + 2i = 0 modulo the small prime.
        first = -start * ((small + 1) // 2) % small
        divisible[first::small] = b"\x01" * len(range(first, _SPAN, small))
    return [start + 2 * index for index, found in enumerate(divisible) if not found]


def _is_prime(candidate: int, randomness: Randomness) -> bool:
    """Answer by Miller-Rabin (FIPS 186-5, B.3.1); wrong with a probability below 2^-100."""
    if pow(2, candidate - 1, candidate) != 1:
        return False
    odd = candidate - 1
    twos = (odd & -odd).bit_length() - 1
    odd >>= twos
    octets = _PRIME_BITS // 8
    bases = (int.from_bytes(randomness.octets(octets)) for _ in range(_ROUNDS))
    return all(_is_witnessless(2 + base % (candidate - 3), odd, twos, candidate) for base in bases)


def _is_witnessless(base: int, odd: int, twos: int, candidate: int) -> bool:
    power = pow(base, odd, candidate)
    if power in {1, candidate - 1}:
        return True
    for _ in range(twos - 1):
        power = pow(power, 2, candidate)
        if power == candidate - 1:
            return True
    return False


def _odd_primes_below(limit: int) -> list[int]:
    composite = bytearray(limit)
    for number in range(3, int(limit**0.5) + 1, 2):
        if not composite[number]:
            composite[number * number :: 2 * number] = b"\x01" * len(
                range(number * number, limit, 2 * number)
            )
    return [number for number in range(3, limit, 2) if not composite[number]]


_SMALL_PRIMES = _odd_primes_below(_SIEVE_LIMIT)
