"""What schemathesis cannot guess from a description: text in the small languages of OData."""

from typing import Any

import schemathesis
from hypothesis import strategies

OPEN = "{}"
WRITTEN = ("$filter", "$orderby", "$select")
FILTERS = ("{} eq 'x'", "not({} ne 'y')", "{} in ('b','c') or {} eq 'd'", "({} eq 'e')")
ORDERS = ("{}", "{} desc", "{} asc")
SELECTIONS = ("{}", "*", "*,{}")

for name, texts in (("filter", FILTERS), ("orderby", ORDERS), ("select", SELECTIONS)):
    schemathesis.openapi.format(f"odata-{name}", strategies.sampled_from(texts))
schemathesis.openapi.format("odata-expand", strategies.just(OPEN))


@schemathesis.hook
def before_call(_context: Any, case: Any, **_more: Any) -> None:
    """Put the name of the key where a text leaves it open; follow no navigation."""
    keys = {"/signInIdentifiers": "name", "/includeApplications": "appId"}
    key = next((each for part, each in keys.items() if part in case.operation.path), "id")
    if not isinstance(case.query, dict):
        return
    if case.query.get("$expand") == OPEN:
        del case.query["$expand"]
    for name, value in case.query.items():
        if isinstance(value, str) and name in WRITTEN:
            case.query[name] = value.replace(OPEN, key)
