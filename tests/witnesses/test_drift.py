"""`$metadata` beside what Microsoft's own clients expect: names, types, what may be null.

`golden/drift.txt` holds every difference; `python -m tests.witnesses.test_drift` writes it again.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.witnesses.declared import Declared, enumerations, properties, structures
from tests.witnesses.typescript import types

pytestmark = pytest.mark.witness

DRIFT = Path(__file__).parents[1] / "golden" / "drift.txt"
USER_FLOWS = re.compile(
    r"(b2c|b2x)?(identityUserFlow|userFlow|claimsMapping|identityApiConnector|identityProvider)"
    r"|social|builtIn|appleManaged|openIdConnect|oidcIdentity|samlOrWsFed|assignmentOrder"
)
"""Types of which nothing may be left out."""

IN_JAVASCRIPT = {
    "Edm.String": "string",
    "Edm.Boolean": "boolean",
    "Edm.Single": "number",
    "Edm.Int32": "number",
    "Edm.Int64": "number",
    "Edm.DateTimeOffset": "string",
    "Edm.Guid": "string",
    "Edm.Binary": "number",
    "Edm.Stream": "any",
}
IN_PYTHON = {
    "Edm.String": {"str"},
    "Edm.Boolean": {"bool"},
    "Edm.Single": {"float"},
    "Edm.Int32": {"int"},
    "Edm.Int64": {"int"},
    "Edm.DateTimeOffset": {"datetime"},
    "Edm.Guid": {"UUID", "str"},
    "Edm.Binary": {"bytes"},
    "Edm.Stream": {"bytes"},
}
"""A GUID is text to whoever does not look closer."""


def title(name: str) -> str:
    return name[0].upper() + name[1:]


KNOWN = [each for each in structures() if title(each) in types().interfaces]


def differences(name: str) -> Iterator[str]:
    """Yield how a type differs from what the JavaScript client expects, one line for each."""
    theirs = types().interfaces[title(name)]
    ours = {each.name: each for each in properties(name)}
    if left_out := sorted(theirs.keys() - ours.keys()):
        yield f"{name} leaves out {' '.join(left_out)}"
    if alone := sorted(ours.keys() - theirs.keys()):
        yield f"{name} alone has {' '.join(alone)}"
    for each in (ours[shared] for shared in sorted(ours.keys() & theirs.keys())):
        expected = theirs[each.name]
        kind = IN_JAVASCRIPT.get(each.kind, title(each.kind)) + "[]" * each.is_collection
        if kind != expected.kind:
            yield f"{name}.{each.name} is {kind} where {expected.kind} is expected"
        if each.is_nullable and not each.is_navigation and not expected.is_nullable:
            yield f"{name}.{each.name} may be null where that is not expected"


def changed_enumerations() -> Iterator[str]:
    for name, members in sorted(enumerations().items()):
        theirs = types().enumerations.get(title(name))
        if theirs is None:
            yield f"{name} is ours"
            continue
        if alone := sorted(set(members) - set(theirs)):
            yield f"{name} alone has {' '.join(alone)}"
        if left_out := sorted(set(theirs) - set(members)):
            yield f"{name} leaves out {' '.join(left_out)}"


def every_difference() -> list[str]:
    found = [line for name in sorted(KNOWN) for line in differences(name)]
    # A container is where paths begin; no answer is one.
    own = {each for each in structures() if not each.endswith("Container")} - set(KNOWN)
    found += [f"{name} is ours" for name in sorted(own)]
    return [*found, *changed_enumerations()]


def test_nothing_differs_from_what_the_javascript_client_expects_but_what_is_written_down() -> None:
    assert every_difference() == DRIFT.read_text().splitlines()


@pytest.mark.parametrize("name", [each for each in KNOWN if USER_FLOWS.match(each)])
def test_of_what_user_flows_consist_of_nothing_is_left_out(name: str) -> None:
    assert [line for line in differences(name) if "leaves out" in line or "null" in line] == []


class Reader:
    """Stands where the Python SDK reads an answer, and notes how it reads."""

    def __init__(self) -> None:
        self.kind: Any = ""
        self.is_collection = False

    def __getattr__(self, method: str) -> Any:
        def note(kind: Any = None) -> None:
            self.is_collection = method.startswith("get_collection_of_")
            plain = method.removeprefix("get_").removesuffix("_value")
            self.kind = kind or {"datetime": datetime, "uuid": UUID}.get(plain, plain)

        return note

    def reads(self, each: Declared) -> bool:
        """Return whether it can read what is declared: as it is, or as one of its bases."""
        kind = self.kind if isinstance(self.kind, str) else self.kind.__name__
        if each.kind in IN_PYTHON:
            return kind in IN_PYTHON[each.kind] and self.is_collection == each.is_collection
        kinds = (sdk_model(each.kind), self.kind)
        is_known = all(isinstance(it, type) for it in kinds)
        is_derived = is_known and (issubclass(*kinds) or issubclass(*kinds[::-1]))
        return is_derived and self.is_collection == each.is_collection


def sdk_model(name: str) -> Any:
    module = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    try:
        return getattr(import_module(f"msgraph_beta.generated.models.{module}"), title(name))
    except ModuleNotFoundError:
        return None


@pytest.mark.parametrize("name", [each for each in structures() if sdk_model(each) is not None])
def test_the_python_client_reads_every_property_as_what_it_is(name: str) -> None:
    readers = sdk_model(name)().get_field_deserializers()
    written_down = DRIFT.read_text()
    for each in properties(name):
        if each.name not in readers or f"\n{name}.{each.name} is " in written_down:
            continue
        reader = Reader()
        readers[each.name](reader)
        assert reader.reads(each), (each, reader.kind)


if __name__ == "__main__":
    DRIFT.write_text("".join(f"{line}\n" for line in every_difference()))
