"""`$metadata`, read far enough to compare it with what clients expect."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from xml.etree import ElementTree as ET

from gatelodge.graph.metadata import metadata_document
from gatelodge.graph.model.sets import MODEL

EDM = "{http://docs.oasis-open.org/odata/ns/edm}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A property or navigation; `kind` is `Edm.String` or the name of one of our types."""

    name: str
    kind: str
    is_collection: bool
    is_nullable: bool
    is_navigation: bool


@cache
def _root() -> ET.Element:
    return ET.fromstring(metadata_document(MODEL))  # noqa: S314 - our own


@cache
def structures() -> dict[str, ET.Element]:
    """Return entity and complex types by their names."""
    kinds = ("EntityType", "ComplexType")
    return {str(it.get("Name")): it for kind in kinds for it in _root().iter(f"{EDM}{kind}")}


@cache
def enumerations() -> dict[str, list[str]]:
    """Return the members of every enumeration by its name."""
    return {
        str(each.get("Name")): [str(it.get("Name")) for it in each.iter(f"{EDM}Member")]
        for each in _root().iter(f"{EDM}EnumType")
    }


def properties(name: str) -> Iterator[Declared]:
    """Yield what a type has, beginning with what it inherits."""
    element = structures()[name]
    if (inherited := element.get("BaseType")) is not None:
        yield from properties(inherited.removeprefix("graph."))
    for each in element:
        if each.tag not in {f"{EDM}Property", f"{EDM}NavigationProperty"}:
            continue
        text = str(each.get("Type"))
        yield Declared(
            name=str(each.get("Name")),
            kind=re.sub(r"^Collection\((.*)\)$", r"\1", text).removeprefix("graph."),
            is_collection=text.startswith("Collection("),
            is_nullable=each.get("Nullable") != "false",
            is_navigation=each.tag == f"{EDM}NavigationProperty",
        )
