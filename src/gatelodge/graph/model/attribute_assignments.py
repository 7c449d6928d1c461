"""`userAttributeAssignments`: what a user flow asks people for."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Action,
    Asked,
    ComplexType,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Enumeration,
    Function,
    Navigation,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.user_attributes import USER_ATTRIBUTES, FlowAttribute, attributes_by_key
from gatelodge.graph.model.user_flow_access import READ, WRITE, kept
from gatelodge.model.attribute import (
    AttributeAssignment,
    AttributeValue,
    UserInputType,
    built_in,
)
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.new_assignment import assignment_problems
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment(AttributeAssignment):
    """An assignment with the user flow it lies in."""

    flow: UserFlow


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The ids of a user flow's attributes, in the order they are asked for."""

    order: tuple[str, ...] = ()


_NAMES = tuple(each.name for each in fields(AttributeAssignment))


def _shown(flow: UserFlow, assignment: AttributeAssignment) -> Assignment:
    return Assignment(flow=flow, **{name: getattr(assignment, name) for name in _NAMES})


def _kept(assignment: Assignment) -> AttributeAssignment:
    return AttributeAssignment(**{name: getattr(assignment, name) for name in _NAMES})


async def _of_flows(stores: Stores, flows: Sequence[UserFlow]) -> Sequence[Sequence[Assignment]]:
    names = await attributes_by_key(stores)
    return [
        [_shown(flow, _labelled(each, names.get(key_of(each.id)))) for each in flow.attributes]
        for flow in flows
    ]


def _labelled(
    assignment: AttributeAssignment, attribute: FlowAttribute | None
) -> AttributeAssignment:
    if assignment.display_name is not None or attribute is None:
        return assignment
    return replace(assignment, display_name=attribute.display_name)


async def _attributes(
    stores: Stores, assignments: Sequence[Assignment]
) -> Sequence[Sequence[FlowAttribute]]:
    known = await attributes_by_key(stores)
    found = [known.get(key_of(each.id)) for each in assignments]
    return [() if each is None else (each,) for each in found]


VALUES = ComplexType(
    name="userAttributeValuesItem",
    doc="Something to choose.",
    python=AttributeValue,
    properties=(
        Property(
            name="name", type=Primitive.STRING, is_required=True, max_length=250, doc="As shown."
        ),
        Property(
            name="value", type=Primitive.STRING, is_required=True, max_length=250, doc="As stored."
        ),
        Property(name="isDefault", type=Primitive.BOOLEAN, doc="Whether it is chosen at first."),
    ),
)
ORDER = ComplexType(
    name="assignmentOrder",
    doc="The order attributes are asked for.",
    python=Order,
    properties=(
        Property(
            name="order", type=Primitive.STRING, is_collection=True, doc="The ids of attributes."
        ),
    ),
)
ASSIGNMENT = EntityType(
    name="identityUserFlowAttributeAssignment",
    python=Assignment,
    doc="An attribute a user flow asks for, and how. The page of the next sign-up shows it.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id of the attribute.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=250,
            asked=Asked.EVERYTHING,
            doc="The label of the field.",
        ),
        Property(
            name="isOptional",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether the field may stay empty.",
        ),
        Property(
            name="requiresVerification",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether an address has to be proved.",
        ),
        Property(
            name="userInputType",
            type=Enumeration(
                "identityUserFlowAttributeInputType",
                UserInputType,
                "How a page asks for an attribute.",
                is_evolvable=False,
            ),
            asked=Asked.EQUALITY,
            doc="How it is asked for. `paragraph` and `readOnly` show what is known and ask "
            "nothing; a `dropdownSingleSelect` of `country` without values offers every country.",
        ),
        Property(
            name="userAttributeValues",
            type=VALUES,
            is_collection=True,
            doc="What there is to choose from, in page order.",
        ),
    ),
    navigations=(
        Navigation(
            name="userAttribute",
            doc="The attribute.",
            to=USER_ATTRIBUTES,
            related=_attributes,
            is_collection=False,
            is_given=True,
            is_required=True,
        ),
    ),
)


async def assigned(
    stores: Stores, flow: UserFlow, given: Given, place: str = ""
) -> AttributeAssignment:
    """Return a new assignment to a user flow; raises `Invalid` and `AlreadyExists`."""
    values = dict(given)
    key = key_of(values.pop("user_attribute"))
    attribute = (await attributes_by_key(stores)).get(key)
    if attribute is None:
        raise Invalid(Problem(f"{place}userAttribute", "There is no attribute of this id."))
    known = built_in(attribute.id)
    if known is not None and not known.is_collectable:
        problem = f"The attribute '{attribute.id}' is nothing people can be asked for."
        raise Invalid(Problem(f"{place}userAttribute", problem))
    if any(key_of(each.id) == key for each in flow.attributes):
        raise AlreadyExists("an assignment of this attribute", target="id")
    made = _named(AttributeAssignment(id=attribute.id, **values), attribute)
    _refuse_problems(made, attribute, place)
    return made


def _named(assignment: AttributeAssignment, attribute: FlowAttribute) -> AttributeAssignment:
    """Return the assignment with the attribute's own name, if pages have no words for it."""
    has_words = built_in(assignment.id) is not None
    return assignment if has_words else _labelled(assignment, attribute)


def _refuse_problems(
    assignment: AttributeAssignment, attribute: FlowAttribute, place: str = ""
) -> None:
    problems = tuple(
        Problem(place + each.target, each.message)
        for each in assignment_problems(assignment, attribute.data_type)
    )
    if problems:
        raise Invalid(*problems)


async def _new(situation: Situation, given: Given) -> Change:
    flow: UserFlow = situation.owner
    made = await assigned(situation.stores, flow, given)
    changed = replace(flow, attributes=(*flow.attributes, made))
    names = await attributes_by_key(situation.stores)
    return kept(changed, _shown(changed, _labelled(made, names.get(key_of(made.id)))))


async def _changed(situation: Situation, assignment: Assignment, given: Given) -> Change:
    flow, changed = assignment.flow, _kept(merged(assignment, given))
    attribute = (await attributes_by_key(situation.stores)).get(key_of(changed.id))
    if changed.display_name == assignment.display_name:
        # What was read may be the attribute's name: kept, it would stand in every language.
        label = next(each.display_name for each in flow.attributes if each.id == changed.id)
        changed = replace(changed, display_name=label)
    if attribute is not None:
        _refuse_problems(changed, attribute)
        changed = _named(changed, attribute)
    others = tuple(changed if each.id == changed.id else each for each in flow.attributes)
    return kept(replace(flow, attributes=others), _shown(flow, _labelled(changed, attribute)))


async def _removed(_: Situation, assignment: Assignment, __: Given) -> Change:
    flow = assignment.flow
    others = tuple(each for each in flow.attributes if each.id != assignment.id)
    return kept(replace(flow, attributes=others))


async def _order(_: Stores, flow: UserFlow) -> Order:
    return Order(order=tuple(each.id for each in flow.attributes))


async def _ordered(_: Situation, flow: UserFlow, given: Given) -> Change:
    wanted = [key_of(each) for each in given["new_assignment_order"].made().order]
    known = {key_of(each.id): each for each in flow.attributes}
    target = "newAssignmentOrder/order"
    if len(set(wanted)) < len(wanted):
        raise Invalid(Problem(target, "Every attribute must be given only once."))
    if unknown := [each for each in wanted if each not in known]:
        sentence = f"The user flow does not ask for the attribute '{unknown[0][:100]}'."
        raise Invalid(Problem(target, sentence))
    rest = [key for key in known if key not in wanted]
    changed = replace(flow, attributes=tuple(known[key] for key in (*wanted, *rest)))
    return kept(changed)


ASSIGNMENTS = EntitySet(
    title="User attribute assignments",
    entity=ASSIGNMENT,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.USER_FLOW_UPDATED,
        prepare=_new,
        example={
            "displayName": "Shoe size",
            "isOptional": True,
            "requiresVerification": False,
            "userInputType": "textBox",
            "userAttributeValues": [],
            "userAttribute": {"id": "city"},
        },
    ),
    update=Update(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_changed),
    delete=Delete(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_removed),
    functions=(
        Function(
            name="getOrder",
            doc="The order attributes are asked for.",
            access=READ,
            read=_order,
            result=ORDER,
            is_of_collection=True,
        ),
    ),
    actions=(
        Action(
            name="setOrder",
            doc="Set the order attributes are asked for; those not named come last.",
            access=WRITE,
            event=EventName.USER_FLOW_UPDATED,
            prepare=_ordered,
            is_of_collection=True,
            parameters=(
                Property(
                    name="newAssignmentOrder",
                    type=ORDER,
                    is_required=True,
                    doc="The order.",
                ),
            ),
        ),
    ),
)
USER_ATTRIBUTE_ASSIGNMENTS = Navigation(
    name="userAttributeAssignments",
    doc="What people are asked for, in page order.",
    to=ASSIGNMENTS,
    related=_of_flows,
    is_contained=True,
    is_given=True,
)


async def with_assignments(
    stores: Stores, flow: UserFlow, several: Sequence[Any] | None
) -> UserFlow:
    """Return a new user flow with the assignments it was given instead of those of its type."""
    if several is None:
        return flow
    flow = replace(flow, attributes=())
    for given in several:
        made = await assigned(stores, flow, given, f"{USER_ATTRIBUTE_ASSIGNMENTS.name}/")
        flow = replace(flow, attributes=(*flow.attributes, made))
    return flow
