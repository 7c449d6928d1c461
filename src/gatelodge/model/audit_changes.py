"""What an audit event says about a change: every property that differs, and no secret."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields
from typing import Any, TypeAlias

import msgspec

from gatelodge.model.audit import PropertyChange
from gatelodge.model.secret import Secret

Plain: TypeAlias = Mapping[str, Any]

LONGEST_VALUE = 2000
"""Characters of one value's JSON text; what is longer is cut and ends in `…`."""

MOST_CHANGES = 100
LONGEST_NAME = 128

_UNTOLD = frozenset({"directory_id", "id", "revision"})
_SECRET_NAMES = frozenset({"code", "pkcs12_value", "private_key"})
_SECRET_ENDS = frozenset({"digest", "hash", "hint", "passphrase", "password", "secret"})
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def changes_between(
    old: object | None, new: object | None, secret: Collection[str] = ()
) -> tuple[PropertyChange, ...]:
    """Return what differs between two frozen dataclasses, by wire name.

    None stands for not there: before a creation, after a deletion. Of attributes in `secret`, and
    of whatever is called like a secret at any depth, it is only told that they changed.
    """
    before, after = _attributes(old), _attributes(new)
    names = [name for name in {**before, **after} if name not in _UNTOLD]
    found = (_change(name, before, after, is_secret=name in secret) for name in names)
    return tuple(each for each in found if each is not None)[:MOST_CHANGES]


def withheld(names: Collection[str]) -> tuple[PropertyChange, ...]:
    """Return that these attributes changed, without their values."""
    return tuple(PropertyChange(name=wire_name(each)) for each in sorted(names))[:MOST_CHANGES]


def wire_name(attribute: str) -> str:
    """Return an attribute as JSON spells it: `display_name` becomes `displayName`."""
    first, *rest = attribute.split("_")
    return "".join((first, *(each.capitalize() for each in rest)))[:LONGEST_NAME]


def _attributes(value: object | None) -> dict[str, Any]:
    if value is None:
        return {}
    return {each.name: getattr(value, each.name) for each in fields(value)}  # type: ignore[arg-type]


def _change(name: str, before: Plain, after: Plain, *, is_secret: bool) -> PropertyChange | None:
    old, new = before.get(name), after.get(name)
    if old == new or (_is_empty(old) and _is_empty(new)):
        return None
    told = wire_name(name)
    if is_secret or _is_secret_name(name):
        return PropertyChange(name=told)
    before_text, after_text = (
        _text(old, is_there=name in before),
        _text(new, is_there=name in after),
    )
    if before_text == after_text:
        # They differ in what is not told, or beyond where the text was cut.
        return PropertyChange(name=told)
    return PropertyChange(name=told, old=before_text, new=after_text)


def _is_empty(value: object) -> bool:
    return value is None or value in ("", (), {}, frozenset())


def _is_secret_name(name: str) -> bool:
    words = _CAPITAL.sub("_", name).lower().split("_")
    return (
        words[0] == "sealed"
        or words[-1] in _SECRET_ENDS
        or "_".join(words) in _SECRET_NAMES
        or words[-2:] in (["secret", "text"], ["private", "key"])
    )


def _text(value: object, *, is_there: bool) -> str | None:
    if not is_there or value is None:
        return None
    plain = msgspec.to_builtins(value, enc_hook=_hidden, str_keys=True)
    text = msgspec.json.encode(_pruned(plain), order="deterministic").decode()
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _hidden(value: object) -> object:
    if isinstance(value, Secret):
        return None
    return str(value)


def _pruned(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can be
    match value:
        case dict():
            return dict(_told(value))
        case list() | tuple():
            return [_pruned(each) for each in value]
    return value


def _told(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        if not _is_secret_name(name):
            yield wire_name(name) if name.isidentifier() else name, _pruned(each)
