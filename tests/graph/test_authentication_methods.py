"""Authentication methods of users: what an administrator sees, adds and takes away."""

from typing import Any

import pytest

from gatelodge.model.audit import EventName
from gatelodge.model.second_factor import EnrolledFactor, FactorKind
from gatelodge.storage.stores import Stores
from tests.graph.plane import Plane
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, a_password, an_account
from tests.world.traces import LATER, a_grant, a_passkey, a_recovery_code, a_session

USER = an_account()
USERS = f"/beta/users/{USER.id}/authentication"
MOBILE = "3179e48a-750b-4051-897c-87b9720928f7"
MAILBOX = "3ddfcfc8-9383-446f-83cc-3ab9be4be18f"
PHONE = {"phoneNumber": "+49 15123456789", "phoneType": "mobile"}


async def _add(plane: Plane, *more: Any, account: Any = USER) -> None:
    async def work(stores: Stores) -> None:
        await stores.accounts.add(account)
        await stores.passwords.add(a_password(account.id))
        for each in more:
            await stores.second_factors.add(each)

    await plane.database.write(TENANT, work)


def an_authenticator(account: Any = USER) -> EnrolledFactor:
    return EnrolledFactor(
        directory_id=TENANT,
        account_id=account.id,
        id="0a0a0a0a-0000-4000-8000-000000000001",
        kind=FactorKind.AUTHENTICATOR,
        created_at=BEGINNING,
        sealed_secret="c2VhbGVk",
    )


async def test_every_method_is_listed_under_its_type_and_no_secret_is_told(plane: Plane) -> None:
    await _add(plane, an_authenticator())
    for path, body in (("phoneMethods", PHONE), ("emailMethods", {"emailAddress": "a@b.example"})):
        answer = await plane.request("POST", f"{USERS}/{path}", json=body)
        assert answer.status_code == 201, answer.text
    answer = await plane.request("GET", f"{USERS}/methods")
    found = {each["@odata.type"].rpartition(".")[2]: each for each in answer.json()["value"]}
    assert set(found) == {
        "passwordAuthenticationMethod",
        "phoneAuthenticationMethod",
        "emailAuthenticationMethod",
        "softwareOathAuthenticationMethod",
    }
    phone = found["phoneAuthenticationMethod"]
    assert (phone["id"], phone["phoneNumber"], phone["phoneType"], phone["smsSignInState"]) == (
        MOBILE,
        "+49 15123456789",
        "mobile",
        "notSupported",
    )
    assert found["emailAuthenticationMethod"]["emailAddress"] == "a@b.example"
    assert found["softwareOathAuthenticationMethod"]["secretKey"] is None
    assert "c2VhbGVk" not in answer.text
    for path, key in (
        ("phoneMethods", MOBILE),
        ("emailMethods", MAILBOX),
        ("softwareOathMethods", an_authenticator().id),
        ("methods", MOBILE),
    ):
        assert (await plane.request("GET", f"{USERS}/{path}/{key}")).json()["id"] == key


@pytest.mark.parametrize(
    ("path", "body", "status", "target"),
    [
        ("phoneMethods", {"phoneNumber": "12", "phoneType": "mobile"}, 400, "phoneNumber"),
        (
            "phoneMethods",
            {"phoneNumber": "+49900123456", "phoneType": "mobile"},
            400,
            "phoneNumber",
        ),
        ("phoneMethods", {**PHONE, "phoneType": "pigeon"}, 400, "phoneType"),
        ("phoneMethods", {"phoneType": "mobile"}, 400, "phoneNumber"),
        ("emailMethods", {"emailAddress": "a@b@c"}, 400, "emailAddress"),
        ("emailMethods", {"emailAddress": None}, 400, "emailAddress"),
        ("softwareOathMethods", {}, 405, None),
        ("passwordMethods", {}, 405, None),
        ("methods", {}, 405, None),
    ],
)
async def test_what_cannot_be_a_method_is_refused_by_name(
    plane: Plane, path: str, body: dict[str, Any], status: int, target: str | None
) -> None:
    await _add(plane)
    answer = await plane.request("POST", f"{USERS}/{path}", json=body)
    assert answer.status_code == status, answer.text
    assert target is None or f"'{target}'" in answer.text or target in answer.text


async def test_there_is_one_of_each_and_a_number_can_be_changed(plane: Plane) -> None:
    await _add(plane)
    address = f"{USERS}/phoneMethods"
    assert (await plane.request("POST", address, json=PHONE)).status_code == 201
    assert (await plane.request("POST", address, json=PHONE)).status_code == 400
    new = {"phoneNumber": "+1 2065550100", "phoneType": "mobile"}
    assert (await plane.request("PATCH", f"{address}/{MOBILE}", json=new)).status_code == 204
    found = (await plane.request("GET", f"{address}/{MOBILE}")).json()
    assert found["phoneNumber"] == "+1 2065550100"
    other = {"phoneType": "office"}
    assert (await plane.request("PATCH", f"{address}/{MOBILE}", json=other)).status_code == 400


@pytest.mark.parametrize("method", ["DELETE", "PATCH"])
async def test_taking_a_factor_away_ends_whatever_rested_on_it(plane: Plane, method: str) -> None:
    await _add(plane)
    assert (await plane.request("POST", f"{USERS}/phoneMethods", json=PHONE)).status_code == 201

    async def begin(stores: Stores) -> None:
        await stores.sessions.add(a_session(account_id=USER.id))
        await stores.grants.add(a_grant(account_id=USER.id))

    await plane.database.write(TENANT, begin)
    plane.clock.now = LATER
    body: dict[str, Any] = {}
    if method == "PATCH":
        body = {"json": {"phoneNumber": "+1 2065550100"}}
    answer = await plane.request(method, f"{USERS}/phoneMethods/{MOBILE}", **body)
    assert answer.status_code == 204, answer.text
    stores = plane.database.read(TENANT)
    account = await stores.accounts.require(USER.id)
    grant = await stores.grants.get(a_grant(account_id=USER.id).id)
    assert account.sign_in_sessions_valid_from == LATER
    assert await stores.sessions.get(a_session(account_id=USER.id).id) is None
    assert grant is not None
    assert grant.revoked_at == LATER
    left = (await plane.request("GET", f"{USERS}/phoneMethods")).json()["value"]
    assert len(left) == (method == "PATCH")


@pytest.mark.parametrize(
    ("roles", "path", "method", "is_allowed"),
    [
        (("UserAuthenticationMethod.Read.All",), "phoneMethods", "GET", True),
        (("UserAuthMethod-Phone.Read.All",), "phoneMethods", "GET", True),
        (("UserAuthMethod-Email.Read.All",), "phoneMethods", "GET", False),
        (("UserAuthMethod-Phone.Read.All",), "methods", "GET", False),
        (("User.ReadWrite.All",), "methods", "GET", False),
        (("UserAuthenticationMethod.Read.All",), "phoneMethods", "POST", False),
        (("UserAuthMethod-Phone.ReadWrite.All",), "phoneMethods", "POST", True),
        (("UserAuthMethod-Email.ReadWrite.All",), "phoneMethods", "POST", False),
        (("UserAuthenticationMethod.ReadWrite.All",), "phoneMethods", "POST", True),
    ],
)
async def test_each_kind_has_permissions_of_its_own(
    plane: Plane, roles: tuple[str, ...], path: str, method: str, is_allowed: bool
) -> None:
    await _add(plane)
    token = await plane.token(roles=list(roles))
    answer = await plane.request(
        method,
        f"{USERS}/{path}",
        who=None,
        headers={"Authorization": f"Bearer {token}"},
        **({"json": PHONE} if method == "POST" else {}),
    )
    assert answer.status_code == ((201 if method == "POST" else 200) if is_allowed else 403)


async def test_who_holds_a_role_loses_no_factor_to_somebody_who_may_do_less(plane: Plane) -> None:
    stronger = an_account(9, directory_roles=("Global Administrator",))
    await _add(plane, an_authenticator(stronger), account=stronger)
    token = await plane.token(roles=["UserAuthenticationMethod.ReadWrite.All"])
    address = f"/beta/users/{stronger.id}/authentication"
    headers = {"Authorization": f"Bearer {token}"}
    path = f"{address}/softwareOathMethods/{an_authenticator().id}"
    assert (await plane.request("DELETE", path, who=None, headers=headers)).status_code == 403
    answer = await plane.request(
        "POST", f"{address}/phoneMethods", json=PHONE, who=None, headers=headers
    )
    assert answer.status_code == 403


async def test_the_log_says_that_a_method_came_and_went(plane: Plane) -> None:
    await _add(plane)
    await plane.request("POST", f"{USERS}/phoneMethods", json=PHONE)
    await plane.request("DELETE", f"{USERS}/phoneMethods/{MOBILE}")
    events = await plane.database.read(TENANT).audit_events.latest()
    names = [each.name for each in events]
    assert {EventName.METHOD_CREATED, EventName.METHOD_DELETED} <= set(names)


async def test_a_passkey_is_shown_and_taken_away_with_what_rested_on_it(plane: Plane) -> None:
    await _add(plane)

    async def work(stores: Stores) -> None:
        await stores.passkeys.add(a_passkey(account_id=USER.id))
        await stores.sessions.add(a_session(account_id=USER.id))
        await stores.recovery_codes.replace_all(USER.id, [a_recovery_code(account_id=USER.id)])

    await plane.database.write(TENANT, work)
    address = f"{USERS}/fido2Methods"
    (found,) = (await plane.request("GET", address)).json()["value"]
    assert (found["displayName"], found["passkeyType"]) == ("Telephone", "synced")
    assert "publicKey" not in found
    listed = (await plane.request("GET", f"{USERS}/methods")).json()["value"]
    assert "#microsoft.graph.fido2AuthenticationMethod" in {each["@odata.type"] for each in listed}
    path = f"{address}/{found['id']}"
    assert (await plane.request("DELETE", path)).status_code == 204
    assert (await plane.request("GET", path)).status_code == 404
    stores = plane.database.read(TENANT)
    assert await stores.sessions.all_of(USER.id) == []
    assert await stores.recovery_codes.unused(USER.id) == 0
    assert (await plane.request("POST", address, json={})).status_code == 405
