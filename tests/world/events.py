"""What External ID does at moments of a sign-in, made for tests."""

from typing import Any

from gatelodge.model.authentication_event import (
    AttributeCollection,
    AttributeInput,
    AttributePage,
    AttributeView,
    EventExtension,
    EventListener,
    EventsFlow,
    ExtensionCall,
    HttpEndpoint,
    Moments,
    ReturnedClaim,
)
from tests.world.makers import TENANT, numbered

_PAGE = AttributePage(views=(AttributeView(inputs=(AttributeInput(attribute="city"),)),))


def an_events_flow(**changes: Any) -> EventsFlow:
    """Return an events flow that asks for one attribute."""
    collection = AttributeCollection(attributes=("city",), attribute_collection_page=_PAGE)
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": numbered(70),
        "display_name": "Shop",
        "moments": Moments(on_attribute_collection=collection),
    }
    return EventsFlow(**{**values, **changes})


def an_event_listener(**changes: Any) -> EventListener:
    """Return a listener that calls an extension."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": numbered(71),
        "kind": "onTokenIssuanceStartListener",
        "extension_call": ExtensionCall(custom_extension=numbered(72)),
    }
    return EventListener(**{**values, **changes})


def an_event_extension(**changes: Any) -> EventExtension:
    """Return an extension that returns one claim."""
    values: dict[str, Any] = {
        "directory_id": TENANT,
        "id": numbered(72),
        "kind": "onTokenIssuanceStartCustomExtension",
        "display_name": "More claims",
        "endpoint_configuration": HttpEndpoint(target_url="https://claims.example/"),
        "claims_for_token_configuration": (ReturnedClaim(claim_id_in_api_response="points"),),
    }
    return EventExtension(**{**values, **changes})
