"""Rules for what a user flow asks for."""

from collections.abc import Iterator, Mapping

from gatelodge.errors import Problem
from gatelodge.model.attribute import (
    ONLY_SHOWN,
    AttributeAssignment,
    DataType,
    UserInputType,
    is_country,
)

_TEXT = frozenset(
    {
        UserInputType.TEXT_BOX,
        UserInputType.RADIO_SINGLE_SELECT,
        UserInputType.DROPDOWN_SINGLE_SELECT,
        UserInputType.CHECKBOX_MULTI_SELECT,
        UserInputType.EMAIL_BOX,
    }
)
_INPUTS: Mapping[DataType, frozenset[UserInputType]] = {
    DataType.STRING: _TEXT,
    DataType.STRING_COLLECTION: _TEXT,
    DataType.BOOLEAN: frozenset(
        {
            UserInputType.TEXT_BOX,
            UserInputType.RADIO_SINGLE_SELECT,
            UserInputType.DROPDOWN_SINGLE_SELECT,
            UserInputType.CHECKBOX_MULTI_SELECT,
        }
    ),
    DataType.INT64: frozenset(
        {
            UserInputType.TEXT_BOX,
            UserInputType.RADIO_SINGLE_SELECT,
            UserInputType.DROPDOWN_SINGLE_SELECT,
        }
    ),
    DataType.DATE_TIME: frozenset({UserInputType.TEXT_BOX, UserInputType.DATE_TIME_DROPDOWN}),
}
_CHOICES = frozenset(
    {
        UserInputType.RADIO_SINGLE_SELECT,
        UserInputType.DROPDOWN_SINGLE_SELECT,
        UserInputType.CHECKBOX_MULTI_SELECT,
    }
)
MAX_CHOICES = 250


def assignment_problems(assignment: AttributeAssignment, holds: DataType) -> Iterator[Problem]:
    """Yield what is wrong with asking so for an attribute that holds `holds`."""
    kind, choices = assignment.user_input_type, assignment.user_attribute_values
    inputs = _INPUTS[holds] | ONLY_SHOWN
    if kind not in inputs:
        fitting = ", ".join(sorted(inputs))
        sentence = f"An attribute of type {holds} is asked for by one of {fitting}."
        yield Problem("userInputType", sentence)
    lists_countries = kind is UserInputType.DROPDOWN_SINGLE_SELECT and is_country(assignment.id)
    if kind in _CHOICES and not choices and not lists_countries:
        yield Problem("userAttributeValues", f"The input type {kind} needs values to choose from.")
    if kind not in _CHOICES and choices:
        yield Problem("userAttributeValues", f"The input type {kind} has no values to choose from.")
    if len(choices) > MAX_CHOICES:
        yield Problem("userAttributeValues", f"There may be at most {MAX_CHOICES} values.")
    if len({each.value for each in choices}) < len(choices):
        yield Problem("userAttributeValues", "Every value must be given only once.")
    if (
        kind is not UserInputType.CHECKBOX_MULTI_SELECT
        and sum(each.is_default for each in choices) > 1
    ):
        yield Problem("userAttributeValues", "Only one value may be the default.")
