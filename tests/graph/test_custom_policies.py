"""Custom policies: XML that is kept exactly, found by what it calls itself, and not run."""

from typing import Any

import httpx
import pytest

from tests.graph.plane import Plane
from tests.world.makers import TENANT

POLICIES = "/beta/trustFramework/policies"
XML = {"Content-Type": "application/xml"}
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


def document(name: str = "B2C_1A_Trust", *, before: str = "", inside: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\r\n{before}<!-- kept -->'
        '<TrustFrameworkPolicy xmlns="http://schemas.microsoft.com/online/cpim/schemas/2013/06"'
        f' PolicySchemaVersion="0.3.0.0" TenantId="acme.example" PolicyId="{name}">'
        f"{inside}<ä/></TrustFrameworkPolicy>\n"
    ).encode()


async def send(
    plane: Plane, method: str, path: str, content: bytes, **headers: Any
) -> httpx.Response:
    token = await plane.token(roles=["Policy.ReadWrite.TrustFramework"])
    every = {**XML, "Authorization": f"Bearer {token}", **headers}
    return await plane.client.request(method, path, content=content, headers=every)


async def test_a_policy_is_kept_to_the_octet_replaced_and_deleted(plane: Plane) -> None:
    made = await send(plane, "POST", POLICIES, document())
    assert (made.status_code, made.content) == (201, document())
    assert made.headers["content-type"].startswith("application/xml")
    assert made.headers["location"].endswith("/trustFramework/policies('B2C_1A_Trust')")
    again = await send(plane, "POST", POLICIES, document("b2c_1a_trust"))
    assert (again.status_code, again.json()["error"]["code"]) == (409, "Conflict")
    value = f"{POLICIES}/b2c_1a_TRUST/$value"
    other = document(inside="<BuildingBlocks/>")
    replaced = await send(plane, "PUT", value, other)
    assert (replaced.status_code, replaced.content) == (200, other)
    new = await send(plane, "PUT", f"{POLICIES}/B2C_1A_New/$value", document("B2C_1A_New"))
    assert (new.status_code, new.content) == (201, document("B2C_1A_New"))
    token = await plane.token(roles=["Policy.Read.All"])
    reader = {"Authorization": f"Bearer {token}"}
    assert (await plane.client.get(value, headers=reader)).content == other
    listed = (await plane.client.get(POLICIES, headers=reader)).json()["value"]
    assert [each["id"] for each in listed] == ["B2C_1A_New", "B2C_1A_Trust"]
    refused = await plane.client.put(value, headers={**reader, **XML}, content=other)
    assert refused.status_code == 403
    assert (await send(plane, "DELETE", value, b"")).status_code == 405
    assert (await send(plane, "DELETE", f"{POLICIES}/B2C_1A_Trust", b"")).status_code == 204
    assert (await plane.client.get(value, headers=reader)).status_code == 404
    entries = (await plane.request("GET", "/v1.0/auditLogs/directoryAudits")).json()["value"]
    told = {each["activityDisplayName"] for each in entries if each["result"] == "success"}
    verbs = ("Create", "Update", "Delete")
    assert {f"{verb} trust framework policy" for verb in verbs} <= told


@pytest.mark.parametrize(
    ("content", "target"),
    [
        (b"", "content"),
        (b"<TrustFrameworkPolicy PolicyId='B2C_1A_x'>", "content"),
        (document(before=OUTSIDE, inside="&e;"), "content"),
        (document(before=LAUGHS, inside="&i;"), "content"),
        (document(before="<!DOCTYPE x>"), "content"),
        (document().decode().encode("utf-16"), "content"),
        (b"<Other PolicyId='B2C_1A_x'/>", "content"),
        (document(""), "PolicyId"),
        (document("B2C_1_Trust"), "PolicyId"),
        (document("B2C_1A_a b"), "PolicyId"),
        (document("B2C_1A_" + "x" * 65), "PolicyId"),
    ],
)
async def test_what_is_no_policy_is_refused(plane: Plane, content: bytes, target: str) -> None:
    for method, path in (("POST", POLICIES), ("PUT", f"{POLICIES}/B2C_1A_x/$value")):
        answer = await send(plane, method, path, content)
        assert (answer.status_code, answer.json()["error"]["target"]) == (400, target), answer.text
        assert "hostname" not in answer.text


async def test_a_policy_is_put_where_it_says_it_belongs(plane: Plane) -> None:
    await send(plane, "POST", POLICIES, document())
    for key in ("B2C_1A_Trust", "B2C_1A_New"):
        path = f"{POLICIES}/{key}/$value"
        answer = await send(plane, "PUT", path, document("B2C_1A_Other"))
        assert (answer.status_code, answer.json()["error"]["target"]) == (400, "PolicyId")
    json = await send(plane, "POST", POLICIES, b"{}", **{"Content-Type": "application/json"})
    assert json.status_code == 415


async def test_two_hundred_are_enough(plane: Plane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gatelodge.graph.model.trust_framework.MAX_POLICIES", 1)
    assert (await send(plane, "POST", POLICIES, document())).status_code == 201
    answer = await send(plane, "POST", POLICIES, document("B2C_1A_More"))
    assert (answer.status_code, answer.json()["error"]["target"]) == (400, "id")


async def test_tenants_do_not_see_each_other_s(plane: Plane) -> None:
    await send(plane, "POST", POLICIES, document())
    token = await plane.token("stranger", roles=["Policy.ReadWrite.TrustFramework"])
    stranger = {"Authorization": f"Bearer {token}"}
    assert (await plane.client.get(POLICIES, headers=stranger)).json()["value"] == []
    address = f"{POLICIES}/B2C_1A_Trust"
    for method, path in (("GET", f"{address}/$value"), ("DELETE", address)):
        answer = await plane.client.request(method, path, headers=stranger)
        assert answer.status_code == 404


async def test_a_document_is_replaced_only_in_the_version_that_is_named(plane: Plane) -> None:
    await send(plane, "POST", POLICIES, document())
    value = f"{POLICIES}/B2C_1A_Trust/$value"
    other = document(inside="<BuildingBlocks/>")
    first = {"If-Match": 'W/"0"'}
    assert (await send(plane, "PUT", value, other, **first)).status_code == 200
    late = await send(plane, "PUT", value, document(), **first)
    assert (late.status_code, late.json()["error"]["code"]) == (412, "PreconditionFailed")
    new = await send(
        plane, "PUT", f"{POLICIES}/B2C_1A_New/$value", document("B2C_1A_New"), **{"If-Match": "*"}
    )
    assert new.status_code == 412
    token = await plane.token(roles=["Policy.Read.All"])
    reader = {"Authorization": f"Bearer {token}"}
    assert (await plane.client.get(value, headers=reader)).content == other
    assert len((await plane.client.get(POLICIES, headers=reader)).json()["value"]) == 1


async def test_a_list_of_policies_reads_no_contents(plane: Plane) -> None:
    await send(plane, "POST", POLICIES, document())
    listed = await plane.database.read(TENANT).trust_framework_policies.every()
    assert [(each.id, each.content) for each in listed] == [("B2C_1A_Trust", "")]
