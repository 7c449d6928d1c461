"""Scripts of an administrator's own page: fetched once, and run at the directory's own host."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator
from html import unescape
from itertools import count

import httpx
import pytest

from gatelodge.graph.model.page_scripts import LARGEST_SCRIPT_OCTETS
from tests.world.asking import Ask, asking
from tests.world.relying_party import RelyingParty
from tests.world.server import Server
from tests.world.web_site import HTML, SCRIPT, WebSite, web_site

OWN_HOST = "login.acme.localhost"
SIGN_IN = "api.signuporsignin"
PLACE = '<div id="api"></div>'
ONE_DATABASE = pytest.mark.parametrize("any_server", ["sqlite"], indirect=True)
_numbers = count(1)
_SCRIPT = re.compile(r'<script src="([^"]+)" integrity="sha256-([^"]+)"([^>]*)></script>')


@pytest.fixture
def ask(site: Server) -> Ask:
    """Ask Graph as the administrator about user flows."""
    return asking(site, "identity/b2cUserFlows")


@pytest.fixture
def flow(ask: Ask) -> Iterator[str]:
    """Return the id of a new user flow that runs scripts."""
    body = {
        "id": f"Scripts{next(_numbers)}",
        "userFlowType": "signUpOrSignIn",
        "userFlowTypeVersion": 3,
    }
    flow_id: str = ask("POST", "", json=body).raise_for_status().json()["id"]
    ask("PATCH", f"/{flow_id}", json={"isJavaScriptEnabled": True}).raise_for_status()
    yield flow_id
    ask("DELETE", f"/{flow_id}")


@pytest.fixture
def web() -> Iterator[WebSite]:
    with web_site() as started:
        yield started


class AtHost:
    """Asks for the first page of a user flow at one host, and for what that page names."""

    def __init__(self, site: Server, flow: str, host: str) -> None:
        self._site, self._link = site, RelyingParty(site, flow).link()
        self._host = f"{host}:{site.port}"

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Ask at the host, whatever the address says."""
        return self._ask(self._site.client, address, **headers)

    def shown(self) -> httpx.Response:
        """Return the first page, to a browser that was never here."""
        with self._site.new_client() as client:
            return self._ask(client, self._link).raise_for_status()

    def _ask(self, client: httpx.Client, address: str, **headers: str) -> httpx.Response:
        path = address.removeprefix(f"https://{self._host}")
        return client.get(path, headers={"Host": self._host, **headers})

    def scripts(self) -> list[tuple[str, str, str]]:
        """Return address, digest and attributes of the scripts of the first page."""
        return _SCRIPT.findall(unescape(self.shown().text))


def give(ask: Ask, flow: str, web: WebSite, html: str, name: str = SIGN_IN) -> httpx.Response:
    """Give a page of the user flow a template."""
    address = web.put("/theme/page.html", html, HTML)
    return ask("PATCH", f"/{flow}/pageLayouts/{name}", json={"pageUri": address})


def template(web: WebSite) -> str:
    """Return a page with a script of every kind."""
    for name in ("once", "later", "whenever", "module"):
        web.put(f"/theme/{name}.js", f"said('{name}')")
    return f"""<!DOCTYPE html><html><head><title>Shop</title><script>said("first")</script>
<script src="once.js"></script><script src="later.js" defer></script>
<script src="/theme/whenever.js" async></script>
<script src="{web.origin}/theme/module.js" type="module"></script>
<script type="application/ld+json">{{"@type": "Shop"}}</script>
</head><body onload="said('never')">{PLACE}<script>said("body")</script></body></html>"""


def test_a_page_lists_its_scripts_by_digest_at_the_own_host_only(
    site: Server, ask: Ask, flow: str, web: WebSite
) -> None:
    give(ask, flow, web, template(web)).raise_for_status()
    own = AtHost(site, flow, OWN_HOST)
    shown = own.shown()
    policy = dict(
        each.strip().split(" ", 1) for each in shown.headers["content-security-policy"].split(";")
    )
    scripts = own.scripts()
    assert [each[2].strip() for each in scripts] == ["", "", "defer", "async", 'type="module"']
    assert policy["script-src"].split() == [address for address, _, _ in scripts]
    assert policy["worker-src"] == "'none'"
    assert "unsafe-inline" not in policy["script-src"]
    assert "connect-src" not in policy
    assert policy["default-src"] == "'none'"
    said = []
    for address, digest, _ in scripts:
        answer = own.get(address)
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert b64encode(hashlib.sha256(answer.content).digest()).decode() == digest
        assert own.get(address, **{"Service-Worker": "script"}).status_code == 404
        said.append(answer.text)
    names = ("once", "later", "whenever", "module")
    assert said == ['said("first")', *(f"said('{name}')" for name in names)]
    assert "never" not in shown.text
    shared = AtHost(site, flow, "localhost")
    page_at_shared = shared.shown()
    assert "pagescripts" not in page_at_shared.text
    assert "script-src" not in page_at_shared.headers["content-security-policy"]
    for address, _, _ in scripts:
        path = address.partition(f"{OWN_HOST}:{site.port}")[2]
        assert shared.get(path).status_code == 404


def test_scripts_follow_their_template_and_the_setting(
    site: Server, ask: Ask, flow: str, web: WebSite
) -> None:
    own = AtHost(site, flow, OWN_HOST)
    give(ask, flow, web, f"<head><script>old()</script></head>{PLACE}").raise_for_status()
    ((old, _, _),) = own.scripts()
    ask("PATCH", f"/{flow}", json={"isJavaScriptEnabled": False}).raise_for_status()
    assert own.scripts() == []
    assert own.get(old).status_code == 404
    ask("PATCH", f"/{flow}", json={"isJavaScriptEnabled": True}).raise_for_status()
    assert own.get(old).text == "old()"
    give(ask, flow, web, f"<head><script>young()</script></head>{PLACE}").raise_for_status()
    ((young, _, _),) = own.scripts()
    assert own.get(young).text == "young()"
    assert own.get(old).status_code == 404
    ask("POST", f"/{flow}/pageLayouts/{SIGN_IN}/restoreDefaultPageUri").raise_for_status()
    assert own.scripts() == []
    assert own.get(young).status_code == 404
    give(ask, flow, web, f"<head><script>young()</script></head>{PLACE}").raise_for_status()
    ask("DELETE", f"/{flow}").raise_for_status()
    assert own.get(young).status_code == 404
    key = flow.lower()
    digest = hashlib.sha256(b"young()").hexdigest()
    assert site.stores(lambda stores: stores.page_scripts.get(key, SIGN_IN, digest)) is None


@ONE_DATABASE
def test_a_flow_without_scripts_fetches_none(
    site: Server, ask: Ask, flow: str, web: WebSite
) -> None:
    ask("PATCH", f"/{flow}", json={"isJavaScriptEnabled": False}).raise_for_status()
    html = f"<head><script src='missing.js'></script></head>{PLACE}"
    give(ask, flow, web, html).raise_for_status()
    assert AtHost(site, flow, OWN_HOST).scripts() == []


@ONE_DATABASE
def test_older_layouts_run_the_scripts_of_the_body_as_well(
    site: Server, ask: Ask, flow: str, web: WebSite
) -> None:
    html = f"<head><script>one()</script></head><body>{PLACE}<script>two()</script></body>"
    give(ask, flow, web, html).raise_for_status()
    own = AtHost(site, flow, OWN_HOST)
    assert len(own.scripts()) == 1
    older = {"version": "2.1.9"}
    ask("PATCH", f"/{flow}/pageLayouts/{SIGN_IN}", json=older).raise_for_status()
    assert [own.get(address).text for address, _, _ in own.scripts()] == ["one()", "two()"]


@ONE_DATABASE
def test_jquery_is_there_for_scripts_that_call_it_and_bring_none(
    site: Server, ask: Ask, flow: str, web: WebSite
) -> None:
    own = AtHost(site, flow, OWN_HOST)
    html = f"<head><script>$(function () {{ $('#api').show() }})</script></head>{PLACE}"
    give(ask, flow, web, html).raise_for_status()
    first, second = own.scripts()
    assert own.get(first[0]).text.startswith("/*! jQuery v3")
    assert own.get(second[0]).text.startswith("$(function")
    web.put("/theme/jquery.js", "/*! jQuery v3.5.1 */ window.$ = () => 1")
    html = f"<head><script src=jquery.js></script><script>$('#api')</script></head>{PLACE}"
    give(ask, flow, web, html).raise_for_status()
    assert own.get(own.scripts()[0][0]).text.startswith("/*! jQuery v3.5.1 */")
    assert len(own.scripts()) == 2


_RIGHT = b64encode(hashlib.sha384(b"a()").digest()).decode()


@ONE_DATABASE
@pytest.mark.parametrize(
    ("content", "media_type", "status", "told"),
    [
        (b"a()", "text/plain", 200, "text/plain"),
        (b"a()", SCRIPT, 404, "404"),
        (b"a()", SCRIPT, 302, "302"),
        (b"\xff\xfe", SCRIPT, 200, "UTF-8"),
        (b"a('\0')", SCRIPT, 200, "character"),
        (b" " * (LARGEST_SCRIPT_OCTETS + 1), SCRIPT, 200, "too large"),
        (b" " * (LARGEST_SCRIPT_OCTETS - 9), SCRIPT, 200, "octets"),
        (b"a() // changed", SCRIPT, 200, "integrity"),
    ],
    ids=["type", "missing", "moved", "encoding", "NUL", "one large", "all large", "integrity"],
)
def test_a_script_that_cannot_be_had_is_named_and_changes_nothing(
    ask: Ask, flow: str, web: WebSite, content: bytes, media_type: str, status: int, told: str
) -> None:
    web.put("/theme/a.js", content, media_type, status)
    integrity = f" integrity='sha384-{_RIGHT}'" if told == "integrity" else ""
    html = f"<head>{f'<script src=a.js{integrity}></script>' * 3}</head>{PLACE}"
    answer = give(ask, flow, web, html)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["target"] == "pageUri"
    assert told in answer.json()["error"]["message"]
    layout = ask("GET", f"/{flow}/pageLayouts/{SIGN_IN}").json()
    assert layout["pageUri"] is None


@ONE_DATABASE
def test_a_script_with_the_digest_the_page_names_is_taken(
    ask: Ask, flow: str, web: WebSite
) -> None:
    web.put("/theme/a.js", "a()")
    html = f"<head><script src=a.js integrity='sha384-{_RIGHT}'></script></head>{PLACE}"
    assert give(ask, flow, web, html).status_code == 200
