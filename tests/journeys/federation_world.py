"""A house whose identity providers live in this process, and people who come from them."""

from dataclasses import replace
from itertools import count
from typing import Any

from gatelodge.model.account import Account
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.identity_provider import ClaimsMapping, IdentityProvider, ProviderKind
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores
from tests.world.browser import Arrived, Browser, Shown, arrival, page
from tests.world.house import House
from tests.world.relying_party import RelyingParty
from tests.world.upstream import CLIENT_ID, CLIENT_SECRET, ISSUER, METADATA_URL, Claims, Upstream

_numbers = count(1)
PEOPLE = "OIDC-V1-People-1"
MAPPING = ClaimsMapping(
    user_id="sub",
    display_name="name",
    given_name="given_name",
    surname="family_name",
    email="email",
)
ADA: Claims = {
    "sub": "ada-1",
    "name": "Ada Upstream",
    "given_name": "Ada",
    "family_name": "Upstream",
    "email": "ada@mail.example",
}


def people_provider(house: House, **changes: Any) -> IdentityProvider:
    """Return a generic OpenID provider as an administrator configures it."""
    values: dict[str, Any] = {
        "directory_id": DirectoryId(house.facts["tenant_id"]),
        "id": PEOPLE,
        "kind": ProviderKind.OPEN_ID_CONNECT,
        "identity_provider_type": "OpenIdConnect",
        "display_name": "People",
        "client_id": CLIENT_ID,
        "metadata_url": METADATA_URL,
        "response_mode": "form_post",
        "response_type": "code",
        "scope": "openid profile email",
        "domain_hint": "people.example",
        "claims_mapping": MAPPING,
    }
    return sealed(house, IdentityProvider(**{**values, **changes}), CLIENT_SECRET)


def preset_provider(house: House, kind: str, provider_id: str) -> IdentityProvider:
    """Return a well-known provider."""
    provider = IdentityProvider(
        directory_id=DirectoryId(house.facts["tenant_id"]),
        id=provider_id,
        kind=ProviderKind.SOCIAL,
        identity_provider_type=kind,
        display_name=kind,
        client_id=CLIENT_ID,
    )
    return sealed(house, provider, CLIENT_SECRET)


def sealed(house: House, provider: IdentityProvider, secret: str) -> IdentityProvider:
    """Return a provider with its secret sealed."""
    return replace(provider, secret=house.world.sealer.seal(secret.encode(), provider.place))


def offer(house: House, *providers: IdentityProvider, flow: str, **changes: Any) -> None:
    """Let a user flow offer these providers and no others."""

    async def work(stores: Stores) -> None:
        for each in providers:
            if await stores.identity_providers.get(each.id) is not None:
                await stores.identity_providers.remove(each.id)
            await stores.identity_providers.add(each)
        before: UserFlow = await stores.user_flows.require(house.facts["user_flows"][flow])
        ids = tuple(each.id for each in providers)
        await stores.user_flows.save(replace(before, identity_providers=ids, **changes))

    house.stores(work)


def at_provider(browser: Browser, party: RelyingParty, exchange: str = PEOPLE) -> Arrived:
    """Choose a provider on the first page and arrive there."""
    return arrival(browser.press(page(browser.open(party.link())), exchange))


def back(browser: Browser, at: Arrived, answer: dict[str, str]) -> Shown | Arrived:
    """Come back from a provider the way it was asked to send people."""
    callback = at.parameters["redirect_uri"]
    if at.parameters.get("response_mode") == "form_post":
        return browser.follow(browser.client.post(callback, data=answer))
    return browser.open(callback, **answer)


def come_from(
    browser: Browser, party: RelyingParty, upstream: Upstream, person: Claims, **changes: str
) -> Shown | Arrived:
    """Go to the provider, identify oneself, and come back."""
    at = at_provider(browser, party)
    return back(browser, at, upstream.identify(at, person, **changes))


def signed_up(browser: Browser, party: RelyingParty, upstream: Upstream, person: Claims) -> Arrived:
    """Come for the first time and accept what the page says."""
    return arrival(browser.press(page(come_from(browser, party, upstream, person)), "continue"))


def account_from(house: House, subject: str, issuer: str = ISSUER) -> Account | None:
    """Return the account of somebody a provider knows."""
    return house.stores(lambda stores: stores.accounts.by_sign_in_name(issuer, subject))


def somebody(**changes: object) -> Claims:
    """Return a person no test has met."""
    number = next(_numbers)
    return {**ADA, "sub": f"person-{number}", "email": f"p{number}@mail.example", **changes}
