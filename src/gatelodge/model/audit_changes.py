"""What an audit event says about a change: every property that differs, and no secret."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from gatelodge.model.audit import PropertyChange
from gatelodge.model.secret import Secret

LONGEST_VALUE = 2000
"""Characters of one value's JSON text; what is longer is cut and ends in `…`."""

MOST_CHANGES = 100
LONGEST_NAME = 128

_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_UNTOLD = frozenset({"directory_id", "id", "revision"})
_SECRET_NAMES = frozenset({"code", "pkcs12_value", "private_key"})
_SECRET_ENDS = frozenset({"digest", "hash", "hint", "passphrase", "password", "secret"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def changes_between(
    old: object | None,
    new: object | None,
    secret: Collection[str] = (),
    names: Mapping[str, str] = _NO_NAMES,
) -> tuple[PropertyChange, ...]:
    """Return what differs between two frozen dataclasses, by wire name: of `names`, if it is there.

    None stands for not there: before a creation, after a deletion. Of attributes in `secret`, and
    of whatever is called like a secret at any depth, it is only told that they changed.
    """
    before, after = _attributes(old), _attributes(new)
    found = []
    for name in {**before, **after}:
        was, became = before.get(name), after.get(name)
        if name not in _UNTOLD and _is_changed(was, became):
            told = names.get(name) or wire_name(name)
            if name in secret or not (_is_told(name, was) and _is_told(name, became)):
                found.append(PropertyChange(name=told))
            else:
                found.append(_change(told, _text_in(old, name, was), _text_in(new, name, became)))
    return tuple(found)[:MOST_CHANGES]


def withheld(names: Collection[str]) -> tuple[PropertyChange, ...]:
    """Return that these attributes changed, without their values."""
    return tuple(PropertyChange(name=wire_name(each)) for each in sorted(names))[:MOST_CHANGES]


@lru_cache(maxsize=4096)
def wire_name(attribute: str) -> str:
    """Return an attribute as JSON spells it: `display_name` becomes `displayName`."""
    first, *rest = attribute.split("_")
    return "".join((first, *(each.capitalize() for each in rest)))[:LONGEST_NAME]


def _attributes(value: object | None) -> dict[str, Any]:
    if value is None:
        return {}
    kind: type = type(value)
    return {name: getattr(value, name) for name in _field_names(kind)}


@lru_cache(maxsize=512)
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind))


def _is_changed(old: object, new: object) -> bool:
    return old != new and not (_is_empty(old) and _is_empty(new))


def _change(name: str, before: str | None, after: str | None) -> PropertyChange:
    if before == after:
        # They differ in what is not told, or beyond where the text was cut.
        return PropertyChange(name=name)
    return PropertyChange(name=name, old=before, new=after)


def _is_empty(value: object) -> bool:
    return value is None or (not value and value in ("", (), {}, frozenset()))


@lru_cache(maxsize=4096)
def _is_secret_name(name: str) -> bool:
    words = _CAPITAL.sub("_", name).lower().split("_")
    return (
        words[0] == "sealed"
        or words[-1] in _SECRET_ENDS
        or "_".join(words) in _SECRET_NAMES
        or words[-2:] in (["secret", "text"], ["private", "key"])
    )


def _text_in(owner: object, name: str, value: object) -> str | None:
    """Return a value as text: what nobody chose reads the same in all that is created."""
    if value is None:
        return None
    kind: type = type(owner)
    default, text = _default_texts(kind).get(name, (None, None))
    return text if value is default else _text(value)


@lru_cache(maxsize=512)
def _default_texts(kind: type) -> dict[str, tuple[object, str | None]]:
    return {
        each.name: (each.default, _text(each.default))
        for each in fields(kind)
        if each.default is not MISSING and not _is_secret_name(each.name)
    }


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = msgspec.json.encode(_told(value), enc_hook=str, order="deterministic").decode()
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _told(value: Any) -> Any:  # noqa: ANN401 - whatever lies in a dataclass
    """Return the value as JSON has it, without anything that is called like a secret or is one."""
    kind: type = type(value)
    return _teller(kind)(value)


@lru_cache(maxsize=512)
def _teller(kind: type) -> Callable[[Any], Any]:
    """Return how to tell values of a type: what their fields are called is worked out once."""
    if is_dataclass(kind):
        return _of_fields(kind)
    if issubclass(kind, Mapping):
        return lambda value: {
            str(name): _told(each) for name, each in value.items() if _is_told(str(name), each)
        }
    if issubclass(kind, set | frozenset):
        return lambda value: _told(sorted(value, key=str))
    if issubclass(kind, list | tuple):
        return lambda value: [_told(each) for each in value if not isinstance(each, Secret)]
    return lambda value: value


def _of_fields(kind: type) -> Callable[[Any], Any]:
    named = tuple(
        (name, wire_name(name)) for name in _field_names(kind) if not _is_secret_name(name)
    )

    def tell(value: object) -> dict[str, Any]:
        found = ((told, getattr(value, name)) for name, told in named)
        return {told: _told(each) for told, each in found if not isinstance(each, Secret)}

    return tell


def _is_told(name: str, value: object) -> bool:
    return not (isinstance(value, Secret) or _is_secret_name(name))
