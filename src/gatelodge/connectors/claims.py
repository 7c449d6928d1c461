"""Which of the values a connector answers are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.attribute import DataType, UserAttribute, built_in, claim_of_custom
from gatelodge.model.claim import RESERVED_CLAIMS

NEVER_TAKEN = RESERVED_CLAIMS | frozenset(
    {
        "oid",
        "objectId",
        "identities",
        "email",
        "emails",
        "email_verified",
        "newUser",
        "idp",
        "idp_access_token",
        "identityProvider",
        "accountEnabled",
        "ageGroup",
        "consentProvidedForMinor",
        "legalAgeGroupClassification",
        "dateOfBirth",
        "userPrincipalName",
        "signInNames",
        "password",
        "client_id",
        "step",
    }
)
"""What says who somebody is or what tokens are worth: no connector may say that."""

_LONGEST_CUSTOM = 250
_LARGEST_INTEGER = 2**63


@dataclass(frozen=True, slots=True)
class Sorted:
    """Values by attribute id, and the names of those that were refused."""

    taken: Mapping[str, object]
    refused: tuple[str, ...]


def sort_claims(
    claims: Mapping[str, object],
    attributes: Iterable[str],
    custom: Mapping[str, UserAttribute],
) -> Sorted:
    """Take the values of `attributes`, which are ids; `custom` are the directory's own, by id.

    A custom attribute may be named with and without the application in its name. A reserved name
    and a value of the wrong kind are refused; a name nobody knows is passed over.
    """
    known = _names(attributes)
    taken: dict[str, object] = {}
    refused = []
    for name, value in claims.items():
        attribute_id = known.get(name.casefold())
        if name.casefold() in _NEVER_TAKEN:
            refused.append(name)
        elif attribute_id is None or value is None:
            continue
        elif _fits(value, attribute_id, custom):
            taken[attribute_id] = value
        else:
            refused.append(name)
    return Sorted(taken, tuple(refused))


_NEVER_TAKEN = frozenset(each.casefold() for each in NEVER_TAKEN)


def _names(attributes: Iterable[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    for each in attributes:
        attribute = built_in(each)
        if attribute is not None:
            known[attribute.id.casefold()] = attribute.id
        else:
            known[each.casefold()] = known[claim_of_custom(each).casefold()] = each
    return known


def _fits(value: object, attribute_id: str, custom: Mapping[str, UserAttribute]) -> bool:
    attribute = built_in(attribute_id)
    own = custom.get(attribute_id)
    longest = attribute.max_length if attribute else _LONGEST_CUSTOM
    match attribute.data_type if attribute else own.data_type if own else DataType.STRING:
        case DataType.STRING:
            return _is_text(value, longest)
        case DataType.BOOLEAN:
            return isinstance(value, bool)
        case DataType.INT64:
            is_number = isinstance(value, int) and not isinstance(value, bool)
            return is_number and -_LARGEST_INTEGER <= value < _LARGEST_INTEGER  # type: ignore[operator]
        case DataType.STRING_COLLECTION:
            return isinstance(value, list) and all(_is_text(each, longest) for each in value)
        case DataType.DATE_TIME:
            return _is_moment(value)


def _is_text(value: object, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _is_moment(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def as_answers(taken: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return values as if they had been typed on a page."""
    return {name: _typed(value) for name, value in taken.items()}


def _typed(value: object) -> tuple[str, ...]:
    match value:
        case bool():
            return ("true" if value else "false",)
        case list():
            return tuple(str(each) for each in value)
        case "":
            return ()
        case _:
            return (str(value),)
