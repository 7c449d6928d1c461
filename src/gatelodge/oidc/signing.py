"""Where a token is signed: on the event loop, or in threads."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from gatelodge.crypto.key_set import KeySet
from gatelodge.crypto.workers import Workers

Sign: TypeAlias = Callable[[KeySet, Mapping[str, Any]], Awaitable[str]]
"""Signs claims with a directory's key; may raise `TooMany`."""


async def sign_inline(key_set: KeySet, claims: Mapping[str, Any]) -> str:
    """Sign at once: right when there is a process for every core."""
    return key_set.sign(claims)


def sign_in(workers: Workers) -> Sign:
    """Return a function that signs in threads: right when one process has several cores."""

    async def sign(key_set: KeySet, claims: Mapping[str, Any]) -> str:
        return await workers.run(key_set.sign, claims)

    return sign
