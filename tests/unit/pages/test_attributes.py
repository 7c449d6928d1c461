from gatelodge.model.attribute import AttributeAssignment, AttributeValue, UserInputType
from gatelodge.pages.attributes import INPUT_KINDS, attribute_field

SIZES = AttributeAssignment(
    id="extension_0_size",
    display_name="Size",
    is_optional=True,
    user_input_type=UserInputType.CHECKBOX_MULTI_SELECT,
    user_attribute_values=(
        AttributeValue(name="Small", value="s", is_default=True),
        AttributeValue(name="Large", value="l"),
    ),
)


def test_every_input_type_of_graph_has_a_kind_of_field() -> None:
    assert set(INPUT_KINDS) == set(UserInputType)


def test_a_built_in_attribute_brings_its_spelling_its_length_and_its_autofill_name() -> None:
    field = attribute_field(AttributeAssignment(id="CITY"), value="Oslo")
    assert (field.id, field.value, field.max_length) == ("city", "Oslo", 128)
    assert (field.autocomplete, field.required, field.label) == ("address-level2", True, None)


def test_an_unanswered_choice_shows_the_default_and_an_answered_one_the_answer() -> None:
    selected = [o.value for o in attribute_field(SIZES).options if o.is_selected]
    assert selected == ["s"]
    answered = attribute_field(SIZES, value=("l",))
    assert [o.value for o in answered.options if o.is_selected] == ["l"]
    emptied = attribute_field(SIZES, value=())
    assert [o.value for o in emptied.options if o.is_selected] == []
