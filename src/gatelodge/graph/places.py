"""Where everything of a model is reached: the sets at their doors, and what lies inside."""

from collections.abc import Iterator
from dataclasses import dataclass

from gatelodge.graph.edm import ComplexType, Door, EntitySet, EntityType, Model, Navigation, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A set at a path with the names of keys in braces; `keys` are those of what lies above."""

    entity_set: EntitySet
    door: Door
    keys: tuple[str, ...] = ()
    navigation: Navigation | None = None

    @property
    def path(self) -> str:
        """Return the path of the collection, or of the one entity."""
        return self.door.path

    @property
    def is_single(self) -> bool:
        """Return whether there is one entity and no list."""
        leads_to_one = self.navigation is not None and not self.navigation.is_collection
        return self.entity_set.is_single or leads_to_one

    @property
    def is_contained(self) -> bool:
        """Return whether what lies here lies nowhere else."""
        return self.navigation is None or self.navigation.is_contained


def places_of(model: Model) -> Iterator[Place]:
    """Yield every place of a model, each door with what lies behind it."""
    for entity_set in model:
        for door in entity_set.doors:
            yield from _from(Place(entity_set=entity_set, door=door), door.declared)
            for each in entity_set.casts:
                path = f"{door.path}/microsoft.graph.{each.entity.name}"
                yield Place(entity_set=each, door=Door(path=path, declared=each.entity))


def first_places(model: Model) -> Iterator[Place]:
    """Yield every set once, at the path that shows most of it."""
    known: set[int] = set()
    for entity_set in model:
        whole = [door for door in entity_set.doors if door.declared is entity_set.entity]
        yield Place(entity_set=entity_set, door=entity_set.doors[0])
        main = Place(entity_set=entity_set, door=(whole or entity_set.doors)[0])
        for each in _from(main, main.door.declared):
            is_inside = each.navigation is not None and each.is_contained
            if is_inside and id(each.entity_set) not in known:
                known.add(id(each.entity_set))
                yield each


def all_sets(model: Model) -> Model:
    """Return the sets of a model and those contained in them."""
    found = {id(each.entity_set): each.entity_set for each in places_of(model)}
    return tuple(found.values())


def navigations_of(kind: EntityType) -> Iterator[tuple[str, Navigation]]:
    """Yield where a type leads, with the path of the structured value it starts from."""
    for each in kind.all_navigations():
        yield "", each
    for path, part in _parts(kind):
        yield from ((f"/{path}", each) for each in part.ways())


def streams_of(entity_set: EntitySet) -> Iterator[Stream]:
    """Yield the octets of an entity of a set: at `/$value`, and by name."""
    for kind in entity_set.types():
        if kind.stream is not None:
            yield kind.stream
        yield from kind.streams


def structures_of(kind: EntityType) -> Iterator[str]:
    """Yield the paths of structured values that have one of their own."""
    yield from (path for path, _ in _parts(kind))


def _parts(kind: EntityType) -> Iterator[tuple[str, ComplexType]]:
    for each in kind.all_properties():
        if isinstance(each.type, ComplexType) and each.type.has_path:
            yield from _below(each.name, each.type)


def _below(path: str, kind: ComplexType) -> Iterator[tuple[str, ComplexType]]:
    yield path, kind
    for each in kind.parts():
        if isinstance(each.type, ComplexType):
            yield from _below(f"{path}/{each.name}", each.type)


def _from(place: Place, kind: EntityType) -> Iterator[Place]:
    yield place
    if not place.is_contained:
        return
    key = kind.name if place.navigation is None else place.entity_set.entity.name
    keys = place.keys if place.is_single else (*place.keys, key)
    item = place.path if place.is_single else f"{place.path}/{{{key}}}"
    for middle, navigation in navigations_of(kind):
        declared = navigation.to.entity
        yield from _from(
            Place(
                entity_set=navigation.to,
                door=Door(path=f"{item}{middle}/{navigation.name}", declared=declared),
                keys=keys,
                navigation=navigation,
            ),
            declared,
        )
