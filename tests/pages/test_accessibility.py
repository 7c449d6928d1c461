"""Every page before axe-core, on a desktop and a phone, in light and in dark."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize

from tests.pages.browsing import ORIGIN, answer
from tests.pages.specimens import SPECIMENS
from tests.world.chromium import DESKTOP, PHONE, OpenChromium

Scheme = Literal["light", "dark"]

pytestmark = pytest.mark.browser

STANDARDS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SMALL_PHONE: ViewportSize = {"width": 320, "height": 640}
# The page that posts itself is gone before anybody can look at it.
NAMES = [name for name in SPECIMENS if name != "form_post"]


@pytest.fixture(scope="module")
def chromium(open_chromium: OpenChromium) -> Browser:
    return open_chromium()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, size: ViewportSize, scheme: Scheme
) -> None:
    tab = chromium.new_page(viewport=size, color_scheme=scheme, bypass_csp=True)
    answer(tab)
    found = []
    for name in NAMES:
        tab.goto(f"{ORIGIN}/{name}")
        violations = Axe().run(tab, options=STANDARDS).response["violations"]
        found += [(name, v["id"], [n["html"] for n in v["nodes"]]) for v in violations]
    tab.close()
    assert found == []


LARGE_LETTERS = "document.documentElement.style.fontSize = '200%'"
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize("tag", ["en", "ar", "de", "ta"])
def test_no_page_scrolls_sideways_on_a_phone(chromium: Browser, tag: str) -> None:
    """Neither on the smallest nor, with letters of twice the size, on any other."""
    tab = chromium.new_page()
    answer(tab)
    wide = []
    for name in NAMES:
        tab.set_viewport_size(SMALL_PHONE)
        tab.goto(f"{ORIGIN}/{name}:{tag}")
        if tab.evaluate(WIDTH) > SMALL_PHONE["width"]:
            wide.append(name)
        tab.set_viewport_size(PHONE)
        tab.evaluate(LARGE_LETTERS)
        if tab.evaluate(WIDTH) > PHONE["width"]:
            wide.append(f"{name} in large letters")
    tab.close()
    assert wide == []


def test_nothing_moves_for_those_who_asked_for_less_motion(chromium: Browser) -> None:
    tab = chromium.new_page(reduced_motion="reduce")
    answer(tab)
    tab.goto(f"{ORIGIN}/sign_in")
    moving = """() => [...document.querySelectorAll('*')]
        .filter(each => parseFloat(getComputedStyle(each).transitionDuration) > 0)
        .map(each => each.id)"""
    assert tab.evaluate(moving) == []
    tab.close()


def test_what_can_be_pressed_is_at_least_44_pixels_high(chromium: Browser) -> None:
    tab = chromium.new_page(viewport=PHONE)
    answer(tab)
    low = []
    for name in NAMES:
        tab.goto(f"{ORIGIN}/{name}")
        for control in tab.locator("button:not(.implicit), .textInput, select, .choice").all():
            box = control.bounding_box()
            if box is None or box["height"] < 44:
                low.append((name, control.inner_html(), box))
    tab.close()
    assert low == []
