"""Sequences that schemathesis makes up: they begin with the documented examples.

Bodies made up from a schema alone are hardly ever accepted, and what was not made can be neither
read nor changed nor deleted.
"""

from itertools import count
from typing import Any

import schemathesis

from tests.world.made_up import before_call

NAMES = {"id": "{}{}", "displayName": "{} {}", "issuerAssignedId": "{1}{0}"}
"""Properties whose values are taken once they were used, and how to make others of them."""

__all__ = ["before_call", "make_what_is_documented"]
_numbers = count(1)


def _another(value: Any, number: int) -> Any:
    if isinstance(value, list):
        return [_another(each, number) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: NAMES[name].format(each, number) if name in NAMES else _another(each, number)
        for name, each in value.items()
    }


@schemathesis.hook("before_call")
def make_what_is_documented(_context: Any, case: Any, **_more: Any) -> None:
    """Send the example of an entity to be made, under a name nobody has yet."""
    described = case.operation.definition.raw
    if not described["operationId"].startswith("create-"):
        return
    schema = described["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rpartition("/")[2]
    examples = case.operation.schema.raw_schema["components"]["schemas"][name].get("examples")
    if examples:
        case.body = _another(examples[0], next(_numbers))
