"""From an attribute a user flow collects to the field that asks for it."""

from gatelodge.model.attribute import AttributeAssignment, UserInputType, built_in
from gatelodge.pages.page import Field, InputKind, Option

INPUT_KINDS = {
    UserInputType.TEXT_BOX: InputKind.TEXT,
    UserInputType.EMAIL_BOX: InputKind.EMAIL,
    UserInputType.DATE_TIME_DROPDOWN: InputKind.DATE,
    UserInputType.RADIO_SINGLE_SELECT: InputKind.RADIO,
    UserInputType.DROPDOWN_SINGLE_SELECT: InputKind.DROPDOWN,
    UserInputType.CHECKBOX_MULTI_SELECT: InputKind.CHECKBOXES,
}

AUTOCOMPLETE = {
    "displayName": "name",
    "givenName": "given-name",
    "surname": "family-name",
    "jobTitle": "organization-title",
    "streetAddress": "address-line1",
    "postalCode": "postal-code",
    "city": "address-level2",
    "state": "address-level1",
    "country": "country-name",
}
"""What a browser may fill in by itself (HTML, autofill field names)."""


def attribute_field(
    assignment: AttributeAssignment, *, value: str | tuple[str, ...] | None = None
) -> Field:
    """Ask for the attribute of `assignment`, filled in with `value`.

    None chooses what the administrator marked as default. Several values tick several checkboxes.
    """
    attribute = built_in(assignment.id)
    identifier = attribute.id if attribute else assignment.id
    values = (value,) if isinstance(value, str) else value
    return Field(
        id=identifier,
        kind=INPUT_KINDS[assignment.user_input_type],
        value=values[0] if values else "",
        required=not assignment.is_optional,
        label=assignment.display_name,
        options=_options(assignment, values),
        autocomplete=AUTOCOMPLETE.get(identifier, ""),
        max_length=attribute.max_length if attribute else 250,
    )


def _options(assignment: AttributeAssignment, values: tuple[str, ...] | None) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=each.value,
            name=each.name,
            is_selected=each.is_default if values is None else each.value in values,
        )
        for each in assignment.user_attribute_values
    )
