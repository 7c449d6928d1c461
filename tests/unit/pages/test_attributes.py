from gatelodge.model.attribute import AttributeAssignment, AttributeValue, UserInputType
from gatelodge.model.language import BUILT_IN_LANGUAGES
from gatelodge.pages.attributes import (
    INPUT_KINDS,
    attribute_field,
    settled_values,
    shown_fields,
)
from gatelodge.pages.countries import attribute_options
from gatelodge.pages.form import read_answers
from gatelodge.pages.language import load_packaged_strings
from gatelodge.pages.page import Page, PageId
from gatelodge.pages.second_factor import Ways, new_phone_page
from gatelodge.pages.territories import territories_in
from gatelodge.pages.view import named_options

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


def test_countries_are_called_as_in_the_language_and_stored_in_english() -> None:
    asked = AttributeAssignment(id="Country", user_input_type=UserInputType.DROPDOWN_SINGLE_SELECT)
    field = attribute_field(asked, value="DE")
    strings = load_packaged_strings()
    german = named_options(field, PageId.LOCAL_SIGN_UP, strings["de"])
    assert [(o.value, name) for o, name in german if o.is_selected] == [("Germany", "Deutschland")]
    names = [name for _, name in german]
    assert names.index("Norwegen") < names.index("Österreich") < names.index("Polen")
    assert len(names) == len(set(names)) > 240
    arabic = named_options(field, PageId.LOCAL_SIGN_UP, strings["ar"])
    assert ("Germany", "ألمانيا") in [(option.value, name) for option, name in arabic]


def test_a_country_that_is_stored_by_an_older_name_is_found_again() -> None:
    asked = AttributeAssignment(id="country", user_input_type=UserInputType.DROPDOWN_SINGLE_SELECT)
    for stored, value in (("Czechia", "Czech Republic"), ("cz", "Czech Republic"), ("Atlantis", 0)):
        options = attribute_field(asked, value=stored).options
        assert [o.value for o in options if o.is_selected] == ([value] if value else [])


def test_every_language_names_every_country_and_an_unknown_one_is_english() -> None:
    known = {each.region for each in attribute_options(None)} - {"XK"}
    for tag in BUILT_IN_LANGUAGES:
        assert known <= set(territories_in(tag)), tag
    assert territories_in("es-ES")["DE"].name == "Alemania"
    assert territories_in("tlh")["DE"].name == "Germany"


def test_what_is_only_shown_is_left_out_where_nothing_is_known() -> None:
    kinds = (UserInputType.READ_ONLY, UserInputType.PARAGRAPH)
    asked = [AttributeAssignment(id="city", user_input_type=kind) for kind in kinds]
    empty = shown_fields(attribute_field(each, value=()) for each in asked)
    filled = shown_fields(attribute_field(each, value="Oslo") for each in asked)
    assert (len(empty), len(filled)) == (0, 2)
    page = Page(id=PageId.SOCIAL_SIGN_UP, fields=filled[:1])
    assert settled_values(page) == {"city": ("Oslo",)}
    assert read_answers(page, {"city": ["Rome"]}).values == {}


def test_countries_of_telephones_are_called_as_in_the_language_with_their_code_behind() -> None:
    page = new_phone_page(
        number=None, allowed=("DE", "AT", "GB"), deliveries=(), sent=None, ways=Ways()
    )
    strings = load_packaged_strings()
    shown = {
        tag: [name for _, name in named_options(page.fields[0], page.id, strings[tag])]
        for tag in ("de", "ar")
    }
    assert shown["de"] == ["Deutschland (+49)", "Österreich (+43)", "Vereinigtes Königreich (+44)"]
    assert "ألمانيا (\u2068+49\u2069)" in shown["ar"]
