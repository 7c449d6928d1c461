"""User attributes: what can be known of a user, and what a user flow asks for."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from gatelodge.model.identifier import DirectoryId


class DataType(StrEnum):
    """What an attribute holds; values are Graph's `identityUserFlowAttributeDataType`."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT64 = "int64"
    STRING_COLLECTION = "stringCollection"
    DATE_TIME = "dateTime"


class AttributeType(StrEnum):
    """Where an attribute comes from; values are Graph's `identityUserFlowAttributeType`."""

    BUILT_IN = "builtIn"
    CUSTOM = "custom"
    REQUIRED = "required"


class UserInputType(StrEnum):
    """How a page asks for an attribute; values are Graph's `identityUserFlowAttributeInputType`.

    The last two only show what is known, and are ours.
    """

    TEXT_BOX = "textBox"
    DATE_TIME_DROPDOWN = "dateTimeDropdown"
    RADIO_SINGLE_SELECT = "radioSingleSelect"
    DROPDOWN_SINGLE_SELECT = "dropdownSingleSelect"
    EMAIL_BOX = "emailBox"
    CHECKBOX_MULTI_SELECT = "checkboxMultiSelect"
    PARAGRAPH = "paragraph"
    READ_ONLY = "readOnly"


ONLY_SHOWN = frozenset({UserInputType.PARAGRAPH, UserInputType.READ_ONLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeValue:
    """One choice of a select: `name` is shown, `value` is stored."""

    name: str
    value: str
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeAssignment:
    """An attribute a user flow collects. `id` is the attribute's id."""

    id: str
    display_name: str | None = None
    is_optional: bool = False
    requires_verification: bool = False
    user_input_type: UserInputType = UserInputType.TEXT_BOX
    user_attribute_values: tuple[AttributeValue, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAttribute:
    """A custom attribute of a directory; `id` is `extension_{application}_{name}`."""

    directory_id: DirectoryId
    id: str
    display_name: str
    description: str | None = None
    data_type: DataType = DataType.STRING
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltInAttribute:
    """An attribute every directory has.

    `account_attribute` is the field of `Account` that holds it, `claim` its name in tokens;
    None where it is not stored, or not returned.
    """

    id: str
    display_name: str
    data_type: DataType = DataType.STRING
    account_attribute: str | None = None
    claim: str | None = None
    is_collectable: bool = True
    max_length: int = 256


BUILT_IN_ATTRIBUTES: tuple[BuiltInAttribute, ...] = (
    BuiltInAttribute(
        id="city", display_name="City", account_attribute="city", claim="city", max_length=128
    ),
    BuiltInAttribute(
        id="country",
        display_name="Country/Region",
        account_attribute="country",
        claim="country",
        max_length=128,
    ),
    BuiltInAttribute(
        id="displayName",
        display_name="Display Name",
        account_attribute="display_name",
        claim="name",
    ),
    BuiltInAttribute(id="email", display_name="Email Address"),
    BuiltInAttribute(
        id="emails",
        display_name="Email Addresses",
        data_type=DataType.STRING_COLLECTION,
        claim="emails",
        is_collectable=False,
    ),
    BuiltInAttribute(
        id="givenName",
        display_name="Given Name",
        account_attribute="given_name",
        claim="given_name",
        max_length=64,
    ),
    BuiltInAttribute(
        id="surname",
        display_name="Surname",
        account_attribute="surname",
        claim="family_name",
        max_length=64,
    ),
    BuiltInAttribute(
        id="jobTitle",
        display_name="Job Title",
        account_attribute="job_title",
        claim="jobTitle",
        max_length=128,
    ),
    BuiltInAttribute(
        id="postalCode",
        display_name="Postal Code",
        account_attribute="postal_code",
        claim="postalCode",
        max_length=40,
    ),
    BuiltInAttribute(
        id="state",
        display_name="State/Province",
        account_attribute="state",
        claim="state",
        max_length=128,
    ),
    BuiltInAttribute(
        id="streetAddress",
        display_name="Street Address",
        account_attribute="street_address",
        claim="streetAddress",
        max_length=1024,
    ),
    BuiltInAttribute(
        id="ageGroup",
        display_name="Age Group",
        account_attribute="age_group",
        claim="ageGroup",
        is_collectable=False,
    ),
    BuiltInAttribute(
        id="consentProvidedForMinor",
        display_name="Consent Provided For Minor",
        account_attribute="consent_provided_for_minor",
        claim="consentProvidedForMinor",
        is_collectable=False,
    ),
    BuiltInAttribute(
        id="legalAgeGroupClassification",
        display_name="Legal Age Group Classification",
        account_attribute="legal_age_group_classification",
        claim="legalAgeGroupClassification",
        is_collectable=False,
    ),
    BuiltInAttribute(
        id="objectId", display_name="User's Object ID", claim="oid", is_collectable=False
    ),
    BuiltInAttribute(
        id="identityProvider", display_name="Identity Provider", claim="idp", is_collectable=False
    ),
    BuiltInAttribute(
        id="identityProviderAccessToken",
        display_name="Identity Provider Access Token",
        claim="idp_access_token",
        is_collectable=False,
    ),
    BuiltInAttribute(
        id="newUser",
        display_name="User is new",
        data_type=DataType.BOOLEAN,
        claim="newUser",
        is_collectable=False,
    ),
)
"""The built-in attributes a user flow can use (B2C's user profile attributes)."""


@lru_cache(maxsize=4096)
def built_in(attribute_id: str) -> BuiltInAttribute | None:
    """Return the built-in attribute of that id, compared without case."""
    return _BY_KEY.get(attribute_id.casefold())


def is_country(attribute_id: str) -> bool:
    """Return whether it is the attribute whose choices need not be listed: there are countries."""
    return attribute_id.casefold() == "country"


_BY_KEY = {each.id.casefold(): each for each in BUILT_IN_ATTRIBUTES}


def claim_of_custom(attribute_id: str) -> str:
    """Return a custom attribute's name in tokens: `extension_{name}`, without the application."""
    _, _, name = attribute_id.split("_", 2)
    return f"extension_{name}"
