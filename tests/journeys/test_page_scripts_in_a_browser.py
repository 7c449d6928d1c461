"""An administrator's own page with scripts, as Chromium runs it at the directory's own host."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.world.chromium import DESKTOP, OpenChromium
from tests.world.server import Server
from tests.world.web_site import HTML, WebSite, web_site

pytestmark = pytest.mark.browser

_numbers = count(1)
TEMPLATE = """<!DOCTYPE html><html><head><title>Shop</title>
<link rel="stylesheet" href="shop.css">
<script>
window.ran = ["inline"];
window.trouble = [];
document.addEventListener("securitypolicyviolation", e => trouble.push(e.effectiveDirective));
document.getElementById("password").insertAdjacentHTML("afterend", '<a id="reveal">show</a>');
document.getElementById("reveal").onclick = () =>
  { document.getElementById("password").type = "text" };
</script>
<script src="deferred.js" defer></script><script type="module" src="module.js"></script>
<script src="external.js"></script>
<script>$(document).ready(function () {
  $("#next").text("Enter the shop"); ran.push("ready");
});</script>
<script>fetch(location.href).catch(() => ran.push("fetch refused"));
try { eval("ran.push('eval')") } catch (e) { ran.push("eval refused") }
const more = document.createElement("script");
more.textContent = "ran.push('added')"; document.head.append(more);
const far = document.createElement("script");
far.src = "FAR/external.js"; document.head.append(far);</script>
</head><body onload="ran.push('handler')"><h1>Shop</h1><div id="api"></div></body></html>"""


@pytest.fixture(scope="module")
def chromium(open_chromium: OpenChromium, server: Server) -> Browser:
    return open_chromium(Path(server.facts["ca_file"]))


@pytest.fixture
def web() -> Iterator[WebSite]:
    with web_site() as started:
        yield started


@pytest.fixture
def flow(server: Server, web: WebSite) -> Iterator[str]:
    """Return the id of a user flow whose first page is somebody's own, with scripts."""
    headers = {"Authorization": f"Bearer {server.token()}"}
    below = f"{server.origin}/beta/identity/b2cUserFlows"

    def ask(method: str, path: str, **body: Any) -> Any:
        answer = server.client.request(method, f"{below}{path}", headers=headers, json=body)
        return answer.raise_for_status().json() if answer.content else None

    made = ask(
        "POST",
        "",
        id=f"Scripted{next(_numbers)}",
        userFlowType="signUpOrSignIn",
        userFlowTypeVersion=3,
    )
    web.put("/shop.css", "h1 { color: #123456 }", "text/css")
    web.put("/deferred.js", "ran.push('deferred')")
    web.put("/module.js", "ran.push('module')")
    web.put("/external.js", "ran.push('external')")
    ask("PATCH", f"/{made['id']}", isJavaScriptEnabled=True)
    address = web.put("/page.html", TEMPLATE.replace("FAR", web.origin), HTML)
    ask("PATCH", f"/{made['id']}/pageLayouts/api.signuporsignin", pageUri=address)
    yield str(made["id"])
    ask("DELETE", f"/{made['id']}")


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=DESKTOP)
    yield page
    page.close()


def test_scripts_run_in_order_once_the_form_is_there_and_reach_no_further(
    server: Server, flow: str, tab: Page
) -> None:
    tab.goto(f"{server.origin}/_dev/run/{flow}?host=own")
    tab.wait_for_function("ran.includes('fetch refused') && trouble.length > 3")
    ran = tab.evaluate("ran")
    assert [each for each in ran if each != "fetch refused"] == [
        "inline",
        "external",
        "eval refused",
        "deferred",
        "module",
        "ready",
    ]
    assert set(tab.evaluate("trouble")) == {"connect-src", "script-src", "script-src-elem"}
    assert tab.inner_text("#next") == "Enter the shop"
    assert tab.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(18, 52, 86)"
    user = server.facts["users"][0]
    tab.fill("#email", user["email"])
    tab.fill("#password", user["password"])
    tab.click("#reveal")
    assert tab.get_attribute("#password", "type") == "text"
    tab.click("#next")
    tab.wait_for_url("**/_dev/callback**")


def test_the_same_page_at_the_shared_host_runs_nothing(
    server: Server, flow: str, tab: Page
) -> None:
    tab.goto(f"{server.origin}/_dev/run/{flow}")
    assert tab.inner_text("h1") != ""
    assert tab.evaluate("typeof ran") == "undefined"
    assert tab.inner_text("#next") != "Enter the shop"
