"""Passwords so common that guessing begins with them."""

from functools import cache

_MOST_COMMON = 3_000


@cache
def _known() -> frozenset[str]:
    # The list is read when the first password is chosen, not when the server starts.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(list(FREQUENCY_LISTS["passwords"])[:_MOST_COMMON])


def is_known(password: str) -> bool:
    """Return whether the password is among the 3,000 most common ones, whatever its case."""
    return password.casefold() in _known()
