"""What user flows refer to: identity providers, API connectors and the attributes in tokens."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.change import Change, Situation
from gatelodge.graph.edm import EntitySet, Navigation, Refer, Related
from gatelodge.graph.model.api_connectors import API_CONNECTORS
from gatelodge.graph.model.identity_providers import IDENTITY_PROVIDERS, OLD_IDENTITY_PROVIDERS
from gatelodge.graph.model.user_attributes import USER_ATTRIBUTES, FlowAttribute, attributes_by_key
from gatelodge.graph.model.user_flow_access import READ, WRITE, kept
from gatelodge.model.api_connector import ApiConnector, ConnectorPoint
from gatelodge.model.attribute import built_in
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.identity_provider import IdentityProvider
from gatelodge.model.query import Among, Slice
from gatelodge.model.user_flow import ASKED_AT, UserFlow
from gatelodge.storage.identity_lists import API_CONNECTORS as CONNECTOR_LISTS
from gatelodge.storage.identity_lists import IDENTITY_PROVIDERS as PROVIDER_LISTS
from gatelodge.storage.listing import Lists
from gatelodge.storage.stores import Stores

_MOST = 500


async def _named(lists: Lists[Any], stores: Stores, ids: Sequence[str]) -> Mapping[str, Any]:
    """Read what has one of these ids, by id in lower case, with one query."""
    wanted = tuple(sorted({key_of(each) for each in ids}))
    if not wanted:
        return {}
    page = await lists.page(stores, Slice(where=Among("id", wanted), limit=_MOST))
    return {key_of(each.id): each for each in page.values}


async def _providers(
    stores: Stores, flows: Sequence[UserFlow]
) -> Sequence[Sequence[IdentityProvider]]:
    known = await _named(
        PROVIDER_LISTS, stores, [each for flow in flows for each in flow.identity_providers]
    )
    return [
        [known[key_of(each)] for each in flow.identity_providers if key_of(each) in known]
        for flow in flows
    ]


def _still_there(change: Change, read: Callable[[Stores], Coroutine[Any, Any, Any]]) -> Change:
    """Write only while what is referred to is there."""

    async def write(stores: Stores) -> None:
        await read(stores)
        await change.write(stores)

    return replace(change, write=write)


async def _add_provider(_: Situation, flow: UserFlow, provider: IdentityProvider) -> Change:
    if any(key_of(each) == key_of(provider.id) for each in flow.identity_providers):
        raise AlreadyExists("this reference", target="id")
    changed = replace(flow, identity_providers=(*flow.identity_providers, provider.id))
    return _still_there(kept(changed), lambda it: it.identity_providers.require(provider.id))


async def _remove_provider(_: Situation, flow: UserFlow, provider: IdentityProvider) -> Change:
    others = tuple(each for each in flow.identity_providers if key_of(each) != key_of(provider.id))
    return kept(replace(flow, identity_providers=others))


def _providers_by(name: str, to: EntitySet, doc: str) -> Navigation:
    return Navigation(
        name=name,
        attribute="identity_providers",
        doc=doc,
        to=to,
        related=_providers,
        access=READ,
        is_given=True,
        refer=Refer(
            access=WRITE,
            event=EventName.USER_FLOW_UPDATED,
            add=_add_provider,
            remove=_remove_provider,
        ),
    )


USER_FLOW_IDENTITY_PROVIDERS = _providers_by(
    "userFlowIdentityProviders",
    IDENTITY_PROVIDERS,
    "The providers people can sign in with, besides the local account.",
)
OLD_USER_FLOW_IDENTITY_PROVIDERS = _providers_by(
    "identityProviders", OLD_IDENTITY_PROVIDERS, "The same providers in their older shape."
)


async def _claims(stores: Stores, flows: Sequence[UserFlow]) -> Sequence[Sequence[FlowAttribute]]:
    known = await attributes_by_key(stores)
    return [
        [known[key_of(each)] for each in flow.application_claims if key_of(each) in known]
        for flow in flows
    ]


async def _add_claim(_: Situation, flow: UserFlow, attribute: FlowAttribute) -> Change:
    known = built_in(attribute.id)
    if known is not None and known.claim is None:
        sentence = f"The attribute '{attribute.id}' never enters tokens."
        raise Invalid(Problem("@odata.id", sentence))
    if attribute.id in flow.application_claims:
        raise AlreadyExists("this reference", target="id")
    changed = kept(replace(flow, application_claims=(*flow.application_claims, attribute.id)))
    if known is not None:
        return changed
    return _still_there(changed, lambda it: it.user_attributes.require(attribute.id))


async def _remove_claim(_: Situation, flow: UserFlow, attribute: FlowAttribute) -> Change:
    others = tuple(each for each in flow.application_claims if each != attribute.id)
    return kept(replace(flow, application_claims=others))


APPLICATION_CLAIMS = Navigation(
    name="applicationClaims",
    doc="The attributes that enter tokens when they have a value.",
    to=USER_ATTRIBUTES,
    related=_claims,
    access=READ,
    refer=Refer(
        access=WRITE, event=EventName.USER_FLOW_UPDATED, add=_add_claim, remove=_remove_claim
    ),
)


_POINTS = {
    "post_federation_signup": ConnectorPoint.POST_FEDERATION_SIGNUP,
    "post_attribute_collection": ConnectorPoint.POST_ATTRIBUTE_COLLECTION,
    "pre_token_issuance": ConnectorPoint.PRE_TOKEN_ISSUANCE,
}


def _connector_of(step: str) -> Related:
    async def related(
        stores: Stores, flows: Sequence[UserFlow]
    ) -> Sequence[Sequence[ApiConnector]]:
        ids = [getattr(flow.api_connectors, step) for flow in flows]
        known = await _named(CONNECTOR_LISTS, stores, [each for each in ids if each])
        found = [known.get(key_of(each or "")) for each in ids]
        return [() if each is None else (each,) for each in found]

    return related


def _connected(flow: UserFlow, step: str, connector_id: str | None) -> UserFlow:
    """Return the user flow with a connector at a point; raises `Invalid` where it has no such."""
    if connector_id is not None and flow.user_flow_type not in ASKED_AT[_POINTS[step]]:
        name = _POINTS[step].value
        sentence = f"A user flow of the type {flow.user_flow_type} has no point {name}."
        raise Invalid(Problem("apiConnectorConfiguration", sentence))
    return replace(flow, api_connectors=replace(flow.api_connectors, **{step: connector_id}))


def _point(name: str, step: str, doc: str) -> Navigation:
    async def add(_: Situation, flow: UserFlow, connector: ApiConnector) -> Change:
        change = kept(_connected(flow, step, connector.id))
        return _still_there(change, lambda it: it.api_connectors.require(connector.id))

    async def remove(_: Situation, flow: UserFlow, __: ApiConnector | None) -> Change:
        return kept(_connected(flow, step, None))

    return Navigation(
        name=name,
        attribute=step,
        doc=doc,
        to=API_CONNECTORS,
        related=_connector_of(step),
        access=READ,
        is_collection=False,
        is_given=True,
        is_changed_here=True,
        refer=Refer(access=WRITE, event=EventName.USER_FLOW_UPDATED, add=add, remove=remove),
    )


CONNECTOR_POINTS = (
    _point(
        "postFederationSignup",
        "post_federation_signup",
        "Called after somebody new came from an identity provider.",
    ),
    _point(
        "postAttributeCollection",
        "post_attribute_collection",
        "Called before an account is created.",
    ),
    _point("preTokenIssuance", "pre_token_issuance", "Called before tokens are issued."),
)


async def with_references(stores: Stores, flow: UserFlow, given: Mapping[str, Any]) -> UserFlow:
    """Return a new user flow with the providers and connectors it was given.

    Raises `Invalid` for one that does not exist.
    """
    ids = given.get("identity_providers", ())
    providers = await _named(PROVIDER_LISTS, stores, ids)
    points = {step: each for step, each in given.get("points", {}).items() if each}
    connectors = await _named(CONNECTOR_LISTS, stores, list(points.values()))
    for target, kind, wanted, known in (
        ("identityProviders", "identity provider", ids, providers),
        ("apiConnectorConfiguration", "API connector", points.values(), connectors),
    ):
        if any(key_of(each) not in known for each in wanted):
            raise Invalid(Problem(target, f"There is no {kind} of this id."))
    found = {key_of(each): providers[key_of(each)].id for each in ids}
    for step, each in points.items():
        flow = _connected(flow, step, connectors[key_of(each)].id)
    return replace(flow, identity_providers=tuple(found.values()))
