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
    Model,
    Primitive,
    Property,
)
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
    for kind in enumerations(model):
        _enumeration(schema, kind)
    structures = structured_types(model)
    bases = {each.name: base.name for base in structures for each in base.derived}
    for structure in structures:
        element = ET.SubElement(schema, "ComplexType", Name=structure.name)
        if structure.derived:
            element.set("Abstract", "true")
        if (base := bases.get(structure.name)) is not None:
            element.set("BaseType", f"graph.{base}")
        _properties(element, structure.properties)
        _describe(element, structure.doc)
    abstract = {each.entity.name for each in model if each.is_abstract}
    for entity in entity_types(model):
        _entity(schema, entity, is_abstract=entity.name in abstract)
    for entity_set in model:
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
    members = [str(each) for each in kind.members]
    for number, member in enumerate((*members, *_sentinel(kind)), start=1):
        ET.SubElement(element, "Member", Name=member, Value=str(number))
    _describe(element, kind.doc)


def _sentinel(kind: Enumeration) -> tuple[str, ...]:
    return ("unknownFutureValue",) if kind.is_evolvable else ()


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
    _properties(element, kind.properties)
    _describe(element, kind.doc)


def _action(schema: ET.Element, entity_set: EntitySet, action: Action) -> None:
    element = ET.SubElement(schema, "Action", Name=action.name, IsBound="true")
    ET.SubElement(
        element,
        "Parameter",
        Name="bindingParameter",
        Type=f"graph.{entity_set.entity.name}",
        Nullable="false",
    )
    for each in action.parameters:
        parameter = ET.SubElement(element, "Parameter", Name=each.name, Type=type_name(each.type))
        if not each.is_nullable:
            parameter.set("Nullable", "false")
    result = None if action.result is None else type_name(action.result)
    if action.is_entity_returned:
        result = f"graph.{entity_set.entity.name}"
    if result is not None:
        ET.SubElement(element, "ReturnType", Type=result, Nullable="false")
    _describe(element, action.doc)


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
    schema.append(container)


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
