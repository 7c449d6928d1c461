"""RFC 6749 §2.3: a client proves itself in exactly one way."""

from datetime import timedelta
from urllib.parse import quote

import pytest

from gatelodge.model.application import Application
from tests.protocol.world import API_URI, NATIVE, SPA, WEB, Form, World, basic, refusal
from tests.world.makers import SECRET, a_secret

CREDENTIALS: Form = {"grant_type": "client_credentials", "scope": f"{API_URI}/.default"}
CLIENT: Form = {"client_id": str(WEB.app_id)}
UNKNOWN = "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa"


@pytest.mark.parametrize(
    ("headers", "form"),
    [
        ({}, {**CLIENT, "client_secret": SECRET}),
        ({}, {"client_id": WEB.app_id.upper(), "client_secret": SECRET}),
        (basic(WEB.app_id, SECRET), {}),
        (basic(WEB.app_id, SECRET), CLIENT),
        (basic(WEB.app_id.replace("-", "%2D"), SECRET.replace("-", "%2D")), {}),
        (basic(quote(WEB.app_id), quote(SECRET, safe="")), CLIENT),
        ({"Authorization": basic(WEB.app_id, SECRET)["Authorization"].replace("B", "b", 1)}, {}),
    ],
    ids=["body", "upper case", "raw", "twice the id", "encoded", "quoted", "basic"],
)
async def test_every_spelling_of_the_right_secret_is_understood(
    world: World, headers: dict[str, str], form: Form
) -> None:
    response = await world.token(headers=headers, **CREDENTIALS, **form)
    assert response.status_code == 200


REFUSED = [
    ({}, {}, (400, "invalid_request", "AADB2C90083")),
    ({}, {"client_id": UNKNOWN, "client_secret": SECRET}, (400, "invalid_client", "AADB2C90018")),
    ({}, {"client_id": "' OR 1=1", "client_secret": "x"}, (400, "invalid_client", "AADB2C90018")),
    ({}, CLIENT, (400, "invalid_client", "AADB2C90079")),
    ({}, {**CLIENT, "client_secret": ""}, (400, "invalid_client", "AADB2C90079")),
    ({}, {**CLIENT, "client_secret": "wrong"}, (400, "invalid_client", "AADB2C90081")),
    ({}, {**CLIENT, "client_secret": SECRET + " "}, (400, "invalid_client", "AADB2C90081")),
    ({}, {**CLIENT, "client_secret": SECRET[:-1]}, (400, "invalid_client", "AADB2C90081")),
    (basic(WEB.app_id, "wrong"), {}, (401, "invalid_client", "AADB2C90081")),
    (basic(WEB.app_id, ""), {}, (401, "invalid_client", "AADB2C90079")),
    (basic(UNKNOWN, SECRET), {}, (401, "invalid_client", "AADB2C90018")),
    (basic(WEB.app_id, SECRET), {"client_secret": SECRET}, (401, "invalid_client", "AADB2C90122")),
    (basic(WEB.app_id, SECRET), {"client_secret": "wrong"}, (401, "invalid_client", "AADB2C90122")),
    (basic(WEB.app_id, "wrong"), {"client_secret": SECRET}, (401, "invalid_client", "AADB2C90122")),
    (
        basic(WEB.app_id, SECRET),
        {"client_id": NATIVE.app_id},
        (401, "invalid_client", "AADB2C90122"),
    ),
    ({"Authorization": "Basic !!!"}, CLIENT, (401, "invalid_client", "AADB2C90122")),
    ({"Authorization": "Basic /w=="}, CLIENT, (401, "invalid_client", "AADB2C90122")),
    ({"Authorization": "Basic"}, CLIENT, (401, "invalid_client", "AADB2C90122")),
    ({"Authorization": "Bearer abc"}, CLIENT, (401, "invalid_client", "AADB2C90122")),
    (basic("", SECRET), CLIENT, (401, "invalid_client", "AADB2C90122")),
]


@pytest.mark.parametrize(("headers", "form", "expected"), REFUSED)
async def test_everything_else_is_refused(
    world: World,
    headers: dict[str, str],
    form: Form,
    expected: tuple[int, str, str],
) -> None:
    response = await world.token(headers=headers, **CREDENTIALS, **form)
    assert refusal(response) == expected
    assert ("www-authenticate" in response.headers) == (expected[0] == 401)


@pytest.mark.parametrize("application", [SPA, NATIVE])
async def test_a_public_client_must_not_send_a_secret(
    world: World, application: Application
) -> None:
    response = await world.token(
        **CREDENTIALS, client_id=str(application.app_id), client_secret=SECRET
    )
    assert refusal(response) == (400, "invalid_client", "AADB2C90084")


async def test_a_secret_counts_from_its_first_to_its_last_moment(world: World) -> None:
    end = world.clock() + timedelta(hours=1)
    await world.change_application(WEB, password_credentials=(a_secret(end_at=end),))
    asked: Form = {**CREDENTIALS, **CLIENT, "client_secret": SECRET}
    assert (await world.token(**asked)).status_code == 200
    world.clock.move(hours=1)
    assert refusal(await world.token(**asked)) == (400, "invalid_client", "AADB2C90081")
    world.clock.move(days=-2)
    assert refusal(await world.token(**asked)) == (400, "invalid_client", "AADB2C90081")


async def test_two_secrets_are_both_good_while_one_replaces_the_other(world: World) -> None:
    both = (a_secret("old-secret"), a_secret("new-secret"))
    await world.change_application(WEB, password_credentials=both)
    for secret in ("old-secret", "new-secret"):
        response = await world.token(**CREDENTIALS, **CLIENT, client_secret=secret)
        assert response.status_code == 200
    await world.change_application(WEB, password_credentials=both[1:])
    response = await world.token(**CREDENTIALS, **CLIENT, client_secret="old-secret")
    assert refusal(response) == (400, "invalid_client", "AADB2C90081")


async def test_credentials_in_the_query_are_not_looked_at(world: World) -> None:
    response = await world.http.post(
        f"/{world.directory.id}/B2C_1_SuSi/oauth2/v2.0/token",
        params={**CLIENT, "client_secret": SECRET},
        data=CREDENTIALS,
    )
    assert refusal(response) == (400, "invalid_request", "AADB2C90083")
