"""Scripts of a directory's pages, seen from other hosts and other pages."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.own_host import OwnHost, OwnHosts
from gatelodge.model.page_script import PageScript, ScriptPlace
from gatelodge.model.page_template import PageTemplate
from gatelodge.model.user_flow import PasskeyConfiguration, UserFlow
from gatelodge.oidc.provider import Providers
from gatelodge.operations.scripted_pages import scripted_pages
from gatelodge.storage.stores import Stores
from tests.world.browser import Browser, page
from tests.world.clock import BEGINNING
from tests.world.furnished import configure
from tests.world.house import House
from tests.world.makers import a_directory
from tests.world.relying_party import RelyingParty

OWN, OTHERS = "https://sign-in.acme.example:8443", "https://sign-in.other.example"
OTHER = DirectoryId("2222bbbb-bbbb-4bbb-8bbb-22222222bbbb")
SIGN_IN, TEXT = "api.signuporsignin", "run()"
DIGEST = hashlib.sha256(TEXT.encode()).hexdigest()


@pytest.fixture
def house(furnished_house: House) -> Iterator[House]:
    """Return the house with two hosts, and a user flow whose pages have a script."""
    furnished_house.database.own_hosts = OwnHosts(
        [
            OwnHost(name="sign-in.acme.example", origin=OWN, directory="acme.example"),
            OwnHost(name="sign-in.other.example", origin=OTHERS, directory=OTHER),
        ]
    )
    flow_id = furnished_house.facts["user_flows"]["signUpOrSignIn"]
    pages = (SIGN_IN, "api.selfasserted.totp")

    async def plant_other(stores: Stores) -> None:
        if await stores.directories.find(OTHER) is None:
            await stores.directories.add(a_directory(id=OTHER, domain="other.example"))

    async def plant(stores: Stores) -> UserFlow:
        before = await stores.user_flows.require(flow_id)
        passkeys = PasskeyConfiguration(is_sign_in_allowed=True)
        await stores.user_flows.save(
            replace(before, is_java_script_enabled=True, passkey_configuration=passkeys)
        )
        for name in pages:
            await stores.page_templates.add(_template(before, name))
            await stores.page_scripts.add(_script(before, name))
        return before

    async def put_back(stores: Stores) -> None:
        now = await stores.user_flows.require(flow_id)
        await stores.user_flows.save(replace(before, revision=now.revision))
        for name in pages:
            await stores.page_templates.discard(flow_id, name)

    furnished_house.run(furnished_house.database.write(OTHER, plant_other))
    before = furnished_house.stores(plant)
    yield furnished_house
    furnished_house.stores(put_back)
    furnished_house.database.own_hosts = OwnHosts()
    assert furnished_house.failures() == []


def _template(flow: UserFlow, name: str) -> PageTemplate:
    return PageTemplate(
        directory_id=flow.directory_id,
        user_flow_key=flow.policy,
        page_id=name,
        before="<p>Shop</p>",
        after="",
        sources=(),
        fetched_at=BEGINNING,
        scripts=(ScriptPlace(digest=DIGEST),),
    )


def _script(flow: UserFlow, name: str) -> PageScript:
    return PageScript(
        directory_id=flow.directory_id,
        user_flow_key=flow.policy,
        page_id=name,
        digest=DIGEST,
        text=TEXT,
    )


def path_of(house: House, file: str = f"{DIGEST}.js") -> str:
    facts = house.facts
    flow = facts["user_flows"]["signUpOrSignIn"].lower()
    return f"/pagescripts/{facts['tenant_id']}/{flow}/{SIGN_IN}/{file}"


def test_a_script_is_nowhere_but_at_the_host_of_its_directory(house: House) -> None:
    path = path_of(house)
    assert house.new_client(OWN).get(path).text == TEXT
    for elsewhere in (house.client, house.new_client(OTHERS)):
        assert elsewhere.get(path).status_code == 404
    others = path.replace(house.facts["tenant_id"], OTHER)
    for host in (OWN, OTHERS):
        assert house.new_client(host).get(others).status_code == 404
    for wrong in (DIGEST, f"{DIGEST}.css", "x.js", f"{'0' * 64}.js", "..%2f..%2fx.js", "%00.js"):
        assert house.new_client(OWN).get(path_of(house, wrong)).status_code == 404


def test_no_page_of_another_directory_is_at_a_host_that_runs_scripts(house: House) -> None:
    link = RelyingParty(house).link()
    others = link.replace(house.facts["tenant_id"], "other.example")
    assert house.new_client(OWN).get(others).status_code == 404
    assert house.new_client(OTHERS).get(link).status_code == 404


def test_a_page_names_each_script_it_runs_our_own_included(house: House) -> None:
    shown = page(Browser(house.new_client(OWN)).open(RelyingParty(house).link()))
    headers = shown.response.headers
    policy = [each.split() for each in headers["content-security-policy"].split("; ")]
    (sources,) = [rest for name, *rest in policy if name == "script-src"]
    theirs, ours = sources
    assert theirs == f"{OWN}{path_of(house)}"
    assert ours.startswith(f"{OWN}/static/passkey")
    assert headers["cross-origin-opener-policy"] == "same-origin-allow-popups"
    elsewhere = page(Browser(house.new_client()).open(RelyingParty(house).link()))
    shared = elsewhere.response.headers
    assert shared["cross-origin-opener-policy"] == "same-origin"
    assert "pagescripts" not in elsewhere.response.text


def test_a_page_that_shows_a_secret_has_no_scripts_whatever_is_stored(house: House) -> None:
    providers = Providers(house.database, house.world.keyring, house.origin)
    host, flow = "sign-in.acme.example", house.facts["user_flows"]["signUpOrSignIn"]
    provider = house.run(providers.find("acme.example", flow, host))
    assert provider is not None
    assert provider.scripts_of(provider.template_of(SIGN_IN))
    assert provider.template_of("api.selfasserted.totp") is None


def test_the_operator_is_told_which_user_flows_run_scripts(house: House) -> None:
    async def told() -> list[str]:
        stores = house.world_stores
        directory = await stores.directories.find("acme.example")
        assert directory is not None
        return [each async for each in scripted_pages(stores, directory)]

    (sentence,) = house.run(told())
    assert house.facts["user_flows"]["signUpOrSignIn"] in sentence
    configure(house, "signUpOrSignIn", is_java_script_enabled=False)
    assert house.run(told()) == []
