"""What a request body gives: checked values by attribute, or every problem at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from gatelodge.errors import Problem
from gatelodge.graph.edm import (
    SENTINEL,
    ComplexType,
    EntityType,
    Enumeration,
    Navigation,
    Primitive,
    Property,
    Returned,
    Writable,
)
from gatelodge.graph.errors import GraphError
from gatelodge.graph.path import address_key
from gatelodge.graph.primitive import Mismatch, read_member, read_primitive

T = TypeVar("T")
_MASKED = frozenset({"****", "*****", "******", "*******"})
_HIDDEN = frozenset({Returned.NEVER, Returned.MASKED})
_NAMESPACES = ("microsoft.graph.", "graph.", "microsoft.cpim.api.datamodels.")


@dataclass(frozen=True, slots=True)
class Part:
    """Some properties of a structured value; the others keep what they have."""

    python: type
    given: Mapping[str, Any]

    def made(self) -> Any:  # noqa: ANN401 - a value of `python`
        """Return a new value with these properties and the defaults for the others."""
        within = {
            name: each.made() if isinstance(each, Part) else each
            for name, each in self.given.items()
        }
        return self.python(**within)


def merged(entity: T, given: Mapping[str, Any]) -> T:
    """Return the dataclass with what was given; parts change only what they name."""
    changes = {
        name: merged(getattr(entity, name), value.given) if isinstance(value, Part) else value
        for name, value in given.items()
    }
    return replace(entity, **changes)  # type: ignore[type-var]


@dataclass(slots=True)
class Reading:
    """A body being read. `fixed` is what was given for properties that cannot be changed.

    `repeated` are the navigations of a change that lead to a single object, with what names it
    and its key. `key` is the property the address already tells, so that the body need not.
    """

    is_create: bool
    problems: list[Problem] = field(default_factory=list)
    fixed: list[tuple[tuple[str, ...], Any]] = field(default_factory=list)
    repeated: list[tuple[Navigation, Any, str]] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    _led: set[str] = field(default_factory=set)

    def entity(
        self, kind: EntityType, body: Mapping[str, Any], required: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Return the checked values by attribute; what is wrong is in `problems`."""
        if kind.open_prefix:
            self._take_extensions(kind.open_prefix, body)
            body = {name: body[name] for name in body if name not in self.extensions}
        given = self._navigations(tuple(kind.all_navigations()), body, ())
        body = {name: body[name] for name in body if name not in self._led}
        properties = tuple(kind.all_properties())
        return given | self.properties(kind.name, properties, body, (), frozenset(required))

    def _navigations(
        self, navigations: tuple[Navigation, ...], body: Mapping[str, Any], path: tuple[str, ...]
    ) -> dict[str, Any]:
        """Read what an object brings along or refers to; the names used are in `_led`."""
        known = {name: each for each in navigations for name in each.names}
        found: dict[str, Any] = {}
        self._led = set()
        for name, value in body.items():
            each = known.get(name.lower().removesuffix("@odata.bind"))
            if each is None:
                continue
            self._led.add(name)
            place = (*path, each.name)
            if not self.is_create or not each.is_given:
                self._led_again(each, value, place)
            elif each.attribute in found:
                self._refuse(place, "is given twice.", "The property")
            else:
                found[each.attribute] = self._led_to(each, value, place)
        for each in navigations:
            if self.is_create and each.is_required and not found.get(each.attribute):
                self._refuse((*path, each.name), "is required.", "The property")
        return found

    def _led_again(self, each: Navigation, value: object, path: tuple[str, ...]) -> None:
        """Read what is sent back of an object's way; whoever knows the object judges it."""
        key = None if self.is_create or each.is_collection else referred_key(value)
        if key is not None and len(path) == 1:
            self.repeated.append((each, value, key))
        elif value is not None and not (each.is_collection and value == []):
            self._refuse(path, "cannot be changed here.", "The property")

    def _led_to(self, each: Navigation, value: object, path: tuple[str, ...]) -> Any:  # noqa: ANN401
        if not each.is_collection:
            return None if value in (None, {}) else self._member(each, value, path)
        if not isinstance(value, list):
            return self._refuse(path, "must be a list.")
        return tuple(self._member(each, item, path) for item in value)

    def _member(self, each: Navigation, value: object, path: tuple[str, ...]) -> Any:  # noqa: ANN401
        if not each.is_contained:
            key = referred_key(value)
            return self._refuse(path, "must name an object.") if key is None else key
        if not isinstance(value, dict):
            return self._refuse(path, "must be an object.")
        reading = Reading(is_create=True)
        given = reading.entity(each.to.entity, value)
        self.problems += [
            Problem(f"{'/'.join(path)}/{problem.target}", problem.message)
            for problem in reading.problems
        ]
        return given

    def _take_extensions(self, prefix: str, body: Mapping[str, Any]) -> None:
        self.extensions = {
            name: value
            for name, value in body.items()
            if name.lower().startswith(prefix) and "@" not in name
        }

    def properties(
        self,
        owner: str,
        properties: tuple[Property, ...],
        body: Mapping[str, Any],
        path: tuple[str, ...],
        required: frozenset[str] = frozenset(),
    ) -> dict[str, Any]:
        """Read an object with these properties, wherever it lies."""
        known = {
            name.lower(): each for each in properties for name in (each.name, *each.other_names)
        }
        found: dict[str, Any] = {}
        seen: set[str] = set()
        for name, value in body.items():
            if "@" in name and not name.endswith("@odata.bind"):
                continue
            each = known.get(name.lower())
            if each is None:
                self._refuse((*path, name), f"does not exist on type '{owner}'.", "The property")
            elif each.name in seen:
                self._refuse((*path, each.name), "is given twice.", "The property")
            else:
                seen.add(each.name)
                self._property(each, value, (*path, each.name), found)
        for each in properties:
            is_due = (each.is_required or each.name in required) and each.name != self.key
            if self.is_create and is_due and each.name not in seen:
                self._refuse((*path, each.name), "is required.", "The property")
        return found

    def _property(
        self, each: Property, value: object, path: tuple[str, ...], found: dict[str, Any]
    ) -> None:
        kind = each.type
        is_leading = isinstance(kind, ComplexType) and kind.navigations and not kind.derived
        if is_leading and isinstance(kind, ComplexType) and isinstance(value, dict):
            self._leading(each, kind, value, path, found)
        elif each.writable is Writable.NEVER and self.is_create:
            if value not in (None, {}, []):
                self._refuse(path, "is set by the server.", "The property")
        elif each.writable is Writable.NEVER or (
            each.writable is Writable.ON_CREATE and not self.is_create
        ):
            if value is None and each.writable is Writable.ON_CREATE:
                self._refuse(path, "must not be null.")
            else:
                self.fixed.append((path, value))
        elif each.returned in _HIDDEN and isinstance(value, str) and value in _MASKED:
            return
        elif not self.is_create and _is_hidden(each, value):
            self.fixed.append((path, value))
        elif (inlined := each.inlined) is not None and isinstance(value, dict):
            found.update(self.properties(inlined.name, inlined.properties, value, path))
        else:
            before = len(self.problems)
            checked = self._value(each, value, path)
            if len(self.problems) == before:
                found[each.attribute] = checked

    def _leading(
        self,
        each: Property,
        kind: ComplexType,
        value: Mapping[str, Any],
        path: tuple[str, ...],
        found: dict[str, Any],
    ) -> None:
        """Read a structured value that leads somewhere; what else it has are attributes."""
        given = self._navigations(kind.navigations, value, path)
        rest = {name: value[name] for name in value if name not in self._led}
        found.update(self.properties(kind.name, kind.properties, rest, path))
        if self.is_create:
            found[each.attribute] = given

    def _value(self, each: Property, value: object, path: tuple[str, ...]) -> Any:  # noqa: ANN401
        if value is None:
            if not each.is_nullable:
                self._refuse(path, "must not be null.")
            return None
        if not each.is_collection:
            return self._item(each, value, path)
        if not isinstance(value, list):
            return self._refuse(path, "must be a list.")
        if each.max_items is not None and len(value) > each.max_items:
            return self._refuse(path, f"must have at most {each.max_items} items.")
        return tuple(self._item(each, item, path) for item in value)

    def _item(self, each: Property, value: object, path: tuple[str, ...]) -> Any:  # noqa: ANN401
        if isinstance(each.type, ComplexType):
            return self._structure(each, each.type, value, path)
        try:
            found = _single(each.type, value)
        except Mismatch as mismatch:
            return self._refuse(path, str(mismatch))
        if isinstance(found, str):
            self._judge_text(each, found, path)
        elif isinstance(found, int) and not isinstance(found, bool):
            self._judge_number(each, found, path)
        if each.judge is not None and (rest := each.judge(found)) is not None:
            self._refuse(path, rest)
        return found

    def _structure(
        self, each: Property, kind: ComplexType, value: object, path: tuple[str, ...]
    ) -> Any:  # noqa: ANN401
        if not isinstance(value, dict):
            return self._refuse(path, "must be an object.")
        if kind.derived:
            return self._variant(kind, value, path)
        if kind.python is None:
            return self.properties(kind.name, kind.properties, value, path)
        is_create, before = self.is_create, len(self.problems)
        self.is_create = is_create or each.is_collection
        given = self.properties(kind.name, kind.properties, value, path)
        self.is_create = is_create
        if each.is_collection and len(self.problems) == before:
            return kind.python(**given)
        return Part(kind.python, given)

    def _variant(self, kind: ComplexType, value: Mapping[str, Any], path: tuple[str, ...]) -> Any:  # noqa: ANN401 - a part of any of the types
        """Read a value that says what it is; it is given as a whole."""
        found = next((each for each in kind.derived if is_named(value, (each.name,))), None)
        if found is None or found.python is None:
            names = ", ".join(f"#microsoft.graph.{each.name}" for each in kind.derived)
            return self._refuse((*path, "@odata.type"), f"must be one of {names}.")
        led = self._navigations(found.navigations, value, path)
        value = {name: value[name] for name in value if name not in self._led}
        is_create, self.is_create = self.is_create, True
        if not is_create:
            # What was read can be sent back, with what only the server says.
            told = {it.name.lower() for it in found.properties if it.writable is Writable.NEVER}
            value = {name: each for name, each in value.items() if name.lower() not in told}
        given = self.properties(found.name, found.properties, value, path)
        self.is_create = is_create
        return Part(found.python, led | given)

    def _judge_text(self, each: Property, text: str, path: tuple[str, ...]) -> None:
        if each.is_required and not text:
            self._refuse(path, "must not be empty.")
        if each.max_length is not None and len(text) > each.max_length:
            self._refuse(path, f"must have at most {each.max_length} characters.")

    def _judge_number(self, each: Property, number: int, path: tuple[str, ...]) -> None:
        low, high = each.minimum, each.maximum
        if low is None or high is None or low <= number <= high or number in each.also:
            return
        others = "".join(f" or {other}" for other in each.also)
        self._refuse(path, f"must lie between {low} and {high}{others}.")

    def _refuse(self, path: tuple[str, ...], rest: str, subject: str = "The value of") -> None:
        target = "/".join(path)[:200]
        self.problems.append(Problem(target, f"{subject} '{target}' {rest}"))


def _is_hidden(each: Property, value: object) -> bool:
    """Return whether a value has the sentinel in it, as an answer may have had."""
    if not isinstance(each.type, Enumeration) or not each.type.later:
        return False
    return SENTINEL in value if isinstance(value, list) else value == SENTINEL


def _single(kind: Primitive | Enumeration, value: object) -> Any:  # noqa: ANN401
    if isinstance(kind, Enumeration):
        return read_member(kind, value)
    return read_primitive(kind, value)


def referred_key(value: object) -> str | None:
    """Return the key of what a body refers to, by `id` or an address; None when it names none."""
    if isinstance(value, dict):
        named = {name.lower(): each for name, each in value.items() if isinstance(name, str)}
        value = named.get("@odata.id", named.get("@id"))
        if value is None and isinstance(named.get("id"), str):
            return named["id"] or None
    try:
        return address_key(value) if isinstance(value, str) else None
    except GraphError:  # it could be no path of ours, and the body is what is wrong
        return None


def given_type(body: Mapping[str, Any]) -> str | None:
    """Return `@odata.type` as it was sent, or None; what is no text is an empty name."""
    for name, value in body.items():
        if name.lower() == "@odata.type":
            return value if isinstance(value, str) else ""
    return None


def is_named(body: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Return whether `@odata.type` is one of these names, in any name space and case."""
    given = (given_type(body) or "").removeprefix("#").lower()
    return any(given == space + name.lower() for space in _NAMESPACES for name in names)


def type_problem(kind: EntityType, body: Mapping[str, Any]) -> Problem | None:
    """Return what is wrong with `@odata.type`, or None; absent is right."""
    accepted = [other for each in kind.lineage() for other in (each.name, *each.other_names)]
    if given_type(body) is None or is_named(body, accepted):
        return None
    return Problem("@odata.type", f"The value of '@odata.type' is no type of '{kind.name}'.")
