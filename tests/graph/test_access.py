"""Who may do what: every operation of the model, every kind of caller."""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

import pytest

from gatelodge.graph.edm import (
    Access,
    Action,
    Create,
    Delete,
    EntitySet,
    Lookup,
    Operation,
    Read,
    Update,
)
from gatelodge.graph.methods import methods_of
from gatelodge.graph.model.sets import MODEL
from gatelodge.graph.model.users import CHANGE_PASSWORD
from gatelodge.graph.openapi import openapi_document
from gatelodge.graph.path import paths_of
from gatelodge.model.account import Account
from gatelodge.storage.stores import Stores
from tests.graph.plane import ORIGIN, Plane
from tests.world.makers import TENANT, an_account

FLOWS = "/beta/identity/userFlows"


def addresses(entity_set: EntitySet, operation: Operation) -> Iterator[tuple[str, str]]:
    for door in entity_set.doors:
        item = door.path if entity_set.is_single else f"{door.path}/some-key"
        match operation:
            case Read() if entity_set.is_single:
                yield "GET", item
            case Read():
                yield "GET", door.path
                yield "GET", f"{door.path}/$count"
                yield "GET", item
            case Create():
                yield "POST", door.path
            case Update():
                yield "PATCH", item
            case Delete():
                yield "DELETE", item
            case Lookup() | Action(is_of_collection=True):
                yield "POST", f"{door.path}/{operation.name}"
            case Action():
                yield "POST", f"{item}/{operation.name}"


MATRIX = [
    pytest.param(method, path, operation, id=f"{method} {path}")
    for entity_set in MODEL
    for operation in entity_set.operations
    for method, path in addresses(entity_set, operation)
]


def test_every_operation_declares_who_may() -> None:
    for entity_set in MODEL:
        for operation in entity_set.operations:
            is_for_oneself = operation is CHANGE_PASSWORD
            assert bool(operation.access.application) is not is_for_oneself
            assert operation.access.delegated
            assert operation.access.roles


@pytest.mark.parametrize(("method", "path", "operation"), MATRIX)
async def test_each_operation_lets_in_whom_it_should(
    plane: Plane, method: str, path: str, operation: Operation
) -> None:
    async def status(token: str | None) -> int:
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        answer = await plane.client.request(method, f"/v1.0{path}", headers=headers, json={})
        return answer.status_code

    access = operation.access
    everything = {each for one in MODEL for it in one.operations for each in it.access.application}
    others = sorted(everything - set(access.application))
    assert await status(None) == 401
    assert await status(await plane.token(tid="00000000-0000-4000-8000-000000000000")) == 401
    assert await status(await plane.token(tfp="B2C_1_x")) == 401
    assert await status(await plane.token("nobody")) == 403
    assert await status(await plane.token(roles=others)) == 403
    assert await status(await plane.token(roles=None)) == 403
    assert await status(await plane.token(idtyp=None, roles=list(access.application))) == 401
    for permission in access.application:
        assert await status(await plane.token(roles=[permission])) in {200, 204, 400, 404, 415}
    await _delegated(plane, status, operation)


async def _delegated(plane: Plane, status: Any, operation: Operation) -> None:
    access = operation.access
    user = an_account(1)
    role_holder = an_account(2, directory_roles=(access.roles[-1],))
    stranger = an_account(3, directory_roles=("Message Center Reader",))

    async def work(stores: Stores) -> None:
        for each in (user, role_holder, stranger):
            await stores.accounts.add(each)

    await plane.database.write(TENANT, work)
    wanted = access.delegated[0]
    assert await status(await plane.delegated(user, wanted)) == 403
    assert await status(await plane.delegated(stranger, wanted)) == 403
    assert await status(await plane.delegated(role_holder, "Mail.Read")) == 403
    assert await status(await plane.delegated(role_holder, "")) == 403
    assert await status(await plane.delegated(role_holder, wanted)) in {200, 204, 400, 404, 415}


DESCRIBED = openapi_document(MODEL, ORIGIN)["paths"]
KEY = re.compile(r"\{\w+\}")
GENTLE = {200, 204, 400, 404, 405, 409, 415}


def described() -> Iterator[tuple[str, str, Access]]:
    """Yield method, path and access of everything the description names, wherever it lies."""
    paths, operations = paths_of(MODEL), cast(Any, Nothing())
    for path, item in DESCRIBED.items():
        filled = KEY.sub("some-key", path).lstrip("/")
        methods = methods_of(operations, paths.resolve(filled.encode()))
        for name in item.keys() & {"get", "put", "patch", "post", "delete"}:
            yield name.upper(), f"/beta/{filled}", methods[name.upper()].access


class Nothing:
    """Stands for operations that are named and not carried out."""

    def __getattr__(self, name: str) -> str:
        return name


async def test_every_address_asks_for_a_permission_that_is_enough_by_itself(plane: Plane) -> None:
    holder = an_account(2, directory_roles=("Global Administrator",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(holder))
    every = {each for _, _, it in described() for each in (*it.application, *it.owned)}

    async def status(method: str, path: str, token: str) -> int:
        headers = {"Authorization": f"Bearer {token}"}
        answer = await plane.client.request(method, path, headers=headers, json={})
        return answer.status_code

    seen = 0
    for method, path, access in described():
        seen += 1
        others = await plane.token(roles=sorted(every - {*access.application, *access.owned}))
        assert await status(method, path, others) == 403, (method, path)
        if access.application:
            least = await plane.token(roles=[access.application[0]])
            assert await status(method, path, least) in GENTLE, (method, path)
        scope = await plane.delegated(holder, access.delegated[0])
        assert await status(method, path, scope) in GENTLE, (method, path)
        wrong = await plane.delegated(holder, " ".join(every - set(access.delegated)))
        assert await status(method, path, wrong) == 403, (method, path)
        assert (await plane.client.request(method, path, json={})).status_code == 401
    assert seen > 400


async def test_a_disallowed_caller_cannot_tell_which_ids_exist(plane: Plane) -> None:
    await plane.create("Pol1")
    for key in ("B2C_1_Pol1", "B2C_1_Pol2"):
        for who in ("nobody", None):
            for method in ("GET", "PATCH", "DELETE"):
                answer = await plane.request(method, f"{FLOWS}/{key}", who=who)
                assert answer.status_code == (401 if who is None else 403)


async def test_a_reader_reads_and_writes_nothing(plane: Plane) -> None:
    await plane.create("Pol1")
    assert (await plane.request("GET", FLOWS, who="reader")).status_code == 200
    body = {"id": "x", "userFlowType": "signIn", "userFlowTypeVersion": 3}
    for method, path in (("POST", ""), ("PATCH", "/B2C_1_Pol1"), ("DELETE", "/B2C_1_Pol1")):
        answer = await plane.request(method, FLOWS + path, who="reader", json=body)
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "Authorization_RequestDenied"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": None},
        {"iss": "https://evil.example/v2.0"},
        {"iss": "https://id.example/11111111-1111-4111-8111-111111111111/v2.0/"},
        {"aud": None},
        {"aud": "a0000001-0000-4000-8000-000000000001"},
        {"aud": ["https://graph.microsoft.com"]},
        {"tfp": "B2C_1_x"},
        {"acr": "b2c_1_x"},
        {"exp": None},
        {"exp": 0},
        {"exp": 1},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 10**30},
        {"nbf": None},
        {"nbf": 4_000_000_000},
        {"tid": None},
        {"tid": 7},
        {"tid": "a\x00b"},
        {"appid": None},
        {"appid": ["x"]},
        {"appid": "00000000-0000-4000-8000-00000000000f"},
    ],
)
async def test_a_token_that_does_not_fit_is_refused(plane: Plane, changes: dict[str, Any]) -> None:
    claims = await plane.claims()
    claims = {name: each for name, each in (claims | changes).items() if each is not None}
    headers = {"Authorization": f"Bearer {await plane.sign(claims)}"}
    answer = await plane.client.get(FLOWS, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "InvalidAuthenticationToken"
    challenge = answer.headers["www-authenticate"]
    assert challenge.startswith('Bearer realm=""')
    assert 'client_id="00000003-0000-0000-c000-000000000000"' in challenge


def _unsigned(claims: dict[str, Any]) -> str:
    parts = [json.dumps({"alg": "none", "typ": "JWT"}), json.dumps(claims)]
    return ".".join(base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in parts)


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer bnVsbA.bnVsbA.bnVsbA",
        "Bearer " + "x" * 20_000,
        "Bearer é.é.é",
    ],
)
async def test_what_is_no_token_is_refused(plane: Plane, authorization: str) -> None:
    headers = [(b"Authorization", authorization.encode("latin-1"))]
    answer = await plane.client.get(FLOWS, headers=headers)
    assert answer.status_code == 401


async def test_a_token_nobody_signed_is_refused(plane: Plane) -> None:
    unsigned = _unsigned(await plane.claims())
    for token in (f"{unsigned}.", unsigned):
        answer = await plane.client.get(FLOWS, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_a_token_another_tenant_signed_is_refused(plane: Plane) -> None:
    stranger = plane.applications["stranger"].directory_id
    token = await plane.sign(await plane.claims(), stranger)
    answer = await plane.client.get(FLOWS, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401


async def test_a_token_in_the_address_does_not_count(plane: Plane) -> None:
    answer = await plane.client.get(f"{FLOWS}?access_token={await plane.token()}")
    assert answer.status_code == 401


async def test_two_tokens_are_none(plane: Plane) -> None:
    token = ("Authorization", f"Bearer {await plane.token()}")
    assert (await plane.client.get(FLOWS, headers=[token, token])).status_code == 401


async def test_a_token_dies_with_its_expiry(plane: Plane) -> None:
    headers = {"Authorization": f"Bearer {await plane.token()}"}
    assert (await plane.client.get(FLOWS, headers=headers)).status_code == 200
    plane.clock.move(hours=1)
    assert (await plane.client.get(FLOWS, headers=headers)).status_code == 401


async def test_a_token_dies_with_its_application(plane: Plane) -> None:
    admin = plane.applications["admin"]
    headers = {"Authorization": f"Bearer {await plane.token()}"}
    disabled = replace(admin, is_enabled=False)
    await plane.database.write(TENANT, lambda stores: stores.applications.save(disabled))
    assert (await plane.client.get(FLOWS, headers=headers)).status_code == 401
    await plane.database.write(TENANT, lambda stores: stores.applications.remove(admin.id))
    assert (await plane.client.get(FLOWS, headers=headers)).status_code == 401


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"account_enabled": False}, 401),
        ({"directory_roles": ()}, 403),
        ({"directory_roles": ("Global Reader",)}, 200),
    ],
)
async def test_a_user_s_token_is_judged_by_what_the_user_is_now(
    plane: Plane, changes: dict[str, Any], status: int
) -> None:
    administrator: Account = an_account(directory_roles=("External ID User Flow Administrator",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(administrator))
    token = await plane.delegated(administrator, "IdentityUserFlow.Read.All openid")
    changed = replace(administrator, **changes)
    await plane.database.write(TENANT, lambda stores: stores.accounts.save(changed))
    answer = await plane.client.get(FLOWS, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == status


async def test_a_user_s_token_dies_when_the_user_is_signed_out_everywhere(plane: Plane) -> None:
    administrator = an_account(directory_roles=("Global Administrator",))
    await plane.database.write(TENANT, lambda stores: stores.accounts.add(administrator))
    token = await plane.delegated(administrator, "IdentityUserFlow.Read.All")
    plane.clock.move(seconds=5)
    address = f"/v1.0/users/{administrator.id}/revokeSignInSessions"
    everything = await plane.token(roles=["Directory.ReadWrite.All"])
    done = await plane.client.post(address, headers={"Authorization": f"Bearer {everything}"})
    assert done.status_code == 200
    answer = await plane.client.get(FLOWS, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 401
