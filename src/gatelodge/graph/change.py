"""What a write is made of: what it may use, and what it leaves to the transaction."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from gatelodge.crypto.passwords import Passwords
from gatelodge.crypto.seal import Sealer
from gatelodge.errors import Problem
from gatelodge.model.directory import Directory
from gatelodge.outbound import Outbound
from gatelodge.randomness import Randomness
from gatelodge.storage.stores import Stores

Given: TypeAlias = Mapping[str, Any]
"""Checked values by attribute, as a body gave them.

Where a set has derived types, `TYPE` is the name of the one that is made.
"""

TYPE = "@odata.type"
OCTETS = "octets"
"""Under which name a creation is given a body that is no JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a change may use besides what was sent. `stores` are for reading.

    `actor` is the caller's object id, `permissions` are what it holds, `roles` the directory roles
    of a user, None when an application acts; it is privileged when nobody in the directory may do
    more. `only_owned` says that it may do this only to what it owns, `is_development` that loopback
    addresses will do. `origin` is where clients reach us. `owner` is the entity that contains what
    is made, None at a root.
    """

    directory: Directory
    actor: str
    permissions: frozenset[str]
    roles: frozenset[str] | None
    only_owned: bool
    is_privileged: bool
    stores: Stores
    now: datetime
    randomness: Randomness
    passwords: Passwords
    sealer: Sealer
    outbound: Outbound
    origin: str
    is_development: bool = False
    owner: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """The outcome: what is answered, and what to write in one transaction.

    `write` is given the stores of the transaction and waits for nothing else. `after` is the
    entity as it is then, where that is not what is answered: the audit log compares it. With a
    `refusal` the request is refused once that is written. One that `is_idle` changed nothing,
    unless it `writes_more` than properties show.
    """

    answer: Any
    write: Callable[[Stores], Coroutine[Any, Any, None]]
    after: Any = None
    refusal: tuple[Problem, ...] = ()
    is_idle: bool = False
    writes_more: bool = False


Prepare: TypeAlias = Callable[[Situation, Given], Coroutine[Any, Any, Change]]
"""Make a new entity; may wait, may read, must not write. Raises `Invalid`."""

PrepareExisting: TypeAlias = Callable[[Situation, Any, Given], Coroutine[Any, Any, Change]]
"""Change, delete or act upon the entity given second. Raises `Invalid`."""

PrepareStream: TypeAlias = Callable[[Situation, Any, bytes], Coroutine[Any, Any, Change]]
"""Replace the octets of the entity given second. Raises `Invalid`."""

PrepareReference: TypeAlias = Callable[[Situation, Any, Any], Coroutine[Any, Any, Change]]
"""Let the entity given second refer, or no longer refer, to the third. Raises `Invalid`."""
