"""Who owns something: objects of the directory, named by their ids."""

from collections.abc import Iterable, Sequence
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, NotFound, Problem
from gatelodge.graph.model.directory_objects import DirectoryObjects
from gatelodge.storage.stores import Stores

_MAX_OWNERS = 100
_OBJECTS = DirectoryObjects()


async def objects_of(stores: Stores, owners: Sequence[tuple[str, ...]]) -> list[list[Any]]:
    """Return for each of several things the objects that own it, as far as they are there."""
    every = dict.fromkeys(id for ids in owners for id in ids)
    known = {id: await _OBJECTS.find(stores, id) for id in every}
    return [[known[id] for id in ids if known[id] is not None] for ids in owners]


async def named_owners(stores: Stores, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the ids of the objects a body names; raise `Invalid` when one is not there."""
    ids: tuple[str, ...] = ()
    for key in dict.fromkeys(keys):
        owner = await _OBJECTS.find(stores, key)
        if owner is None:
            raise Invalid(Problem("owners", f"The value of 'owners' names nobody: '{key[:100]}'."))
        ids = ids if owner.id in ids else with_owner(ids, owner)
    return ids


def with_owner(ids: tuple[str, ...], owner: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the ids with one more; raise `AlreadyExists` when it is among them."""
    if owner.id in ids:
        raise AlreadyExists(
            "One or more added object references already exist for the following modified"
            " properties: 'owners'.",
            target="owners",
        )
    if len(ids) >= _MAX_OWNERS:
        raise Invalid(Problem("owners", f"There may be {_MAX_OWNERS} owners."))
    return (*ids, owner.id)


def without_owner(ids: tuple[str, ...], owner: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the ids without one; raise `NotFound` when it is not among them."""
    if owner.id not in ids:
        raise NotFound("no such owner")
    return tuple(each for each in ids if each != owner.id)
