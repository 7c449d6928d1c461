"""The vocabulary the model is declared in (OData CSDL 4.01, the part we use)."""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Protocol, TypeAlias

from gatelodge.graph.change import Prepare, PrepareExisting
from gatelodge.model.audit import EventName
from gatelodge.model.query import Filter, Page, Slice
from gatelodge.storage.stores import Stores


class Primitive(StrEnum):
    """Primitive types (OData CSDL XML 4.01 §3.3)."""

    STRING = "Edm.String"
    BOOLEAN = "Edm.Boolean"
    SINGLE = "Edm.Single"
    INT32 = "Edm.Int32"
    INT64 = "Edm.Int64"
    DATE_TIME = "Edm.DateTimeOffset"
    GUID = "Edm.Guid"


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enum type; `members` is a StrEnum whose values are the wire names, numbered from 1."""

    name: str
    members: type[StrEnum]
    doc: str
    is_evolvable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComplexType:
    """A structured value. Without `python` its properties are attributes of what it lies in."""

    name: str
    doc: str
    python: type | None = None
    properties: tuple["Property", ...] = ()


Type: TypeAlias = Primitive | Enumeration | ComplexType


class Writable(Enum):
    """When a client may give a property."""

    ALWAYS = "on create and update"
    ON_CREATE = "on create"
    NEVER = "never"


class Returned(Enum):
    """When an answer contains a property."""

    BY_DEFAULT = "by default"
    ON_SELECT = "with $select"
    NEVER = "never"


class Asked(Enum):
    """What `$filter` and `$orderby` may do with a property."""

    NOTHING = "nothing"
    EQUALITY = "equality"
    EVERYTHING = "everything"


def attribute_name(name: str) -> str:
    """Return the attribute of a wire name: `userFlowType` becomes `user_flow_type`."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Property:
    """A structural property. `doc` is the sentence every reference shows.

    `attribute` is the Python attribute when it does not follow from the name. Numbers lie between
    `minimum` and `maximum` or are among `also`; text has at most `max_length` characters. `judge`
    says what else is wrong with a single value, completing `The value of 'x' …`. Bodies may use
    one of `other_names` instead.
    """

    name: str
    type: Type
    doc: str
    attribute: str = ""
    other_names: tuple[str, ...] = ()
    is_collection: bool = False
    is_required: bool = False
    is_nullable: bool = False
    writable: Writable = Writable.ALWAYS
    returned: Returned = Returned.BY_DEFAULT
    asked: Asked = Asked.NOTHING
    minimum: int | None = None
    maximum: int | None = None
    also: tuple[int, ...] = ()
    max_length: int | None = None
    judge: Callable[[Any], str | None] | None = None

    def __post_init__(self) -> None:
        if not self.attribute:
            object.__setattr__(self, "attribute", attribute_name(self.name))

    @property
    def inlined(self) -> ComplexType | None:
        """Return the type whose properties are attributes of what this property lies in."""
        return self.type if isinstance(self.type, ComplexType) and not self.type.python else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntityType:
    """An entity type. `python` is the frozen dataclass it stands for.

    An open type has further properties whose names begin with `open_prefix`; they are kept in the
    attribute `open_attribute`.
    """

    name: str
    doc: str
    python: type
    base: "EntityType | None" = None
    properties: tuple[Property, ...] = ()
    key: str = "id"
    other_names: tuple[str, ...] = ()
    open_prefix: str = ""
    open_attribute: str = "extensions"

    def all_properties(self) -> Iterator[Property]:
        """Yield inherited properties first, as CSDL and the documentation list them."""
        if self.base is not None:
            yield from self.base.all_properties()
        yield from self.properties

    def lineage(self) -> Iterator["EntityType"]:
        """Yield the type and what it derives from."""
        yield self
        if self.base is not None:
            yield from self.base.lineage()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Access:
    """Who may do something. The first permission of each kind is the least privileged.

    A delegated call also needs its user to hold one of the directory roles.
    """

    application: tuple[str, ...]
    delegated: tuple[str, ...]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """List, count and get."""

    access: Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Make an entity by POST on the collection; `example` is a body that does."""

    access: Access
    event: EventName
    prepare: Prepare
    example: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Change an entity by PATCH; answered with the entity unless `is_silent`."""

    access: Access
    event: EventName
    prepare: PrepareExisting
    is_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove an entity by DELETE."""

    access: Access
    event: EventName
    prepare: PrepareExisting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Action:
    """A named deed upon one entity, by POST. Without `result` it answers 204."""

    name: str
    doc: str
    access: Access
    event: EventName
    prepare: PrepareExisting
    parameters: tuple[Property, ...] = ()
    result: Type | None = None


Operation: TypeAlias = Read | Create | Update | Delete | Action


class Source(Protocol):
    """Where the entities of a set are read."""

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        ...

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        ...

    @property
    def find(self) -> Callable[[Stores, str], Coroutine[Any, Any, Any]]:
        """Return what reads one entity by its key."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Door:
    """A path a set is reached by. An entity of another type than `declared` says its own.

    `required` names properties this door insists on beyond those the type requires.
    """

    path: str
    declared: EntityType
    required: tuple[str, ...] = ()


class Family(Enum):
    """Which of Graph's two habits of reporting errors a set follows."""

    IDENTITY = "identity"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntitySet:
    """A collection of entities. `alternate_keys` find an entity by a property other than its key.

    `type_of` names the derived type of one entity, one of `derived`; by default it is `entity`.
    `unique` is the property a conflict is about.
    """

    title: str
    entity: EntityType
    doors: tuple[Door, ...]
    source: Source
    read: Read
    create: Create | None = None
    update: Update | None = None
    delete: Delete | None = None
    actions: tuple[Action, ...] = ()
    family: Family = Family.IDENTITY
    unique: str = "id"
    page_size: int = 100
    largest_page: int = 999
    alternate_keys: Mapping[str, Callable[[Stores, str], Coroutine[Any, Any, Any]]] = field(
        default_factory=dict
    )
    derived: tuple[EntityType, ...] = ()
    type_of: Callable[[Any], EntityType] | None = None

    def concrete(self, value: object) -> EntityType:
        """Return the type of one entity."""
        return self.entity if self.type_of is None else self.type_of(value)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Return everything that may be done, in the order of the reference."""
        kept = (self.create, self.update, self.delete, *self.actions)
        return (self.read, *(each for each in kept if each is not None))


Model: TypeAlias = tuple[EntitySet, ...]
