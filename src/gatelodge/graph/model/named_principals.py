"""Service principals by the names others give them."""

from collections.abc import Sequence

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Situation
from gatelodge.model.query import AllOf, Among, Comparator, Comparison, Filter, Slice
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.principal_lists import SERVICE_PRINCIPALS, principal_of
from gatelodge.storage.stores import Stores


async def principals_by_app_id(
    stores: Stores, app_ids: Sequence[str]
) -> dict[str, ServicePrincipal]:
    """Return service principals by client id."""
    wanted = tuple(dict.fromkeys(app_ids))
    if not wanted:
        return {}
    part = Slice(where=Among("app_id", wanted), limit=len(wanted))
    page = await SERVICE_PRINCIPALS.page(stores, part)
    return {each.app_id: each for each in page.values}


async def named_principal(situation: Situation, name: str, key: str) -> ServicePrincipal:
    """Return the service principal a body names. Raises `Invalid`."""
    found = await principal_of(situation.stores, key)
    if found is None:
        message = f"The value of '{name}' is no service principal of this directory."
        raise Invalid(Problem(name, message))
    return found


def demanded_value(where: Filter | None, attribute: str) -> str | None:
    """Return the text a filter demands of an attribute, None when it leaves that open."""
    match where:
        case Comparison(name, Comparator.EQ, str() as value) if name == attribute:
            return value
        case AllOf(parts):
            found = (demanded_value(each, attribute) for each in parts)
            return next((each for each in found if each is not None), None)
        case _:
            return None
