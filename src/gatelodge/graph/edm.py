"""The vocabulary the model is declared in (OData CSDL 4.01, the part we use)."""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, Protocol, TypeAlias

from gatelodge.graph.change import Prepare, PrepareExisting, PrepareReference, PrepareStream
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
    BINARY = "Edm.Binary"


SENTINEL = "unknownFutureValue"
"""What stands for members a client may not know."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enum type; `members` is a StrEnum whose values are the wire names.

    An evolvable one has a sentinel among its members, for which nobody can ask. `later` members
    came after it: answers name them only to clients that say they can read them.
    """

    name: str
    members: type[StrEnum]
    doc: str
    is_evolvable: bool = True
    later: frozenset[StrEnum] = frozenset()

    def numbered(self) -> tuple[str, ...]:
        """Return every member by its number, beginning with 1."""
        early = [each for each in self.members if each not in self.later]
        late = [each for each in self.members if each in self.later]
        sentinel = (SENTINEL,) if self.is_evolvable else ()
        return tuple(map(str, (*early, *sentinel, *late)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ComplexType:
    """A structured value. Without `python` its properties are attributes of what it lies in.

    A value of a type with `derived` types is always one of those, and says which. With
    `navigations`, its own or of what lies in it, it has a path of its own below the entity it lies
    in, which owns what they lead to.
    """

    name: str
    doc: str
    python: type | None = None
    properties: tuple["Property", ...] = ()
    derived: tuple["ComplexType", ...] = ()
    navigations: tuple["Navigation", ...] = ()

    def parts(self) -> Iterator["Property"]:
        """Yield what lies in a value of any of the types and has a path of its own."""
        for kind in (self, *self.derived):
            for each in kind.properties:
                if isinstance(each.type, ComplexType) and each.type.has_path:
                    yield each

    def ways(self) -> Iterator["Navigation"]:
        """Yield where a value of any of the types leads."""
        for kind in (self, *self.derived):
            yield from kind.navigations

    @property
    def has_path(self) -> bool:
        """Return whether something below a value of this type has a path."""
        return any(True for _ in self.ways()) or any(True for _ in self.parts())


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
    MASKED = "as asterisks"
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
    `minimum` and `maximum` or are among `also`; text has at most `max_length` characters, a list
    at most `max_items`. `judge` says what else is wrong with a single value, completing `The value
    of 'x' …`. Bodies may use one of `other_names` instead; answers of the beta version use
    `beta_name`, if there is one. What no column holds in its order can be filtered by and not
    sorted by.
    """

    name: str
    type: Type
    doc: str
    attribute: str = ""
    other_names: tuple[str, ...] = ()
    beta_name: str = ""
    is_collection: bool = False
    is_required: bool = False
    is_nullable: bool = False
    writable: Writable = Writable.ALWAYS
    returned: Returned = Returned.BY_DEFAULT
    asked: Asked = Asked.NOTHING
    is_sorted: bool = True
    minimum: int | None = None
    maximum: int | None = None
    also: tuple[int, ...] = ()
    max_length: int | None = None
    max_items: int | None = None
    judge: Callable[[Any], str | None] | None = None

    def __post_init__(self) -> None:
        if not self.attribute:
            object.__setattr__(self, "attribute", attribute_name(self.name))

    @property
    def inlined(self) -> ComplexType | None:
        """Return the type whose properties are attributes of what this property lies in."""
        kind = self.type
        is_inlined = isinstance(kind, ComplexType) and not (kind.python or kind.derived)
        return kind if isinstance(kind, ComplexType) and is_inlined else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntityType:
    """An entity type. `python` is the frozen dataclass it stands for.

    An open type has further properties whose names begin with `open_prefix`; they are kept in the
    attribute `open_attribute`. `stream` is what `/$value` of an entity is, `streams` what lies
    below it by name.
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
    navigations: tuple["Navigation", ...] = ()
    stream: "Stream | None" = None
    streams: tuple["Stream", ...] = ()

    @property
    def key_attribute(self) -> str:
        """Return the attribute that holds the key."""
        return attribute_name(self.key)

    def all_navigations(self) -> Iterator["Navigation"]:
        """Yield inherited navigations first."""
        if self.base is not None:
            yield from self.base.all_navigations()
        yield from self.navigations

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

    A delegated call also needs its user to hold one of the directory roles. The permissions in
    `owned` are enough for an application that owns what it is about.
    """

    application: tuple[str, ...]
    delegated: tuple[str, ...]
    roles: tuple[str, ...]
    owned: tuple[str, ...] = ()

    def allows(
        self, permissions: frozenset[str], roles: frozenset[str] | None, *, is_owner: bool = False
    ) -> bool:
        """Return whether these do; `roles` is None when an application acts by itself."""
        if roles is None:
            enough = (*self.application, *(self.owned if is_owner else ()))
            return not permissions.isdisjoint(enough)
        return not (permissions.isdisjoint(self.delegated) or roles.isdisjoint(self.roles))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialAccess:
    """Who may see, or change, only these properties of an entity."""

    access: Access
    properties: tuple[str, ...]


def either(*accesses: Access) -> Access:
    """Return the access of whoever has one of these."""

    def merged(of: Callable[[Access], tuple[str, ...]]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in accesses for name in of(each)))

    return Access(
        application=merged(lambda it: it.application),
        delegated=merged(lambda it: it.delegated),
        roles=merged(lambda it: it.roles),
        owned=merged(lambda it: it.owned),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """List, count and get. Whoever has `partial` access sees, and asks for, no more than that."""

    access: Access
    partial: tuple[PartialAccess, ...] = ()

    @property
    def door(self) -> Access:
        """Return who may look at all."""
        return either(self.access, *(each.access for each in self.partial))


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Make an entity by POST on the collection; `example` is a body that does.

    With `media_types` the body is the octets of the entity, and so is the answer.
    """

    access: Access
    event: EventName
    prepare: Prepare
    example: Mapping[str, Any] = field(default_factory=dict)
    media_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """Change an entity by PATCH; answered with the entity unless `is_silent`.

    Whoever has `partial` access changes no other property.
    """

    access: Access
    event: EventName
    prepare: PrepareExisting
    is_silent: bool = False
    partial: tuple[PartialAccess, ...] = ()

    @property
    def door(self) -> Access:
        """Return who may change anything at all."""
        return either(self.access, *(each.access for each in self.partial))


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Remove an entity by DELETE."""

    access: Access
    event: EventName
    prepare: PrepareExisting


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Make or replace the entity of a key the client chose, by PUT: 201 when it is new, else 204.

    `prepare` is given None for an entity that is new; the key is among what was given.
    """

    access: Access
    event: EventName
    prepare: PrepareExisting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Action:
    """A named deed upon one entity, by POST.

    Without an `event` it is a question, and nothing is written. It answers with the entity when
    `is_entity_returned`, else with a `result`, else with 204.
    A deed upon a whole collection is given what owns the collection, None at a root.
    """

    name: str
    doc: str
    access: Access
    event: EventName | None
    prepare: PrepareExisting
    parameters: tuple[Property, ...] = ()
    result: Type | None = None
    is_of_collection: bool = False
    is_entity_returned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Function:
    """A named question about one entity, by GET; `result` is what one answer is made of.

    A question about a whole collection is given what owns the collection, None at a root.
    """

    name: str
    doc: str
    access: Access
    read: Callable[[Stores, Any], Coroutine[Any, Any, Any]]
    result: Type
    is_collection: bool = False
    is_of_collection: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lookup:
    """A named question with a body, by POST on a collection: entities of it, nothing written."""

    name: str
    doc: str
    access: Access
    parameters: tuple[Property, ...]
    find: Callable[[Stores, Mapping[str, Any]], Coroutine[Any, Any, Sequence[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteStream:
    """Replace or remove the octets of an entity, by PUT and DELETE on `/$value`.

    Without `delete` there are always some. `delete_all`, given the owner of a collection, removes
    those of everything in it. Where PUT may `make` the entity of a key that is new, the octets are
    answered.
    """

    access: Access
    event: EventName
    put: PrepareStream
    delete: PrepareExisting | None = None
    make: Create | None = None
    delete_all: PrepareExisting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The octets of an entity, at `/$value` or at `/{name}`.

    `read` returns None where there are none. `media_types` are what may be sent, and the first
    what is answered unless `media_type_of` reads it off the octets.
    """

    doc: str
    access: Access
    read: Callable[[Stores, Any], Coroutine[Any, Any, bytes | None]]
    name: str = ""
    media_types: tuple[str, ...] = ("application/json", "application/octet-stream", "text/plain")
    media_type_of: Callable[[bytes], str | None] | None = None
    write: WriteStream | None = None

    @property
    def path(self) -> str:
        """Return the last segment of its address."""
        return self.name or "$value"

    def answered(self, octets: bytes) -> str:
        """Return the media type of an answer."""
        found = None if self.media_type_of is None else self.media_type_of(octets)
        return found or self.media_types[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refer:
    """Add, set and remove references, by `$ref`; both are given the owner and the other.

    `remove` of a navigation to one is given what it leads to, None when it leads nowhere.
    """

    access: Access
    event: EventName
    add: PrepareReference
    remove: PrepareReference


Operation: TypeAlias = Read | Create | Update | Put | Delete | Action | Function | Lookup
Related: TypeAlias = Callable[[Stores, Sequence[Any]], Coroutine[Any, Any, Sequence[Sequence[Any]]]]
"""Reads for each of several owners what it leads to, all of it at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Navigation:
    """A way from an entity to others: to those it contains, or by reference to those of a set.

    `to` is the set of what it leads to; one that is contained has no doors of its own. `access`
    says who may look where the set does not say it. With `is_given` a body that makes the owner
    may bring along what it contains, or name what it refers to. A way to one that leads nowhere is
    answered with 204, and with 404 when it `is_missed`. With `is_changed_here` what it leads to can
    be changed by this way too, as well as at its own place. `other_names` are understood in
    paths and bodies. `closed` tells why an owner's way is closed, None when it is open.
    """

    name: str
    doc: str
    to: "EntitySet"
    related: Related
    attribute: str = ""
    other_names: tuple[str, ...] = ()
    is_contained: bool = False
    is_collection: bool = True
    is_given: bool = False
    is_required: bool = False
    is_missed: bool = False
    is_changed_here: bool = False
    access: Access | None = None
    refer: Refer | None = None
    closed: Callable[[Any], str | None] | None = None

    def __post_init__(self) -> None:
        if not self.attribute:
            object.__setattr__(self, "attribute", attribute_name(self.name))

    @property
    def read_access(self) -> Access:
        """Return who may look."""
        return self.to.read.access if self.access is None else self.access

    def reason(self, owner: object) -> str | None:
        """Return why the way from an owner is closed, None when it is open."""
        return None if self.closed is None else self.closed(owner)

    @property
    def names(self) -> tuple[str, ...]:
        """Return what it is called, in lower case."""
        return tuple(each.lower() for each in (self.name, *self.other_names))


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

    `required` names properties this door insists on beyond those the type requires. Behind the
    door lie entities that fulfil `only`; those that are made there are of the type `entity`.
    """

    path: str
    declared: EntityType
    required: tuple[str, ...] = ()
    entity: EntityType | None = None
    only: Filter | None = None


class Family(Enum):
    """Which of Graph's two habits of reporting errors a set follows."""

    IDENTITY = "identity"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EntitySet:
    """A collection of entities. `alternate_keys` find an entity by a property other than its key.

    `type_of` names the derived type of one entity, one of `derived`; by default it is `entity`.
    When that `is_abstract`, a new entity says which of them it is, in `@odata.type`. `unique` is
    the property a conflict is about. A set that `is_single` is not a list but the one entity its
    path names: its source is asked with the caller's id. A set without doors and source is
    contained in what a navigation leads from; `named` finds one of its entities by other names
    than its key. Of a set with entities of several kinds, `casts` are those of one kind each, and
    `seen_by` tells who may see one of them; a list leaves out what its caller may not see.
    `chosen_keys` are alternate keys, GUIDs, by which PATCH makes what it does not find, with
    `Prefer: create-if-missing`.
    """

    title: str
    entity: EntityType
    read: Read
    doors: tuple[Door, ...] = ()
    source: Source | None = None
    create: Create | None = None
    put: Put | None = None
    update: Update | None = None
    delete: Delete | None = None
    actions: tuple[Action, ...] = ()
    functions: tuple[Function, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    family: Family = Family.IDENTITY
    unique: str = "id"
    page_size: int = 100
    largest_page: int = 999
    largest_skip: int = 2**31 - 1
    alternate_keys: Mapping[str, Callable[[Stores, str], Coroutine[Any, Any, Any]]] = field(
        default_factory=dict
    )
    derived: tuple[EntityType, ...] = ()
    type_of: Callable[[Any], EntityType] | None = None
    is_abstract: bool = False
    is_single: bool = False
    named: Callable[[Sequence[Any], str], Any] | None = None
    casts: tuple["EntitySet", ...] = ()
    seen_by: Callable[[Any], Access] | None = None
    chosen_keys: tuple[str, ...] = ()

    def concrete(self, value: object) -> EntityType:
        """Return the type of one entity."""
        return self.entity if self.type_of is None else self.type_of(value)

    def types(self) -> Iterator[EntityType]:
        """Yield the type and those derived from it."""
        yield self.entity
        yield from (each for each in self.derived if each is not self.entity)

    def navigations(self) -> Mapping[str, Navigation]:
        """Return where entities of any of the types lead, by name in lower case."""
        return {
            name: each
            for kind in self.types()
            for each in kind.all_navigations()
            for name in each.names
        }

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Return everything that may be done, in the order of the reference."""
        singles = (self.create, self.put, self.update, self.delete)
        kept = (*singles, *self.functions, *self.lookups, *self.actions)
        return (self.read, *(each for each in kept if each is not None))


Model: TypeAlias = tuple[EntitySet, ...]
