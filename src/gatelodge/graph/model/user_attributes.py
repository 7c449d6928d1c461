"""`/identity/userFlowAttributes`. Source: microsoft.graph.identityUserFlowAttribute."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Enumeration,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.listed import part_of
from gatelodge.graph.model.in_use import refuse_in_use
from gatelodge.model.attribute import (
    BUILT_IN_ATTRIBUTES,
    AttributeType,
    BuiltInAttribute,
    DataType,
    UserAttribute,
)
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.new_attribute import MAX_ATTRIBUTES, attribute_id, attribute_name_problem
from gatelodge.model.query import Filter, Page, Slice, matches
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores

_WRITERS = (
    "External ID User Flow Attribute Administrator",
    "External ID User Flow Administrator",
    "Global Administrator",
)
_WRITE = ("IdentityUserFlow.ReadWrite.All",)
_READ = ("IdentityUserFlow.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowAttribute:
    """A built-in or custom attribute, as this set shows both."""

    id: str
    display_name: str
    description: str | None
    user_flow_attribute_type: AttributeType
    data_type: DataType
    custom: UserAttribute | None = None


def _built_in(attribute: BuiltInAttribute) -> FlowAttribute:
    is_email = attribute.id == "email"
    return FlowAttribute(
        id=attribute.id,
        display_name=attribute.display_name,
        description=f"The user's {attribute.display_name.lower()}.",
        user_flow_attribute_type=AttributeType.REQUIRED if is_email else AttributeType.BUILT_IN,
        data_type=attribute.data_type,
    )


def _custom(attribute: UserAttribute) -> FlowAttribute:
    return FlowAttribute(
        id=attribute.id,
        display_name=attribute.display_name,
        description=attribute.description,
        user_flow_attribute_type=AttributeType.CUSTOM,
        data_type=attribute.data_type,
        custom=attribute,
    )


_BUILT_IN = tuple(_built_in(each) for each in BUILT_IN_ATTRIBUTES)


class FlowAttributes:
    """The attributes of a directory: the built-in ones lie in no table, so it is read whole."""

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        return part_of(await self._every(stores, None), part)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        return len(await self._every(stores, where))

    async def find(self, stores: Stores, key: str) -> FlowAttribute | None:
        """Return the attribute of that id, in any case."""
        for each in _BUILT_IN:
            if key_of(each.id) == key_of(key):
                return each
        custom = await stores.user_attributes.get(key)
        return None if custom is None else _custom(custom)

    async def _every(self, stores: Stores, where: Filter | None) -> list[FlowAttribute]:
        every = (await attributes_by_key(stores)).values()
        return [each for each in every if where is None or matches(where, each)]


async def attributes_by_key(stores: Stores) -> dict[str, FlowAttribute]:
    """Return every attribute of the directory by its id in lower case, in that order."""
    every = [*_BUILT_IN, *map(_custom, await stores.user_attributes.every())]
    every.sort(key=lambda it: key_of(it.id))
    return {key_of(each.id): each for each in every}


ATTRIBUTE = EntityType(
    name="identityUserFlowAttribute",
    python=FlowAttribute,
    doc="Something that can be known of a user, which user flows can ask for.",
    other_names=(
        "identityBuiltInUserFlowAttribute",
        "identityCustomUserFlowAttribute",
        "customUserFlowAttribute",
        "builtInUserFlowAttribute",
    ),
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The name of a built-in attribute, or `extension_{application}_{name}`.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            is_required=True,
            max_length=64,
            writable=Writable.ON_CREATE,
            judge=attribute_name_problem,
            asked=Asked.EVERYTHING,
            doc="The name shown, unique without regard to case.",
        ),
        Property(
            name="description",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=1000,
            asked=Asked.EVERYTHING,
            doc="What it means.",
        ),
        Property(
            name="userFlowAttributeType",
            type=Enumeration(
                "identityUserFlowAttributeType", AttributeType, "Where an attribute comes from."
            ),
            writable=Writable.NEVER,
            asked=Asked.EQUALITY,
            doc="Where it comes from.",
        ),
        Property(
            name="dataType",
            type=Enumeration(
                "identityUserFlowAttributeDataType", DataType, "What an attribute can hold."
            ),
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EQUALITY,
            doc="What it holds.",
        ),
    ),
)
BUILT_IN = EntityType(
    name="identityBuiltInUserFlowAttribute",
    base=ATTRIBUTE,
    python=FlowAttribute,
    doc="An attribute every directory has.",
)
CUSTOM = EntityType(
    name="identityCustomUserFlowAttribute",
    base=ATTRIBUTE,
    python=FlowAttribute,
    doc="An attribute an administrator made.",
)


def _type_of(attribute: FlowAttribute) -> EntityType:
    return BUILT_IN if attribute.custom is None else CUSTOM


async def _new(situation: Situation, given: Given) -> Change:
    directory = situation.directory
    name = given["display_name"]
    if any(key_of(each.display_name) == key_of(name) for each in _BUILT_IN):
        raise AlreadyExists("the name of a built-in attribute", target="displayName")
    if len(await situation.stores.user_attributes.every()) >= MAX_ATTRIBUTES:
        raise Invalid(
            Problem("displayName", f"A directory may have {MAX_ATTRIBUTES} custom attributes.")
        )
    attribute = UserAttribute(
        directory_id=directory.id, id=attribute_id(directory.extensions_app_id, name), **given
    )
    return Change(_custom(attribute), lambda stores: stores.user_attributes.add(attribute))


async def _changed(_: Situation, attribute: FlowAttribute, given: Given) -> Change:
    custom = merged(_only_custom(attribute), given)
    return Change(_custom(custom), _saving(custom))


def _saving(attribute: UserAttribute) -> Callable[[Stores], Coroutine[Any, Any, None]]:
    async def write(stores: Stores) -> None:
        await stores.user_attributes.save(attribute)

    return write


async def _removed(_: Situation, attribute: FlowAttribute, __: Given) -> Change:
    custom = _only_custom(attribute)

    def uses(flow: UserFlow) -> bool:
        ids = (*flow.application_claims, *(each.id for each in flow.attributes))
        return any(key_of(each) == key_of(custom.id) for each in ids)

    async def write(stores: Stores) -> None:
        await refuse_in_use(stores, "attribute", uses)
        await stores.user_attributes.remove(custom.id)

    return Change(None, write)


def _only_custom(attribute: FlowAttribute) -> UserAttribute:
    if attribute.custom is None:
        raise Invalid(Problem("id", "A built-in attribute cannot be changed or deleted."))
    return attribute.custom


USER_ATTRIBUTES = EntitySet(
    title="User flow attributes",
    entity=ATTRIBUTE,
    doors=(Door(path="/identity/userFlowAttributes", declared=ATTRIBUTE),),
    source=FlowAttributes(),
    unique="displayName",
    derived=(BUILT_IN, CUSTOM),
    type_of=_type_of,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.ATTRIBUTE_CREATED,
        prepare=_new,
        example={"displayName": "Hobby", "description": "What you like", "dataType": "string"},
    ),
    update=Update(
        access=WRITE, event=EventName.ATTRIBUTE_UPDATED, prepare=_changed, is_silent=True
    ),
    delete=Delete(access=WRITE, event=EventName.ATTRIBUTE_DELETED, prepare=_removed),
)
