"""What the pages look like, through Graph."""

from typing import Any

import pytest

from tests.graph.plane import Plane
from tests.world.makers import TENANT

BRANDING = f"/v1.0/organization/{TENANT}/branding"
LOCALIZATIONS = f"{BRANDING}/localizations"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


async def test_the_look_is_changed_read_and_reset(plane: Plane) -> None:
    first = (await plane.request("GET", BRANDING)).json()
    assert (first["id"], first["accentColor"]) == ("0", None)
    changes = {"accentColor": "#0a5f8f", "signInPageText": "Ask at the desk."}
    assert (await plane.request("PATCH", BRANDING, json=changes)).status_code == 204
    assert (await plane.request("GET", BRANDING)).json() == first | changes
    assert (await plane.request("PATCH", BRANDING, json={"accentColor": None})).status_code == 204
    found = (await plane.request("GET", BRANDING)).json()
    assert (found["accentColor"], found["signInPageText"]) == (None, "Ask at the desk.")
    assert (await plane.request("DELETE", BRANDING)).status_code == 204
    assert (await plane.request("GET", BRANDING)).json() == first


async def test_a_language_has_a_look_of_its_own(plane: Plane) -> None:
    made = await plane.request(
        "POST", LOCALIZATIONS, json={"id": "fr", "signInPageText": "Bonjour"}
    )
    assert (made.status_code, made.json()["id"]) == (201, "fr")
    again = await plane.request("POST", LOCALIZATIONS, json={"id": "FR"})
    assert again.status_code == 409
    (found,) = (await plane.request("GET", LOCALIZATIONS)).json()["value"]
    assert found["signInPageText"] == "Bonjour"
    french = f"{LOCALIZATIONS}/fr"
    assert (await plane.request("PATCH", french, json={"usernameHintText": "x"})).status_code == 204
    assert (await plane.request("PUT", f"{french}/favicon", content=PNG)).status_code == 204
    assert (await plane.request("DELETE", french)).status_code == 204
    assert (await plane.request("GET", f"{french}/favicon")).status_code == 404


async def test_a_picture_comes_back_as_it_was_sent_with_its_own_type(plane: Plane) -> None:
    logo = f"{BRANDING}/bannerLogo"
    assert (await plane.request("GET", logo)).status_code == 404
    sent: dict[str, Any] = {"content": PNG, "headers": {"Content-Type": "image/png"}}
    assert (await plane.request("PUT", logo, **sent)).status_code == 204
    found = await plane.request("GET", logo)
    assert (found.content, found.headers["content-type"]) == (PNG, "image/png")
    assert (await plane.request("GET", f"{LOCALIZATIONS}/0/bannerLogo")).content == PNG
    assert (await plane.request("DELETE", logo)).status_code == 204
    assert (await plane.request("GET", logo)).status_code == 404


@pytest.mark.parametrize(
    ("octets", "media_type", "status"),
    [
        (SVG, "image/png", 400),
        (SVG, "image/svg+xml", 415),
        (b"", "image/png", 400),
        (PNG + bytes(50_000), "image/png", 400),
    ],
    ids=["a script in disguise", "a script", "nothing", "too much"],
)
async def test_what_is_no_small_picture_is_refused(
    plane: Plane, octets: bytes, media_type: str, status: int
) -> None:
    answer = await plane.request(
        "PUT", f"{BRANDING}/bannerLogo", content=octets, headers={"Content-Type": media_type}
    )
    assert answer.status_code == status
    assert answer.json()["error"]["message"]
    assert (await plane.request("GET", f"{BRANDING}/bannerLogo")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"accentColor": "red"}, "accentColor"),
        ({"backgroundColor": "#12345"}, "backgroundColor"),
        ({"backgroundColor": "#0a5f8f;x"}, "backgroundColor"),
        ({"customTermsOfUseUrl": "javascript:alert(1)"}, "customTermsOfUseUrl"),
        ({"signInPageText": "x" * 1025}, "signInPageText"),
        ({"colour": "#0a5f8f"}, "colour"),
    ],
)
async def test_a_wrong_look_is_refused_by_the_name_of_what_is_wrong(
    plane: Plane, changes: dict[str, str], target: str
) -> None:
    answer = await plane.request("PATCH", BRANDING, json=changes)
    assert answer.status_code == 400
    assert target in answer.json()["error"]["message"]
