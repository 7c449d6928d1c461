"""`/identity/authenticationEventsFlows`: sign-ups of External ID. They are kept."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import TYPE, Change, Given, Situation
from gatelodge.graph.edm import (
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.few import Few
from gatelodge.graph.model.event_access import READ, WRITE
from gatelodge.graph.model.event_conditions import conditions, given_conditions, saving
from gatelodge.graph.model.event_moments import (
    SUFFIX,
    Place,
    attribute_collection,
    extension_call,
    interactive_start,
    method_load_start,
    refuse_unknown,
    settled,
    user_creation,
)
from gatelodge.model.audit import EventName
from gatelodge.model.authentication_event import EventsFlow, Moments
from gatelodge.storage.stores import Stores

_UPDATED = EventName.EVENTS_FLOW_UPDATED
_MOMENTS = tuple(each.name for each in fields(Moments))
_PLACE = "moments."


def _extension_call(moment: str, attribute: str) -> Property:
    place = Place(attribute=attribute, event=_UPDATED)
    return extension_call(moment, moment, f"{_PLACE}{attribute}", place)


_BASE = EntityType(
    name="authenticationEventsFlow",
    python=EventsFlow,
    doc="What is done at each moment of a sign-up. It is kept; user flows have their own settings.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id, a GUID.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            is_required=True,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="What it is called; no other is called so.",
        ),
        Property(
            name="description",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=1000,
            doc="What it is for.",
        ),
        Property(
            name="priority",
            type=Primitive.INT32,
            minimum=0,
            maximum=1000,
            asked=Asked.EQUALITY,
            doc="Which comes first: the lower.",
        ),
        conditions(_UPDATED, "Applications of events flows"),
    ),
)
SIGN_UP = EntityType(
    name="externalUsersSelfServiceSignUpEventsFlow",
    base=_BASE,
    python=EventsFlow,
    doc=_BASE.doc,
    properties=(
        interactive_start("onInteractiveAuthFlowStart", f"{_PLACE}on_interactive_auth_flow_start"),
        method_load_start(
            "onAuthenticationMethodLoadStart",
            f"{_PLACE}on_authentication_method_load_start",
            _UPDATED,
        ),
        attribute_collection("onAttributeCollection", f"{_PLACE}on_attribute_collection", _UPDATED),
        _extension_call("onAttributeCollectionStart", "on_attribute_collection_start"),
        _extension_call("onAttributeCollectionSubmit", "on_attribute_collection_submit"),
        user_creation("onUserCreateStart", f"{_PLACE}on_user_create_start"),
    ),
)


async def _every(stores: Stores) -> list[EventsFlow]:
    return await stores.events_flows.every()


def with_moments(moments: Moments, given: Given) -> tuple[Moments, dict[str, Any]]:
    """Return the moments with those that were given, and what else was given."""
    changes = {
        name: settled(getattr(moments, name), given[_PLACE + name])
        for name in _MOMENTS
        if _PLACE + name in given
    }
    rest = {name: each for name, each in given.items() if not name.startswith(_PLACE)}
    return replace(moments, **changes), rest


async def _new(situation: Situation, given: Given) -> Change:
    moments, rest = with_moments(Moments(), _without_type(given))
    if moments.on_interactive_auth_flow_start is None:
        raise Invalid(_missing("onInteractiveAuthFlowStart"))
    methods = moments.on_authentication_method_load_start
    if methods is None or not methods.identity_providers:
        raise Invalid(_missing("onAuthenticationMethodLoadStart/identityProviders"))
    flow = EventsFlow(
        directory_id=situation.directory.id,
        id=situation.randomness.uuid(),
        moments=moments,
        **given_conditions(rest),
    )
    await refuse_unknown(situation.stores, moments, None)
    return Change(flow, lambda stores: stores.events_flows.add(flow))


def _without_type(given: Given) -> Mapping[str, Any]:
    return {name: each for name, each in given.items() if name != TYPE}


def _missing(name: str) -> Problem:
    return Problem(name, f"The property '{name}' is required.")


async def _changed(situation: Situation, flow: EventsFlow, given: Given) -> Change:
    moments, rest = with_moments(flow.moments, given)
    changed = replace(flow, moments=moments, **given_conditions(rest))
    await refuse_unknown(situation.stores, moments, None)
    return Change(changed, saving(changed))


async def _removed(_: Situation, flow: EventsFlow, __: Given) -> Change:
    return Change(None, lambda stores: stores.events_flows.remove(flow.id))


EVENTS_FLOWS = EntitySet(
    title="Authentication events flows",
    entity=_BASE,
    doors=(Door(path="/identity/authenticationEventsFlows", declared=_BASE),),
    source=Few(every=_every),
    derived=(SIGN_UP,),
    type_of=lambda _: SIGN_UP,
    is_abstract=True,
    unique="displayName",
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.EVENTS_FLOW_CREATED,
        prepare=_new,
        example={
            "@odata.type": f"#microsoft.graph.{SIGN_UP.name}",
            "displayName": "Shop",
            "onInteractiveAuthFlowStart": {
                "@odata.type": f"#microsoft.graph.onInteractiveAuthFlowStart{SUFFIX}",
                "isSignUpAllowed": True,
            },
            "onAuthenticationMethodLoadStart": {
                "@odata.type": f"#microsoft.graph.onAuthenticationMethodLoadStart{SUFFIX}",
                "identityProviders": [{"id": "EmailPassword-OAUTH"}],
            },
        },
    ),
    update=Update(access=WRITE, event=_UPDATED, prepare=_changed, is_silent=True),
    delete=Delete(access=WRITE, event=EventName.EVENTS_FLOW_DELETED, prepare=_removed),
)
