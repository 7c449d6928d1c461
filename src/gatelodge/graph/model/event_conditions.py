"""For which applications events of a sign-in are configured."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from gatelodge.errors import AlreadyExists
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Asked,
    ComplexType,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Navigation,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.event_access import READ, WRITE
from gatelodge.graph.primitive import Mismatch, read_primitive
from gatelodge.model.audit import EventName
from gatelodge.model.authentication_event import (
    EventListener,
    EventsFlow,
    with_name,
    without_name,
)
from gatelodge.storage.stores import Stores

Owner: TypeAlias = EventsFlow | EventListener


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedApplication:
    """An application events are configured for; `owner` is what they belong to."""

    app_id: str
    owner: Owner


def saving(owner: Owner) -> Callable[[Stores], Coroutine[Any, Any, None]]:
    """Return what writes a flow or a listener."""

    async def write(stores: Stores) -> None:
        if isinstance(owner, EventsFlow):
            await stores.events_flows.save(owner)
        else:
            await stores.event_listeners.save(owner)

    return write


async def _included(_: Stores, owners: Sequence[Owner]) -> Sequence[Sequence[IncludedApplication]]:
    return [
        [IncludedApplication(app_id=each, owner=owner) for each in owner.app_ids]
        for owner in owners
    ]


async def _include(situation: Situation, given: Given) -> Change:
    owner: Owner = situation.owner
    app_ids = with_name(owner.app_ids, given["app_id"])
    if app_ids is None:
        raise AlreadyExists("this application", target="appId")
    changed = replace(owner, app_ids=app_ids)
    answer = IncludedApplication(app_id=given["app_id"], owner=changed)
    return Change(answer, saving(changed), changed)


async def _same(_: Situation, included: IncludedApplication, __: Given) -> Change:
    return Change(included, saving(included.owner))


async def _leave_out(_: Situation, included: IncludedApplication, __: Given) -> Change:
    owner = included.owner
    changed = replace(owner, app_ids=without_name(owner.app_ids, included.app_id))
    return Change(None, saving(changed), changed)


def _client_id_problem(value: str) -> str | None:
    try:
        read_primitive(Primitive.GUID, value)
    except Mismatch as mismatch:
        return str(mismatch)
    return None


def conditions(event: EventName, title: str) -> Property:
    """Return the property that says for which applications something is; changes are `event`."""
    included = EntitySet(
        title=title,
        entity=EntityType(
            name="authenticationConditionApplication",
            python=IncludedApplication,
            doc="An application events are configured for.",
            key="appId",
            properties=(
                Property(
                    name="appId",
                    type=Primitive.STRING,
                    is_required=True,
                    max_length=36,
                    judge=_client_id_problem,
                    writable=Writable.ON_CREATE,
                    asked=Asked.EQUALITY,
                    doc="Its client id.",
                ),
            ),
        ),
        unique="appId",
        read=Read(access=READ),
        create=Create(access=WRITE, event=event, prepare=_include),
        update=Update(access=WRITE, event=event, prepare=_same, is_silent=True),
        delete=Delete(access=WRITE, event=event, prepare=_leave_out),
    )
    return Property(
        name="conditions",
        type=ComplexType(
            name="authenticationConditions",
            doc="When something is done.",
            properties=(
                Property(
                    name="applications",
                    type=ComplexType(
                        name="authenticationConditionsApplications",
                        doc="For which applications something is done.",
                        properties=(
                            Property(
                                name="includeAllApplications",
                                type=Primitive.BOOLEAN,
                                doc="Whether for all of them.",
                            ),
                        ),
                        navigations=(
                            Navigation(
                                name="includeApplications",
                                doc="The applications, unless for all of them.",
                                to=included,
                                related=_included,
                                is_contained=True,
                                is_given=True,
                            ),
                        ),
                    ),
                    doc="For which applications it is done.",
                ),
            ),
        ),
        doc="When it is done.",
    )


def given_conditions(given: Given) -> dict[str, Any]:
    """Return what was given with the applications as attributes of what they belong to."""
    rest = dict(given)
    included = rest.pop("applications", {})
    if "include_applications" in included:
        ids = (each["app_id"] for each in included["include_applications"])
        rest["app_ids"] = tuple(dict.fromkeys(ids))
    return rest
