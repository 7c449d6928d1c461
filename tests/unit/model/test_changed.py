"""A changed copy is what `dataclasses.replace` makes."""

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from gatelodge.model.changed import changed
from gatelodge.model.interaction import Facts
from tests.world.makers import an_account
from tests.world.traces import an_interaction


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (Facts(), {"email": "ada@example.com", "retries": 2}),
        (an_interaction(), {"completed": ("choose",), "facts": Facts(sends=1)}),
        (an_account(), {"revision": 3}),
        (an_account(), {}),
    ],
)
def test_a_changed_copy_differs_in_what_was_changed_alone(
    value: Any, changes: dict[str, Any]
) -> None:
    before = {each.name: getattr(value, each.name) for each in fields(value)}
    assert changed(value, **changes) == replace(value, **changes)
    assert before == {each.name: getattr(value, each.name) for each in fields(value)}


def test_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="no field 'revisoin'"):
        changed(an_account(), revisoin=1)


@dataclass(frozen=True, slots=True)
class Even:
    first: int
    second: int

    def __post_init__(self) -> None:
        if self.first % 2:
            raise ValueError("odd")


def test_a_class_that_checks_itself_is_not_copied_past_its_check() -> None:
    with pytest.raises(TypeError, match="checks itself"):
        changed(Even(2, 2), first=1)
