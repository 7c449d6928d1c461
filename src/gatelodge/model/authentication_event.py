"""What External ID does at moments of a sign-in, as administrators of it configure that.

It is kept and read by nothing else: user flows of this server have settings of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId, key_of


class InputType(StrEnum):
    """How an attribute is asked for."""

    TEXT = "text"
    RADIO_SINGLE_SELECT = "radioSingleSelect"
    CHECKBOX_MULTI_SELECT = "checkboxMultiSelect"
    BOOLEAN = "boolean"


class NewUserType(StrEnum):
    """What somebody who signs up becomes."""

    MEMBER = "member"
    GUEST = "guest"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeOption:
    """A value people may choose."""

    label: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeInput:
    """How a page asks for one attribute."""

    attribute: str
    label: str | None = None
    input_type: InputType = InputType.TEXT
    default_value: str | None = None
    hidden: bool = False
    editable: bool = True
    write_to_directory: bool = True
    required: bool = False
    validation_reg_ex: str | None = None
    options: tuple[AttributeOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeView:
    """A part of a page that asks for attributes."""

    title: str | None = None
    description: str | None = None
    inputs: tuple[AttributeInput, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributePage:
    """A page that asks for attributes."""

    custom_strings_file_id: str | None = None
    views: tuple[AttributeView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InteractiveStart:
    """Whether people may sign up at all."""

    is_sign_up_allowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodLoadStart:
    """With which providers people sign in, by id."""

    identity_providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeCollection:
    """Which attributes are asked for, by id, and how."""

    attributes: tuple[str, ...] = ()
    attribute_collection_page: AttributePage | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionCall:
    """Which extension is called, by id."""

    custom_extension: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreation:
    """What somebody who signs up becomes."""

    user_type_to_create: NewUserType = NewUserType.MEMBER


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What is done at each moment; a listener has one of them."""

    on_interactive_auth_flow_start: InteractiveStart | None = None
    on_authentication_method_load_start: MethodLoadStart | None = None
    on_attribute_collection: AttributeCollection | None = None
    on_attribute_collection_start: ExtensionCall | None = None
    on_attribute_collection_submit: ExtensionCall | None = None
    on_user_create_start: UserCreation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsFlow:
    """What is done at each moment of a sign-up to some applications, by client id."""

    directory_id: DirectoryId
    id: str
    display_name: str
    description: str | None = None
    priority: int = 500
    include_all_applications: bool = False
    app_ids: tuple[str, ...] = ()
    moments: Moments = Moments()
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EventListener:
    """What is done at one moment of a sign-in; `kind` is the name of its type."""

    directory_id: DirectoryId
    id: str
    kind: str
    display_name: str | None = None
    priority: int = 500
    authentication_events_flow_id: str | None = None
    include_all_applications: bool = False
    app_ids: tuple[str, ...] = ()
    moments: Moments = Moments()
    extension_call: ExtensionCall | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionClient:
    """How patiently an extension is called."""

    timeout_in_milliseconds: int | None = None
    maximum_retries: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAuthentication:
    """That the call carries a token for this resource."""

    resource_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpEndpoint:
    """Where the extension is."""

    target_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedClaim:
    """A claim an extension may return."""

    claim_id_in_api_response: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventExtension:
    """A web service asked at a moment of a sign-in; `kind` is the name of its type."""

    directory_id: DirectoryId
    id: str
    kind: str
    display_name: str
    description: str | None = None
    authentication_configuration: TokenAuthentication | None = None
    endpoint_configuration: HttpEndpoint | None = None
    client_configuration: ExtensionClient | None = None
    claims_for_token_configuration: tuple[ReturnedClaim, ...] = ()
    revision: int = 0


def with_name(names: tuple[str, ...], name: str) -> tuple[str, ...] | None:
    """Return names with one more, None when it is among them."""
    return None if key_of(name) in map(key_of, names) else (*names, name)


def without_name(names: Iterable[str], name: str) -> tuple[str, ...]:
    """Return names without one."""
    return tuple(each for each in names if key_of(each) != key_of(name))
