"""What the control plane leaves in the audit log: before, after, and what was refused."""

import json
from typing import Any

import pytest

from gatelodge.model.audit import ActorKind, AuditEvent, EventName
from tests.graph.plane import Plane
from tests.world.makers import TENANT

USERS, APPLICATIONS = "/beta/users", "/v1.0/applications"
FLOWS = "/beta/identity/userFlows"
AUDITS = "/v1.0/auditLogs/directoryAudits"
PASSWORD = "Correct-Horse-7-Battery"
PERSON = {
    "displayName": "Ada",
    "city": "Rome",
    "identities": [
        {"signInType": "emailAddress", "issuer": "acme.example", "issuerAssignedId": "a@b.example"}
    ],
    "passwordProfile": {"password": PASSWORD, "forceChangePasswordNextSignIn": False},
}


async def events(plane: Plane) -> list[AuditEvent]:
    return await plane.database.read(TENANT).audit_events.latest()


async def the_event(plane: Plane, name: EventName) -> AuditEvent:
    (found,) = [each for each in await events(plane) if each.name is name]
    return found


def told(event: AuditEvent) -> dict[str, tuple[Any, Any]]:
    def read(text: str | None) -> Any:
        return None if text is None else json.loads(text)

    return {each.name: (read(each.old), read(each.new)) for each in event.changes}


async def a_person(plane: Plane) -> str:
    made = await plane.request("POST", USERS, json=PERSON)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def test_a_change_says_what_was_and_what_is(plane: Plane) -> None:
    person = await a_person(plane)
    changed = await plane.request("PATCH", f"{USERS}/{person}", json={"city": "Oslo"})
    assert changed.status_code == 204
    event = await the_event(plane, EventName.USER_UPDATED)
    changes = told(event)
    assert changes.pop("updatedAt")[0] is None
    assert changes == {"city": ("Rome", "Oslo")}
    assert event.actor_kind is ActorKind.APPLICATION


async def test_what_was_made_and_what_is_gone_is_told_in_full(plane: Plane) -> None:
    person = await a_person(plane)
    await plane.request("DELETE", f"{USERS}/{person}")
    made = told(await the_event(plane, EventName.USER_CREATED))
    gone = told(await the_event(plane, EventName.USER_DELETED))
    assert made["city"] == (None, "Rome")
    assert gone["city"] == ("Rome", None)
    assert gone["displayName"] == ("Ada", None)


async def test_of_a_password_it_is_only_told_that_it_changed(plane: Plane) -> None:
    person = await a_person(plane)
    profile = {"passwordProfile": {"password": f"{PASSWORD}-9"}}
    await plane.request("PATCH", f"{USERS}/{person}", json=profile)
    event = await the_event(plane, EventName.USER_UPDATED)
    assert told(event)["passwordProfile"] == (None, None)
    assert PASSWORD not in str(await events(plane))


async def test_a_new_secret_is_told_by_its_id_alone(plane: Plane) -> None:
    application = plane.applications["reader"]
    path = f"{APPLICATIONS}/{application.id}/addPassword"
    made = (await plane.request("POST", path, json={"passwordCredential": {}})).json()
    event = await the_event(plane, EventName.APPLICATION_UPDATED)
    (before, after) = told(event)["passwordCredentials"]
    assert made["keyId"] in str(after)
    assert made["keyId"] not in str(before)
    assert made["secretText"] not in str(event)
    (kept,) = [
        each
        for each in (
            await plane.database.read(TENANT).applications.require(application.id)
        ).password_credentials
        if each.key_id == made["keyId"]
    ]
    assert kept.digest not in str(event)
    assert "hint" not in str(event)


async def test_a_write_that_may_not_be_is_recorded(plane: Plane) -> None:
    refused = await plane.request("DELETE", f"{FLOWS}/B2C_1_x", who="reader")
    assert refused.status_code == 403
    event = await the_event(plane, EventName.USER_FLOW_DELETED)
    assert not event.is_success
    assert event.actor == plane.applications["reader"].id
    assert event.target == "B2C_1_x"
    assert event.detail["status"] == "403"


async def test_a_write_that_failed_is_recorded_without_what_was_sent(plane: Plane) -> None:
    body = {"id": "x", "userFlowType": "nonsense-nobody-may-see", "userFlowTypeVersion": 3}
    failed = await plane.request("POST", FLOWS, json=body)
    assert failed.status_code == 400
    event = await the_event(plane, EventName.USER_FLOW_CREATED)
    assert (event.is_success, event.detail["status"], event.changes) == (False, "400", ())
    assert "nonsense" not in str(event)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("loggedByService eq 'B2C' and activityDateTime gt 2019-09-10T02:28:17Z", 1),
        ("initiatedBy/app/appId eq '{app_id}'", 2),
        ("initiatedBy/user/id eq '{app_id}'", 0),
        ("targetResources/any(t:t/id eq '{person}')", 1),
        ("activityDisplayName eq 'Create user flow' and result eq 'success'", 1),
    ],
)
async def test_the_log_is_filtered_as_it_is_read(plane: Plane, asked: str, expected: int) -> None:
    await plane.create("one")
    person = await a_person(plane)
    app_id = plane.applications["admin"].app_id
    where = asked.format(person=person, app_id=app_id)
    answer = await plane.request("GET", AUDITS, params={"$filter": where})
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["value"]) == expected
    assert all(each["initiatedBy"]["app"]["appId"] == app_id for each in answer.json()["value"])


@pytest.mark.parametrize("name", ["activityDisplayName", "category", "result"])
async def test_the_log_is_not_sorted_by_words(plane: Plane, name: str) -> None:
    answer = await plane.request("GET", AUDITS, params={"$orderby": name})
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == "$orderby"


async def test_reads_and_strangers_leave_nothing(plane: Plane) -> None:
    await plane.request("GET", FLOWS, who="nobody")
    await plane.request("GET", f"{FLOWS}/none")
    await plane.request("POST", FLOWS, who=None, json={})
    assert await events(plane) == []
