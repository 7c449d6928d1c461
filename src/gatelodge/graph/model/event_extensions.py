"""`/identity/customAuthenticationExtensions`: web services External ID asks. They are kept."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gatelodge.errors import InUse, Invalid, Problem
from gatelodge.graph.body import Part, merged
from gatelodge.graph.change import TYPE, Change, Given, Situation
from gatelodge.graph.edm import (
    Action,
    Asked,
    ComplexType,
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
from gatelodge.graph.model.event_access import READ_EXTENSIONS, WRITE_EXTENSIONS
from gatelodge.model.audit import EventName
from gatelodge.model.authentication_event import (
    EventExtension,
    ExtensionClient,
    HttpEndpoint,
    ReturnedClaim,
    TokenAuthentication,
)
from gatelodge.model.web_address import web_address_problem
from gatelodge.storage.stores import Stores

_STRING = Primitive.STRING
_KINDS = (
    "onAttributeCollectionStartCustomExtension",
    "onAttributeCollectionSubmitCustomExtension",
    "onOtpSendCustomExtension",
    "onPasswordSubmitCustomExtension",
    "onVerifiedIdClaimValidationCustomExtension",
)
_TOKEN_KIND = "onTokenIssuanceStartCustomExtension"

_AUTHENTICATION = ComplexType(
    name="customExtensionAuthenticationConfiguration",
    doc="How the call is authenticated.",
    derived=(
        ComplexType(
            name="azureAdTokenAuthentication",
            doc="By a token for a resource.",
            python=TokenAuthentication,
            properties=(
                Property(
                    name="resourceId",
                    type=_STRING,
                    is_required=True,
                    max_length=1000,
                    doc="The resource.",
                ),
            ),
        ),
    ),
)
_ENDPOINT = ComplexType(
    name="customExtensionEndpointConfiguration",
    doc="Where the service is.",
    derived=(
        ComplexType(
            name="httpRequestEndpoint",
            doc="At an address.",
            python=HttpEndpoint,
            properties=(
                Property(
                    name="targetUrl",
                    type=_STRING,
                    is_required=True,
                    max_length=2000,
                    doc="The address, with https.",
                ),
            ),
        ),
    ),
)
_CLIENT = ComplexType(
    name="customExtensionClientConfiguration",
    doc="How patiently it is called.",
    python=ExtensionClient,
    properties=(
        Property(
            name="timeoutInMilliseconds",
            type=Primitive.INT32,
            minimum=200,
            maximum=2000,
            is_nullable=True,
            doc="How long an answer may take.",
        ),
        Property(
            name="maximumRetries",
            type=Primitive.INT32,
            minimum=0,
            maximum=1,
            is_nullable=True,
            doc="How often it is asked again.",
        ),
    ),
)
_BASE = EntityType(
    name="customAuthenticationExtension",
    python=EventExtension,
    doc="A web service asked at a moment of a sign-in. It is kept; nobody asks it.",
    properties=(
        Property(
            name="id",
            type=_STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id, a GUID.",
        ),
        Property(
            name="displayName",
            type=_STRING,
            is_required=True,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="What it is called.",
        ),
        Property(
            name="description",
            type=_STRING,
            is_nullable=True,
            max_length=1000,
            doc="What it is for.",
        ),
        Property(
            name="authenticationConfiguration",
            type=_AUTHENTICATION,
            is_nullable=True,
            doc="How the call is authenticated.",
        ),
        Property(
            name="endpointConfiguration",
            type=_ENDPOINT,
            is_nullable=True,
            doc="Where the service is.",
        ),
        Property(
            name="clientConfiguration",
            type=_CLIENT,
            is_nullable=True,
            doc="How patiently it is called.",
        ),
    ),
)


def _kind(name: str, *properties: Property) -> EntityType:
    return EntityType(
        name=name, base=_BASE, python=EventExtension, doc=_BASE.doc, properties=properties
    )


_CLAIMS = Property(
    name="claimsForTokenConfiguration",
    type=ComplexType(
        name="onTokenIssuanceStartReturnClaim",
        doc="A claim it may return.",
        python=ReturnedClaim,
        properties=(
            Property(
                name="claimIdInApiResponse",
                type=_STRING,
                is_required=True,
                max_length=256,
                doc="Its name.",
            ),
        ),
    ),
    is_collection=True,
    doc="Which claims it may return.",
)
_TYPES = {each: _kind(each) for each in _KINDS} | {_TOKEN_KIND: _kind(_TOKEN_KIND, _CLAIMS)}


def _type_of(extension: EventExtension) -> EntityType:
    return _TYPES[extension.kind]


async def _every(stores: Stores) -> list[EventExtension]:
    return await stores.event_extensions.every()


def _problems(extension: EventExtension, *, is_development: bool) -> Iterator[Problem]:
    endpoint = extension.endpoint_configuration
    if endpoint is not None:
        wrong = web_address_problem(endpoint.target_url, is_development=is_development)
        if wrong is not None:
            name = "endpointConfiguration/targetUrl"
            yield Problem(name, f"The value of '{name}' {wrong}")


def _checked(situation: Situation, extension: EventExtension) -> EventExtension:
    if found := tuple(_problems(extension, is_development=situation.is_development)):
        raise Invalid(*found)
    return extension


def _made(given: Given) -> dict[str, Any]:
    return {name: each.made() if isinstance(each, Part) else each for name, each in given.items()}


async def _new(situation: Situation, given: Given) -> Change:
    rest = _made(given)
    extension = EventExtension(
        directory_id=situation.directory.id,
        id=situation.randomness.uuid(),
        kind=rest.pop(TYPE),
        **rest,
    )
    _checked(situation, extension)
    return Change(extension, lambda stores: stores.event_extensions.add(extension))


async def _changed(situation: Situation, extension: EventExtension, given: Given) -> Change:
    rest = dict(given)
    client = rest.pop("client_configuration", extension.client_configuration)
    if isinstance(client, Part):
        known = extension.client_configuration or ExtensionClient()
        client = merged(known, client.given)
    changed = replace(extension, client_configuration=client, **_made(rest))
    _checked(situation, changed)

    async def write(stores: Stores) -> None:
        await stores.event_extensions.save(changed)

    return Change(changed, write)


async def _removed(_: Situation, extension: EventExtension, __: Given) -> Change:
    async def write(stores: Stores) -> None:
        for listener in await stores.event_listeners.every():
            call = listener.extension_call
            if call is not None and call.custom_extension == extension.id:
                raise InUse(f"The extension is in use by the listener {listener.id}.")
        for flow in await stores.events_flows.every():
            moments = flow.moments
            for call in (
                moments.on_attribute_collection_start,
                moments.on_attribute_collection_submit,
            ):
                if call is not None and call.custom_extension == extension.id:
                    raise InUse(f"The extension is in use by the events flow {flow.id}.")
        await stores.event_extensions.remove(extension.id)

    return Change(None, write)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One thing that is wrong with a configuration."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Validation:
    """What became of checking a configuration."""

    errors: tuple[_Finding, ...] = ()
    warnings: tuple[_Finding, ...] = ()


_FINDING = ComplexType(
    name="genericError",
    doc="Something that is wrong.",
    python=_Finding,
    properties=(
        Property(name="code", type=_STRING, doc="The property it is about."),
        Property(name="message", type=_STRING, doc="What is wrong, in a sentence."),
    ),
)
_VALIDATION = ComplexType(
    name="authenticationConfigurationValidation",
    doc="What is wrong with a configuration.",
    python=_Validation,
    properties=(
        Property(name="errors", type=_FINDING, is_collection=True, doc="What cannot work."),
        Property(name="warnings", type=_FINDING, is_collection=True, doc="What may not work."),
    ),
)


async def _nothing(_: Stores) -> None:
    """Write nothing."""


async def _validated(
    situation: Situation, extension: EventExtension | None, given: Given
) -> Change:
    asked = extension or EventExtension(
        directory_id=situation.directory.id,
        id="",
        kind=_TOKEN_KIND,
        display_name="",
        **_made(given),
    )
    problems = _problems(asked, is_development=situation.is_development)
    found = tuple(_Finding(code=each.target, message=each.message) for each in problems)
    return Change(_Validation(errors=found), _nothing)


def _validation(*parameters: Property, is_of_collection: bool) -> Action:
    return Action(
        name="validateAuthenticationConfiguration",
        doc="Check a configuration; nothing is kept and nobody is asked.",
        access=READ_EXTENSIONS,
        event=None,
        prepare=_validated,
        parameters=parameters,
        result=_VALIDATION,
        is_of_collection=is_of_collection,
    )


EVENT_EXTENSIONS = EntitySet(
    title="Custom authentication extensions",
    entity=_BASE,
    doors=(Door(path="/identity/customAuthenticationExtensions", declared=_BASE),),
    source=Few(every=_every),
    derived=tuple(_TYPES.values()),
    type_of=_type_of,
    is_abstract=True,
    unique="displayName",
    read=Read(access=READ_EXTENSIONS),
    create=Create(
        access=WRITE_EXTENSIONS,
        event=EventName.EVENT_EXTENSION_CREATED,
        prepare=_new,
        example={
            "@odata.type": f"#microsoft.graph.{_TOKEN_KIND}",
            "displayName": "More claims",
            "endpointConfiguration": {
                "@odata.type": "#microsoft.graph.httpRequestEndpoint",
                "targetUrl": "https://claims.example/",
            },
            "claimsForTokenConfiguration": [{"claimIdInApiResponse": "points"}],
        },
    ),
    update=Update(
        access=WRITE_EXTENSIONS,
        event=EventName.EVENT_EXTENSION_UPDATED,
        prepare=_changed,
        is_silent=True,
    ),
    delete=Delete(
        access=WRITE_EXTENSIONS, event=EventName.EVENT_EXTENSION_DELETED, prepare=_removed
    ),
    actions=(
        _validation(
            Property(
                name="endpointConfiguration",
                type=_ENDPOINT,
                is_nullable=True,
                doc="Where the service is.",
            ),
            Property(
                name="authenticationConfiguration",
                type=_AUTHENTICATION,
                is_nullable=True,
                doc="How the call is authenticated.",
            ),
            is_of_collection=True,
        ),
        _validation(is_of_collection=False),
    ),
)
