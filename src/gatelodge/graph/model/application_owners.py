"""Who owns an application, and which custom attributes it owns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Family,
    Navigation,
    Primitive,
    Property,
    Read,
    Refer,
    Writable,
)
from gatelodge.graph.model.directory_objects import DIRECTORY_OBJECTS
from gatelodge.graph.model.guard import refuse_stronger
from gatelodge.graph.model.in_use import refuse_in_use
from gatelodge.graph.model.owners import objects_of, with_owner, without_owner
from gatelodge.model.application import Application
from gatelodge.model.attribute import DataType, UserAttribute
from gatelodge.model.audit import EventName
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import key_of
from gatelodge.model.new_attribute import MAX_ATTRIBUTES, attribute_id, attribute_name_problem
from gatelodge.storage.stores import Stores

_DATA_TYPES = {
    "string": DataType.STRING,
    "boolean": DataType.BOOLEAN,
    "datetime": DataType.DATE_TIME,
    "integer": DataType.INT64,
    "largeinteger": DataType.INT64,
}
_NAMES = {
    DataType.STRING: "String",
    DataType.BOOLEAN: "Boolean",
    DataType.DATE_TIME: "DateTime",
    DataType.INT64: "LargeInteger",
    DataType.STRING_COLLECTION: "String",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionProperty:
    """A custom attribute as a property the application adds to users."""

    id: str
    name: str
    data_type: str
    app_display_name: str
    is_multi_valued: bool
    is_synced_from_on_premises: bool = False
    target_objects: tuple[str, ...] = ("User",)


def _shown(attribute: UserAttribute, application: Application) -> ExtensionProperty:
    return ExtensionProperty(
        id=str(uuid5(UUID(application.app_id), key_of(attribute.id))),
        name=attribute.id,
        data_type=_NAMES[attribute.data_type],
        app_display_name=application.display_name,
        is_multi_valued=attribute.data_type is DataType.STRING_COLLECTION,
    )


def _owns_attributes(application: Application, directory: Directory) -> bool:
    return application.app_id == directory.extensions_app_id


async def _properties(
    stores: Stores, applications: Sequence[Application]
) -> Sequence[Sequence[ExtensionProperty]]:
    directory = await stores.directories.require(stores.directory_id)
    if not any(_owns_attributes(each, directory) for each in applications):
        return [() for _ in applications]
    every = await stores.user_attributes.every()
    return [
        [_shown(each, application) for each in every]
        if _owns_attributes(application, directory)
        else ()
        for application in applications
    ]


async def _new_property(situation: Situation, given: Given) -> Change:
    application: Application = situation.owner
    if not _owns_attributes(application, situation.directory):
        message = (
            "Custom attributes belong to b2c-extensions-app. Send this to"
            f" /applications(appId='{situation.directory.extensions_app_id}')/extensionProperties,"
            " or make the attribute at /identity/userFlowAttributes."
        )
        raise Invalid(Problem("name", message))
    kind = _DATA_TYPES.get(key_of(given["data_type"]))
    if kind is None:
        message = "A custom attribute is a String, Boolean, DateTime, Integer or LargeInteger."
        raise Invalid(Problem("dataType", message))
    if any(key_of(each) != "user" for each in given["target_objects"]):
        message = "Custom attributes are those of users: 'targetObjects' must be ['User']."
        raise Invalid(Problem("targetObjects", message))
    if len(await situation.stores.user_attributes.every()) >= MAX_ATTRIBUTES:
        message = f"A directory may have {MAX_ATTRIBUTES} custom attributes."
        raise Invalid(Problem("name", message))
    attribute = UserAttribute(
        directory_id=situation.directory.id,
        id=attribute_id(application.app_id, given["name"]),
        display_name=given["name"],
        data_type=kind,
    )
    return Change(
        _shown(attribute, application), lambda stores: stores.user_attributes.add(attribute)
    )


async def _removed_property(_: Situation, found: ExtensionProperty, __: Given) -> Change:
    async def write(stores: Stores) -> None:
        await refuse_in_use(
            stores,
            "attribute",
            lambda flow: (
                found.name in {*flow.application_claims, *(each.id for each in flow.attributes)}
            ),
        )
        await stores.user_attributes.remove(found.name)

    return Change(None, write)


EXTENSION_PROPERTY = EntityType(
    name="extensionProperty",
    python=ExtensionProperty,
    doc="A custom attribute, as a property an application adds to users.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id.",
        ),
        Property(
            name="name",
            type=Primitive.STRING,
            is_required=True,
            max_length=64,
            judge=attribute_name_problem,
            writable=Writable.ON_CREATE,
            doc="`extension_{application}_{name}`; given without what comes before the name.",
        ),
        Property(
            name="dataType",
            type=Primitive.STRING,
            is_required=True,
            max_length=20,
            writable=Writable.ON_CREATE,
            doc="What it holds: String, Boolean, DateTime, Integer or LargeInteger.",
        ),
        Property(
            name="targetObjects",
            type=Primitive.STRING,
            is_collection=True,
            is_required=True,
            max_length=20,
            writable=Writable.ON_CREATE,
            doc="What has it: only User.",
        ),
        Property(
            name="appDisplayName",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            doc="The application's name.",
        ),
        Property(
            name="isMultiValued",
            type=Primitive.BOOLEAN,
            writable=Writable.NEVER,
            doc="Whether it holds several values.",
        ),
        Property(
            name="isSyncedFromOnPremises",
            type=Primitive.BOOLEAN,
            writable=Writable.NEVER,
            doc="Always false.",
        ),
    ),
)


async def _owners(stores: Stores, applications: Sequence[Application]) -> list[list[Any]]:
    return await objects_of(stores, [each.owner_ids for each in applications])


def _owned_by(application: Application, owner_ids: tuple[str, ...]) -> Change:
    changed = replace(application, owner_ids=owner_ids)

    async def write(stores: Stores) -> None:
        await stores.applications.save(changed)

    return Change(None, write, changed)


async def _add_owner(situation: Situation, application: Application, owner: Any) -> Change:  # noqa: ANN401
    await refuse_stronger(situation, application)
    return _owned_by(application, with_owner(application.owner_ids, owner))


async def _remove_owner(situation: Situation, application: Application, owner: Any) -> Change:  # noqa: ANN401
    await refuse_stronger(situation, application)
    return _owned_by(application, without_owner(application.owner_ids, owner))


def application_navigations(read: Access, write: Access) -> tuple[Navigation, ...]:
    """Return where applications lead to."""
    properties = EntitySet(
        title="Extension properties",
        entity=EXTENSION_PROPERTY,
        family=Family.DIRECTORY,
        unique="name",
        read=Read(access=read),
        create=Create(access=write, event=EventName.ATTRIBUTE_CREATED, prepare=_new_property),
        delete=Delete(access=write, event=EventName.ATTRIBUTE_DELETED, prepare=_removed_property),
    )
    return (
        Navigation(
            name="extensionProperties",
            doc="The custom attributes it owns.",
            to=properties,
            related=_properties,
            is_contained=True,
        ),
        Navigation(
            name="owners",
            doc="Who owns it; an owner may do nothing more for that.",
            to=DIRECTORY_OBJECTS,
            related=_owners,
            access=read,
            is_given=True,
            refer=Refer(
                access=write,
                event=EventName.APPLICATION_UPDATED,
                add=_add_owner,
                remove=_remove_owner,
            ),
        ),
    )
