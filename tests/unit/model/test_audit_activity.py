"""Every event has a name people read."""

import pytest

from gatelodge.model.audit import EventName
from gatelodge.model.audit_activity import AuditKind, activity_named, kind_of


@pytest.mark.parametrize("name", list(EventName))
def test_every_event_is_called_something(name: EventName) -> None:
    activity = activity_named(name)
    assert activity.display_name[0].isupper()
    assert "." not in activity.display_name
    assert activity.category
    assert activity.target_type
    assert activity.service in {"B2C", "Core Directory"}


def test_a_regular_event_needs_no_entry() -> None:
    activity = activity_named(EventName.ATTRIBUTE_CREATED)
    assert activity.display_name == "Create user flow attribute"
    assert (activity.operation, activity.target_type) == ("Add", "UserFlowAttribute")


def test_only_sign_ins_are_sign_ins() -> None:
    found = {name for name in EventName if kind_of(name) is AuditKind.SIGN_IN}
    assert found == {
        EventName.SIGN_IN,
        EventName.SIGN_IN_REFUSED,
        EventName.ERROR_TOLD,
        EventName.ERRORS_LEFT_OUT,
    }
