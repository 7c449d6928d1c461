"""`/identity/authenticationEventListeners`: single moments of a sign-in. They are kept."""

from collections.abc import Mapping
from dataclasses import replace

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
    Place,
    attribute_collection,
    extension_call,
    interactive_start,
    method_load_start,
    refuse_unknown,
    settled,
    user_creation,
)
from gatelodge.graph.model.events_flows import with_moments
from gatelodge.model.audit import EventName
from gatelodge.model.authentication_event import EventListener
from gatelodge.storage.stores import Stores

_UPDATED = EventName.EVENT_LISTENER_UPDATED
_CALL = "extension_call"

_BASE = EntityType(
    name="authenticationEventListener",
    python=EventListener,
    doc="What is done at one moment of a sign-in. It is kept; user flows have their own settings.",
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
            is_nullable=True,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="What it is called.",
        ),
        Property(
            name="priority",
            type=Primitive.INT32,
            minimum=0,
            maximum=1000,
            asked=Asked.EQUALITY,
            doc="Which comes first: the lower.",
        ),
        Property(
            name="authenticationEventsFlowId",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=36,
            asked=Asked.EQUALITY,
            doc="The events flow it belongs to.",
        ),
        conditions(_UPDATED, "Applications of listeners"),
    ),
)


def _calling(moment: str) -> Property:
    return extension_call(moment, "handler", _CALL, Place(attribute=None, event=_UPDATED))


_MOMENTS: Mapping[str, Property | None] = {
    "onAttributeCollectionListener": attribute_collection(
        "handler", "moments.on_attribute_collection", _UPDATED
    ),
    "onAttributeCollectionStartListener": _calling("onAttributeCollectionStart"),
    "onAttributeCollectionSubmitListener": _calling("onAttributeCollectionSubmit"),
    "onAuthenticationMethodLoadStartListener": method_load_start(
        "handler", "moments.on_authentication_method_load_start", _UPDATED
    ),
    "onEmailOtpSendListener": _calling("onOtpSend"),
    "onFraudProtectionLoadStartListener": None,
    "onInteractiveAuthFlowStartListener": interactive_start(
        "handler", "moments.on_interactive_auth_flow_start"
    ),
    "onPasswordSubmitListener": _calling("onPasswordSubmit"),
    "onPhoneMethodLoadStartListener": None,
    "onTokenIssuanceStartListener": _calling("onTokenIssuanceStart"),
    "onUserCreateStartListener": user_creation("handler", "moments.on_user_create_start"),
    "onVerifiedIdClaimValidationListener": _calling("onVerifiedIdClaimValidation"),
}
_TYPES = {
    name: EntityType(
        name=name,
        base=_BASE,
        python=EventListener,
        doc=_BASE.doc,
        properties=() if handler is None else (handler,),
    )
    for name, handler in _MOMENTS.items()
}


def _type_of(listener: EventListener) -> EntityType:
    return _TYPES[listener.kind]


async def _every(stores: Stores) -> list[EventListener]:
    return await stores.event_listeners.every()


async def _new(situation: Situation, given: Given) -> Change:
    listener = EventListener(
        directory_id=situation.directory.id,
        id=situation.randomness.uuid(),
        kind=given[TYPE],
    )
    rest = {name: each for name, each in given.items() if name != TYPE}
    listener = await _with(situation, listener, rest)
    return Change(listener, lambda stores: stores.event_listeners.add(listener))


async def _with(situation: Situation, listener: EventListener, given: Given) -> EventListener:
    moments, rest = with_moments(listener.moments, given)
    call = settled(listener.extension_call, rest.pop(_CALL, listener.extension_call))
    changed = replace(listener, moments=moments, extension_call=call, **given_conditions(rest))
    await refuse_unknown(situation.stores, moments, call)
    return changed


async def _changed(situation: Situation, listener: EventListener, given: Given) -> Change:
    changed = await _with(situation, listener, given)
    return Change(changed, saving(changed))


async def _removed(_: Situation, listener: EventListener, __: Given) -> Change:
    return Change(None, lambda stores: stores.event_listeners.remove(listener.id))


EVENT_LISTENERS = EntitySet(
    title="Authentication event listeners",
    entity=_BASE,
    doors=(Door(path="/identity/authenticationEventListeners", declared=_BASE),),
    source=Few(every=_every),
    derived=tuple(_TYPES.values()),
    type_of=_type_of,
    is_abstract=True,
    unique="id",
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.EVENT_LISTENER_CREATED,
        prepare=_new,
        example={
            "@odata.type": "#microsoft.graph.onUserCreateStartListener",
            "priority": 500,
            "handler": {
                "@odata.type": "#microsoft.graph.onUserCreateStartExternalUsersSelfServiceSignUp",
                "userTypeToCreate": "guest",
            },
        },
    ),
    update=Update(access=WRITE, event=_UPDATED, prepare=_changed, is_silent=True),
    delete=Delete(access=WRITE, event=EventName.EVENT_LISTENER_DELETED, prepare=_removed),
)
