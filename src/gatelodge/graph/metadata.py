"""`$metadata`: the model as CSDL (OData CSDL XML 4.01)."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from gatelodge.graph.edm import (
    Action,
    Asked,
    ComplexType,
    EntitySet,
    EntityType,
    Enumeration,
    Function,
    Lookup,
    Model,
    Navigation,
    Primitive,
    Property,
)
from gatelodge.graph.places import all_sets, places_of
from gatelodge.graph.types import entity_types, enumerations, structured_types, type_name

NAMESPACE = "microsoft.graph"
_EDMX = "http://docs.oasis-open.org/odata/ns/edmx"
_EDM = "http://docs.oasis-open.org/odata/ns/edm"
_DESCRIPTION = "Org.OData.Core.V1.Description"


def metadata_document(model: Model) -> bytes:
    """Return the document as UTF-8 XML."""
    root = ET.Element("edmx:Edmx", {"Version": "4.0", "xmlns:edmx": _EDMX})
    services = ET.SubElement(root, "edmx:DataServices")
    schema = ET.SubElement(
        services, "Schema", {"xmlns": _EDM, "Namespace": NAMESPACE, "Alias": "graph"}
    )
    every = all_sets(model)
    for kind in enumerations(every):
        _enumeration(schema, kind)
    structures = structured_types(every)
    bases = {each.name: base.name for base in structures for each in base.derived}
    for structure in structures:
        element = ET.SubElement(schema, "ComplexType", Name=structure.name)
        if structure.derived:
            element.set("Abstract", "true")
        if (base := bases.get(structure.name)) is not None:
            element.set("BaseType", f"graph.{base}")
        _properties(element, structure.properties)
        _navigations(element, structure.navigations)
        _describe(element, structure.doc)
    abstract = {each.entity.name for each in every if each.is_abstract}
    for entity in entity_types(every):
        _entity(schema, entity, is_abstract=entity.name in abstract)
    for entity_set in every:
        for function in entity_set.functions:
            _function(schema, entity_set, function)
        for lookup in entity_set.lookups:
            _lookup(schema, entity_set, lookup)
        for action in entity_set.actions:
            _action(schema, entity_set, action)
    _containers(schema, model)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _describe(element: ET.Element, doc: str) -> None:
    ET.SubElement(element, "Annotation", Term=_DESCRIPTION, String=doc)


def _enumeration(schema: ET.Element, kind: Enumeration) -> None:
    element = ET.SubElement(schema, "EnumType", Name=kind.name)
    for number, member in enumerate(kind.numbered(), start=1):
        ET.SubElement(element, "Member", Name=member, Value=str(number))
    _describe(element, kind.doc)


def _properties(element: ET.Element, properties: Iterable[Property]) -> None:
    for each in properties:
        name = type_name(each.type)
        kind = f"Collection({name})" if each.is_collection else name
        found = ET.SubElement(element, "Property", Name=each.name, Type=kind)
        if not each.is_nullable:
            found.set("Nullable", "false")
        if each.max_length is not None and each.type is Primitive.STRING:
            found.set("MaxLength", str(each.max_length))
        _describe(found, each.doc)


def _navigations(element: ET.Element, navigations: Iterable[Navigation]) -> None:
    for each in navigations:
        name = f"graph.{each.to.entity.name}"
        kind = f"Collection({name})" if each.is_collection else name
        found = ET.SubElement(element, "NavigationProperty", Name=each.name, Type=kind)
        if each.is_contained:
            found.set("ContainsTarget", "true")
        _describe(found, each.doc)


def _entity(schema: ET.Element, kind: EntityType, *, is_abstract: bool) -> None:
    element = ET.SubElement(schema, "EntityType", Name=kind.name)
    if is_abstract:
        element.set("Abstract", "true")
    if kind.base is None:
        key = ET.SubElement(element, "Key")
        ET.SubElement(key, "PropertyRef", Name=kind.key)
    else:
        element.set("BaseType", f"graph.{kind.base.name}")
    if kind.open_prefix:
        element.set("OpenType", "true")
    if kind.stream is not None:
        element.set("HasStream", "true")
    _properties(element, kind.properties)
    for each in kind.streams:
        _describe(ET.SubElement(element, "Property", Name=each.name, Type="Edm.Stream"), each.doc)
    _navigations(element, kind.navigations)
    _describe(element, kind.doc)


def _binding(element: ET.Element, entity_set: EntitySet, *, is_of_collection: bool) -> None:
    name = f"graph.{entity_set.entity.name}"
    kind = f"Collection({name})" if is_of_collection else name
    ET.SubElement(element, "Parameter", Name="bindingParameter", Type=kind, Nullable="false")


def _function(schema: ET.Element, entity_set: EntitySet, function: Function) -> None:
    element = ET.SubElement(schema, "Function", Name=function.name, IsBound="true")
    _binding(element, entity_set, is_of_collection=function.is_of_collection)
    name = type_name(function.result)
    result = f"Collection({name})" if function.is_collection else name
    ET.SubElement(element, "ReturnType", Type=result, Nullable="false")
    _describe(element, function.doc)


def _action(schema: ET.Element, entity_set: EntitySet, action: Action) -> None:
    element = ET.SubElement(schema, "Action", Name=action.name, IsBound="true")
    _binding(element, entity_set, is_of_collection=action.is_of_collection)
    _parameters(element, action.parameters)
    result = None if action.result is None else type_name(action.result)
    if action.is_entity_returned:
        result = f"graph.{entity_set.entity.name}"
    if result is not None:
        ET.SubElement(element, "ReturnType", Type=result, Nullable="false")
    _describe(element, action.doc)


def _lookup(schema: ET.Element, entity_set: EntitySet, lookup: Lookup) -> None:
    element = ET.SubElement(schema, "Action", Name=lookup.name, IsBound="true")
    _binding(element, entity_set, is_of_collection=True)
    _parameters(element, lookup.parameters)
    result = f"Collection(graph.{entity_set.entity.name})"
    ET.SubElement(element, "ReturnType", Type=result, Nullable="false")
    _describe(element, lookup.doc)


def _parameters(element: ET.Element, parameters: Iterable[Property]) -> None:
    for each in parameters:
        kind = type_name(each.type)
        kind = f"Collection({kind})" if each.is_collection else kind
        parameter = ET.SubElement(element, "Parameter", Name=each.name, Type=kind)
        if not each.is_nullable:
            parameter.set("Nullable", "false")


def _containers(schema: ET.Element, model: Model) -> None:
    """Declare the sets: those below a root as contained in a singleton of that name."""
    container = ET.Element("EntityContainer", Name="GraphService")
    roots: dict[str, ET.Element] = {}
    for entity_set in model:
        for door in entity_set.doors:
            root, _, name = door.path.strip("/").partition("/")
            declared = f"graph.{door.declared.name}"
            if not name and entity_set.is_single:
                ET.SubElement(container, "Singleton", Name=root, Type=declared)
                continue
            if not name:
                found = ET.SubElement(container, "EntitySet", Name=root, EntityType=declared)
                _restrict(found, entity_set)
                continue
            if root not in roots:
                roots[root] = ET.SubElement(schema, "EntityType", Name=f"{root}Container")
                ET.SubElement(container, "Singleton", Name=root, Type=f"graph.{root}Container")
            found = ET.SubElement(
                roots[root],
                "NavigationProperty",
                Name=name,
                Type=declared if entity_set.is_single else f"Collection({declared})",
                ContainsTarget="true",
            )
            _describe(found, door.declared.doc)
    _bindings(container, model)
    schema.append(container)


def _bindings(container: ET.Element, model: Model) -> None:
    """Say in which sets referenced entities lie."""
    owners = {each.get("Name"): each for each in container}
    for place in places_of(model):
        navigation = place.navigation
        if navigation is None or navigation.is_contained or not navigation.to.doors:
            continue
        segments = [each for each in place.path.strip("/").split("/") if not each.startswith("{")]
        target = navigation.to.doors[0].path.strip("/")
        ET.SubElement(
            owners[segments[0]],
            "NavigationPropertyBinding",
            Path="/".join(segments[1:]),
            Target=target,
        )


def _restrict(element: ET.Element, entity_set: EntitySet) -> None:
    """Say which properties `$filter` refuses."""
    refused = [
        each.name
        for each in entity_set.entity.all_properties()
        if each.asked is Asked.NOTHING and not isinstance(each.type, ComplexType)
    ]
    annotation = ET.SubElement(
        element, "Annotation", Term="Org.OData.Capabilities.V1.FilterRestrictions"
    )
    record = ET.SubElement(annotation, "Record")
    value = ET.SubElement(record, "PropertyValue", Property="NonFilterableProperties")
    collection = ET.SubElement(value, "Collection")
    for name in refused:
        ET.SubElement(collection, "PropertyPath").text = name
