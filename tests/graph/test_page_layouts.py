"""Layouts of the pages of a user flow."""

from typing import Any

import pytest

from gatelodge.graph.model.language_pages import PAGES
from gatelodge.pages.page import PageId
from tests.graph.plane import Plane

LAYOUTS = "/beta/identity/b2cUserFlows/B2C_1_Customer/pageLayouts"
LAYOUT = f"{LAYOUTS}/api.localaccountsignup"


def test_every_page_of_a_user_flow_has_words_and_a_layout_to_change() -> None:
    changeable = {each for pages in PAGES.values() for each in pages}
    elsewhere = {"api.device", "api.devicedone", "api.formpost", "api.leaving"}
    elsewhere |= {"api.localaccountsignin.link"}
    assert changeable | elsewhere == set(PageId)


async def test_a_layout_is_listed_changed_and_restored(plane: Plane) -> None:
    await plane.create("Customer")
    listed = (await plane.request("GET", LAYOUTS)).json()["value"]
    before = next(each for each in listed if each["id"] == "api.localaccountsignup")
    versions = (await plane.request("GET", f"{LAYOUT}/availableVersions")).json()
    assert versions["@odata.context"].endswith("$metadata#Collection(Edm.String)")
    assert before["version"] == versions["value"][-1]
    assert (before["isCustomPageUri"], before["pageUri"]) == (False, None)
    change = {"version": versions["value"][0]}
    changed = await plane.request("PATCH", LAYOUT, json=change)
    assert changed.status_code == 200, changed.text
    assert change.items() <= changed.json().items()
    restored = await plane.request("POST", f"{LAYOUT}/restoreDefaultPageUri")
    assert restored.status_code == 204
    after = (await plane.request("GET", LAYOUT)).json()
    assert (after["pageUri"], after["version"]) == (None, change["version"])


@pytest.mark.parametrize(
    ("change", "target"),
    [
        ({"version": "9.9.9"}, "version"),
        ({"version": None}, "version"),
        ({"pageUri": "http://cdn.example/page.html"}, "pageUri"),
        ({"pageUri": "javascript:alert(1)"}, "pageUri"),
        ({"pageUri": "https://nobody.invalid/page.html"}, "pageUri"),
        ({"pageUri": "https://127.0.0.1/page.html"}, "pageUri"),
        ({"pageUri": "https://169.254.169.254/latest"}, "pageUri"),
        ({"pageUri": "https://u:p@cdn.example/"}, "pageUri"),
        ({"isCustomPageUri": True}, "isCustomPageUri"),
        ({"id": "x"}, "id"),
    ],
)
async def test_a_wrong_layout_is_refused_and_named(
    plane: Plane, change: dict[str, Any], target: str
) -> None:
    await plane.create("Customer")
    before = (await plane.request("GET", LAYOUT)).json()
    answer = await plane.request("PATCH", LAYOUT, json=change)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["target"] == target
    assert (await plane.request("GET", LAYOUT)).json() == before
    assert (await plane.request("POST", LAYOUTS, json={})).status_code == 405
