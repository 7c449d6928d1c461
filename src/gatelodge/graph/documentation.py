"""The page people browse: the model, drawn on the server and without any script."""

import base64
import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from minijinja import Environment

from gatelodge.graph.edm import Create, EntitySet, Model, Property
from gatelodge.graph.places import Place, first_places
from gatelodge.graph.reference import Permitted, file_name, property_row, requests_at
from gatelodge.graph.types import enumerations, structured_types


def documentation_page(model: Model, origin: str) -> tuple[bytes, str]:
    """Return the page and the content security policy it needs."""
    folder = files("gatelodge.graph") / "templates"
    style = (folder / "documentation.css").read_text("utf-8")
    environment = Environment(
        templates={"documentation.html": (folder / "documentation.html").read_text("utf-8")},
        auto_escape_callback=lambda _template: "html",
        undefined_behavior="strict",
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.render_template(
        "documentation.html",
        style=style,
        origin=origin,
        sets=[_set(each) for each in first_places(model)],
    )
    return text.encode(), _policy(style)


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def _set(place: Place) -> dict[str, Any]:
    entity_set = place.entity_set
    anchor = file_name(entity_set)
    return {
        "anchor": anchor,
        "title": entity_set.title,
        "doc": entity_set.entity.doc,
        "operations": list(_operations(place, anchor)),
        "tables": list(_tables(entity_set, anchor)),
    }


def _operations(place: Place, anchor: str) -> Iterator[dict[str, Any]]:
    for index, (operation, method, path, answer, what) in enumerate(requests_at(place)):
        yield {
            "anchor": f"{anchor}-{method.lower()}-{index}",
            "method": method,
            "path": path,
            "summary": what.replace("`", ""),
            "answer": answer.replace("`", ""),
            "application": operation.access.application,
            "delegated": operation.access.delegated,
            "roles": ", ".join(operation.access.roles),
            "example": _example(operation),
        }


def _example(operation: Permitted) -> str:
    if isinstance(operation, Create) and operation.example:
        return json.dumps(operation.example, indent=2)
    return ""


def _tables(entity_set: EntitySet, anchor: str) -> Iterator[dict[str, Any]]:
    yield _table("", "", anchor, tuple(entity_set.entity.all_properties()))
    for kind in structured_types((entity_set,)):
        yield _table(kind.name, kind.doc, anchor, kind.properties)
    for each in enumerations((entity_set,)):
        doc = f"{each.doc} One of {', '.join(each.members)}."
        yield _table(each.name, doc, anchor, ())


def _table(title: str, doc: str, anchor: str, properties: tuple[Property, ...]) -> dict[str, Any]:
    heads = ("name", "type", "given", "returned", "asked", "doc")
    rows = [dict(zip(heads, property_row(each), strict=True)) for each in properties]
    for row in rows:
        row["name"] = row["name"].strip("`")
        row["doc"] = row["doc"].replace("`", "")
    return {"title": title, "doc": doc, "anchor": f"{anchor}-{title}", "rows": rows}
