"""From an attribute a user flow collects to the field that asks for it."""

from collections.abc import Iterable, Mapping

from gatelodge.model.attribute import AttributeAssignment, UserInputType, built_in, is_country
from gatelodge.pages.countries import attribute_options
from gatelodge.pages.page import Field, InputKind, Option, Page

INPUT_KINDS = {
    UserInputType.TEXT_BOX: InputKind.TEXT,
    UserInputType.EMAIL_BOX: InputKind.EMAIL,
    UserInputType.DATE_TIME_DROPDOWN: InputKind.DATE,
    UserInputType.RADIO_SINGLE_SELECT: InputKind.RADIO,
    UserInputType.DROPDOWN_SINGLE_SELECT: InputKind.DROPDOWN,
    UserInputType.CHECKBOX_MULTI_SELECT: InputKind.CHECKBOXES,
    UserInputType.PARAGRAPH: InputKind.PARAGRAPH,
    UserInputType.READ_ONLY: InputKind.READONLY,
}

_ONLY_SHOWN = frozenset({InputKind.PARAGRAPH, InputKind.READONLY})

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
    lists_countries = is_country(identifier) and not assignment.user_attribute_values
    options = attribute_options(values[0] if values else None)
    return Field(
        id=identifier,
        kind=INPUT_KINDS[assignment.user_input_type],
        value=values[0] if values else "",
        required=not assignment.is_optional,
        label=assignment.display_name,
        options=options if lists_countries else _options(assignment, values),
        autocomplete=AUTOCOMPLETE.get(identifier, ""),
        max_length=attribute.max_length if attribute else 250,
    )


def shown_fields(fields: Iterable[Field]) -> tuple[Field, ...]:
    """Return the fields without those that only show what is known, where nothing is."""
    return tuple(each for each in fields if each.is_editable or each.value)


def settled_values(page: Page) -> Mapping[str, tuple[str, ...]]:
    """Return what a page shows of attributes without asking for it."""
    shown = (each for each in page.fields if each.kind in _ONLY_SHOWN)
    return {each.id: (each.value,) for each in shown if each.value}


def _options(assignment: AttributeAssignment, values: tuple[str, ...] | None) -> tuple[Option, ...]:
    return tuple(
        Option(
            value=each.value,
            name=each.name,
            is_selected=each.is_default if values is None else each.value in values,
        )
        for each in assignment.user_attribute_values
    )
