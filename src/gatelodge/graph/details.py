"""Attributes of a nested dataclass that Graph shows beside the others, written `details.x`."""

from dataclasses import replace
from typing import Any, TypeVar

from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import Given

T = TypeVar("T")
_DETAILS = "details."


def separated(given: Given) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what was given to the entity itself, and what to its `details`."""
    own = {name: each for name, each in given.items() if not name.startswith(_DETAILS)}
    nested = {
        name.removeprefix(_DETAILS): _made(each)
        for name, each in given.items()
        if name.startswith(_DETAILS)
    }
    return own, nested


def merged_with_details(entity: T, given: Given) -> T:
    """Return the entity with what was given, to itself and to its `details`."""
    own, nested = separated(given)
    changed = merged(entity, own)
    if not nested:
        return changed
    details = replace(changed.details, **nested)  # type: ignore[attr-defined]
    return replace(changed, details=details)  # type: ignore[type-var]


def _made(value: object) -> Any:  # noqa: ANN401 - whatever a property holds
    return value.made() if isinstance(value, Part) else value
