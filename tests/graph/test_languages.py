"""Languages of a user flow and the strings of its pages."""

import json
from typing import Any

import pytest

from tests.graph.plane import Plane

FLOWS = "/beta/identity/b2cUserFlows"
FLOW = f"{FLOWS}/B2C_1_Customer"
LANGUAGES = f"{FLOW}/languages"
PAGES = f"{LANGUAGES}/en/overridesPages"
CONTENT = (
    b'{ "LocalizedStrings":[\n {"ElementType":"UxElement","ElementId":null,"StringId":"heading",'
    b'"Override":true,"Value":"Join \xc3\xbcs"}],"LocalizedCollections":[]}'
)


async def customer(plane: Plane) -> None:
    await plane.create("Customer")
    body = {"isLanguageCustomizationEnabled": True}
    assert (await plane.request("PATCH", FLOW, json=body)).status_code == 200


async def languages(plane: Plane, query: str = "") -> dict[str, Any]:
    answer = await plane.request("GET", LANGUAGES + query)
    assert answer.status_code == 200, answer.text
    return {each["id"]: each for each in answer.json()["value"]}


async def test_languages_are_closed_until_customization_is_enabled(plane: Plane) -> None:
    await plane.create("Customer")
    for method, path in (
        ("GET", LANGUAGES),
        ("GET", f"{LANGUAGES}/en"),
        ("PUT", f"{LANGUAGES}/es-ES"),
        ("POST", LANGUAGES),
        ("GET", f"{LANGUAGES}/en/defaultPages"),
    ):
        answer = await plane.request(method, path, json={"id": "es-ES"})
        assert answer.status_code == 400, path
        assert "isLanguageCustomizationEnabled" in answer.json()["error"]["message"]
    expanded = await plane.request("GET", f"{FLOW}?$expand=languages")
    assert expanded.json()["languages"] == []


async def test_the_packaged_languages_are_there_and_english_is_enabled(plane: Plane) -> None:
    await customer(plane)
    found = await languages(plane)
    assert len(found) == 38
    assert [each["id"] for each in found.values() if each["isEnabled"]] == ["en"]
    assert found["de"] == {"id": "de", "isEnabled": False, "displayName": "Deutsch"}
    assert list(await languages(plane, "?$filter=isEnabled eq true")) == ["en"]
    assert (await plane.request("GET", f"{LANGUAGES}/$count")).text == "38"
    assert (await plane.request("GET", f"{LANGUAGES}/PT-BR")).json()["id"] == "pt-br"


async def test_a_language_is_put_and_put_again(plane: Plane) -> None:
    await customer(plane)
    made = await plane.request("PUT", f"{LANGUAGES}/es-ES", json={})
    assert made.status_code == 201, made.text
    assert made.json()["id"] == "es-ES"
    assert made.json()["isEnabled"] is True
    assert made.json()["displayName"]
    again = await plane.request(
        "PUT", f"{LANGUAGES}/es-es", json={"id": "es-ES", "isEnabled": False}
    )
    assert again.status_code == 204
    assert (await languages(plane))["es-ES"]["isEnabled"] is False
    built_in = await plane.request("PUT", f"{LANGUAGES}/de", json={"isEnabled": True})
    assert built_in.status_code == 204
    patched = await plane.request("PATCH", f"{LANGUAGES}/de", json={"isEnabled": False})
    assert patched.status_code == 204
    posted = await plane.request("POST", LANGUAGES, json={"id": "ga", "isEnabled": True})
    assert posted.status_code == 201
    assert (await plane.request("POST", LANGUAGES, json={"id": "GA"})).status_code == 409
    assert (await plane.request("DELETE", f"{LANGUAGES}/ga")).status_code == 204
    assert "ga" not in await languages(plane)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "es-ES", {"id": "fr"}),
        ("PUT", "not_a_tag!", {}),
        ("PUT", "not_a_tag!", {"isEnabled": True}),
        ("POST", "", {"isEnabled": True}),
        ("POST", "", {"id": "e"}),
        ("PUT", "fr", {"isEnabled": "yes"}),
        ("PATCH", "en", {"isEnabled": False}),
        ("PUT", "en", {"isEnabled": False}),
        ("PATCH", "fr", {"id": "de"}),
        ("PATCH", "fr", {"displayName": "Frog"}),
        ("DELETE", "fr", None),
        ("DELETE", "en", None),
    ],
)
async def test_a_wrong_language_is_refused(
    plane: Plane, method: str, path: str, body: dict[str, Any] | None
) -> None:
    await customer(plane)
    before = await languages(plane)
    answer = await plane.request(method, f"{LANGUAGES}/{path}".rstrip("/"), json=body)
    assert answer.status_code == 400, answer.text
    assert await languages(plane) == before


async def test_default_pages_are_the_packaged_strings_and_cannot_be_written(plane: Plane) -> None:
    await customer(plane)
    listed = (await plane.request("GET", f"{LANGUAGES}/en/defaultPages")).json()["value"]
    assert {"id": "api.localaccountsignup"} in listed
    for language in ("en", "de"):
        pages = f"{LANGUAGES}/{language}/defaultPages"
        for name in ("idpselections", "api.localaccountsignup", "selfasserted1_1"):
            answer = await plane.request("GET", f"{pages}/{name}/$value")
            assert answer.status_code == 200, answer.text
            assert answer.json()["LocalizedStrings"]
        for method, path in (
            ("POST", pages),
            ("PATCH", f"{pages}/idpselections"),
            ("DELETE", f"{pages}/idpselections"),
            ("PUT", f"{pages}/idpselections/$value"),
            ("DELETE", f"{pages}/idpselections/$value"),
        ):
            refused = await plane.request(method, path, content=CONTENT)
            assert refused.status_code == 405, path
            assert refused.json()["error"]["code"] == "MethodNotAllowed"
    assert (await plane.request("GET", f"{pages}/nothing/$value")).status_code == 404


@pytest.mark.parametrize("media_type", ["application/json", "application/octet-stream"])
async def test_overridden_strings_come_back_octet_for_octet(plane: Plane, media_type: str) -> None:
    await customer(plane)
    address = f"{PAGES}/api.localaccountsignup/$value"
    empty = await plane.request("GET", address)
    assert empty.json() == {"LocalizedStrings": [], "LocalizedCollections": []}
    for content in (CONTENT, CONTENT + b"  "):
        put = await plane.request(
            "PUT", address, content=content, headers={"Content-Type": media_type}
        )
        assert put.status_code == 204, put.text
        assert (await plane.request("GET", address)).content == content
    aliased = await plane.request("GET", f"{PAGES}/selfasserted1_1/$value")
    assert aliased.content == CONTENT + b"  "
    other = await plane.request("GET", f"{LANGUAGES}/de/overridesPages/selfasserted1_1/$value")
    assert other.json() == empty.json()
    assert (await plane.request("DELETE", address)).status_code == 204
    assert (await plane.request("GET", address)).json() == empty.json()
    assert (await plane.request("DELETE", address)).status_code == 204


def page(*values: Any, **changes: Any) -> bytes:
    entry = {
        "ElementType": "UxElement",
        "ElementId": None,
        "StringId": "heading",
        "Override": True,
        "Value": "x",
    }
    return json.dumps({"LocalizedStrings": [entry | changes, *values]}).encode()


DOUBLE = json.loads(page())["LocalizedStrings"][0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"not JSON",
        b"\xff",
        b'{"LocalizedStrings":1}',
        b'{"LocalizedStrings":[1]}',
        page(DOUBLE),
        page(ElementType="Bogus"),
        page(Value=None),
        page(Value="\0"),
        page(Value="\ud800"),
        page(Value="x" * 4001),
        page(StringId="x" * 257),
        b'{"LocalizedStrings":[],"LocalizedStrings":[]}',
        b'{"LocalizedStrings":[]}' + b" " * 262_144,
        b'{"LocalizedStrings":' + b"[" * 10_000,
    ],
)
async def test_wrong_strings_are_refused(plane: Plane, content: bytes) -> None:
    await customer(plane)
    address = f"{PAGES}/api.localaccountsignup/$value"
    await plane.request("PUT", address, content=CONTENT)
    refused = await plane.request("PUT", address, content=content)
    assert refused.status_code == 400, refused.text
    assert (await plane.request("GET", address)).content == CONTENT


async def test_another_media_type_and_an_unknown_page_are_refused(plane: Plane) -> None:
    await customer(plane)
    headers = {"Content-Type": "text/html"}
    address = f"{PAGES}/api.localaccountsignup/$value"
    refused = await plane.request("PUT", address, content=CONTENT, headers=headers)
    assert refused.status_code == 415
    unknown = await plane.request("PUT", f"{PAGES}/nothing/$value", content=CONTENT)
    assert unknown.status_code == 404


async def test_what_was_overridden_goes_with_the_user_flow_and_the_language(plane: Plane) -> None:
    await customer(plane)
    await plane.request("PUT", f"{LANGUAGES}/es-ES", json={})
    for language in ("en", "es-ES"):
        address = f"{LANGUAGES}/{language}/overridesPages/api.error/$value"
        assert (await plane.request("PUT", address, content=CONTENT)).status_code == 204
    assert (await plane.request("DELETE", f"{LANGUAGES}/es-ES")).status_code == 204
    await plane.request("PUT", f"{LANGUAGES}/es-ES", json={})
    assert (await plane.request("GET", address)).content != CONTENT
    assert (await plane.request("DELETE", FLOW)).status_code == 204
    await customer(plane)
    address = f"{PAGES}/api.error/$value"
    assert (await plane.request("GET", address)).content != CONTENT


async def test_languages_may_come_with_the_user_flow(plane: Plane) -> None:
    body = {
        "id": "Customer",
        "userFlowType": "signIn",
        "userFlowTypeVersion": 3,
        "isLanguageCustomizationEnabled": True,
        "languages": [{"id": "de", "isEnabled": True}, {"id": "ga-IE"}],
    }
    made = await plane.request("POST", FLOWS, json=body)
    assert made.status_code == 201, made.text
    assert set(await languages(plane, "?$filter=isEnabled eq true")) == {"de", "en", "ga-IE"}


async def test_a_reader_reads_strings_and_writes_none(plane: Plane) -> None:
    await customer(plane)
    address = f"{PAGES}/api.error/$value"
    assert (await plane.request("GET", address, who="reader")).status_code == 200
    for method in ("PUT", "DELETE"):
        answer = await plane.request(method, address, who="reader", content=CONTENT)
        assert answer.status_code == 403
    assert (await plane.request("GET", address, who="stranger")).status_code == 404


async def test_the_default_language_is_a_tag_and_always_enabled(plane: Plane) -> None:
    await customer(plane)
    wrong = await plane.request("PATCH", FLOW, json={"defaultLanguageTag": "not_a_tag!"})
    assert wrong.status_code == 400
    assert wrong.json()["error"]["target"] == "defaultLanguageTag"
    await plane.request("PATCH", f"{LANGUAGES}/de", json={"isEnabled": False})
    await plane.request("PATCH", FLOW, json={"defaultLanguageTag": "de"})
    assert list(await languages(plane, "?$filter=isEnabled eq true")) == ["de"]


async def test_every_page_of_a_language_is_reset_at_once(plane: Plane) -> None:
    await customer(plane)
    others = f"{LANGUAGES}/de/overridesPages"
    for path in (PAGES, others):
        for name in ("idpselections", "selfasserted1_1"):
            answer = await plane.request("PUT", f"{path}/{name}/$value", content=CONTENT)
            assert answer.status_code == 204, answer.text
    assert (await plane.request("DELETE", f"{PAGES}/$value")).status_code == 204
    for name in ("idpselections", "selfasserted1_1"):
        assert b"Join" not in (await plane.request("GET", f"{PAGES}/{name}/$value")).content
        assert b"Join" in (await plane.request("GET", f"{others}/{name}/$value")).content
    for method, path in (
        ("DELETE", f"{LANGUAGES}/en/defaultPages/$value"),
        ("PUT", f"{PAGES}/$value"),
    ):
        assert (await plane.request(method, path, content=CONTENT)).status_code == 405
