import pytest

from gatelodge.pages.language import Strings, choose_language, fill_in, load_packaged_strings
from gatelodge.pages.language_page import Element, ElementType, LanguagePage, parse_language_page
from gatelodge.pages.page import Field, PageId, Sentence

ENGLISH = load_packaged_strings()["en"]
PAGE = PageId.LOCAL_SIGN_UP


def with_overrides(*entries: dict[str, object]) -> Strings:
    page = parse_language_page({"LocalizedStrings": list(entries)}, only_overrides=True)
    return Strings(tag="en", pages=ENGLISH.pages, overrides={PAGE: page})


@pytest.mark.parametrize(
    ("ui_locales", "accept_language", "chosen"),
    [
        ("", "", "en"),
        ("de", "fr", "de"),
        ("xx de", "fr", "de"),
        ("de-AT-1996", "", "de"),
        ("PT-br", "", "pt-br"),
        ("pt", "", "pt-br"),
        ("zh-CN", "", "zh-hans"),
        ("zh-Hant-HK", "", "zh-hans"),
        ("zh-SG", "", "zh-hans"),
        ("", "zh-TW, de;q=0.2", "zh-hans"),
        ("", "fr;q=0.5, de", "de"),
        ("", "de;q=0, fr;q=0.1", "fr"),
        ("", "*, de;q=zero, ;;;,fr-CH;q=0.2", "fr"),
        ("xx", "yy", "en"),
    ],
)
def test_the_first_wish_that_is_offered_decides(
    ui_locales: str, accept_language: str, chosen: str
) -> None:
    assert chosen == choose_language(
        ui_locales=ui_locales,
        accept_language=accept_language,
        offered=("en", "de", "fr", "pt-br", "zh-hans"),
        default="en",
    )


def test_an_override_replaces_the_packaged_sentence_on_its_page_only() -> None:
    strings = with_overrides(
        {
            "ElementType": "UxElement",
            "ElementId": None,
            "StringId": "heading",
            "Override": True,
            "Value": "Join us",
        },
        {
            "ElementType": "UxElement",
            "ElementId": None,
            "StringId": "button_cancel",
            "Override": False,
            "Value": "Never",
        },
    )
    assert strings.text(PAGE, Sentence("heading")) == "Join us"
    assert strings.text(PAGE, Sentence("button_cancel")) == "Cancel"
    assert strings.text(PageId.NEW_PASSWORD, Sentence("heading")) != "Join us"


def test_a_label_is_overridden_then_the_administrators_then_packaged_then_the_id() -> None:
    strings = with_overrides(
        {
            "ElementType": "ClaimType",
            "ElementId": "city",
            "StringId": "DisplayName",
            "Override": True,
            "Value": "Town",
        },
    )
    assert strings.label(PAGE, Field(id="city", label="Ville")) == "Town"
    assert ENGLISH.label(PAGE, Field(id="city", label="Ville")) == "Ville"
    assert ENGLISH.label(PAGE, Field(id="city")) == "City"
    assert ENGLISH.label(PAGE, Field(id="extension_x")) == "extension_x"


def test_an_option_is_shown_by_the_name_of_the_override() -> None:
    page = parse_language_page(
        {
            "LocalizedCollections": [
                {
                    "ElementType": "ClaimType",
                    "ElementId": "size",
                    "TargetCollection": "Restriction",
                    "Override": True,
                    "Items": [{"Name": "Klein", "Value": "s"}],
                },
            ]
        },
        only_overrides=True,
    )
    strings = Strings(tag="de", pages=ENGLISH.pages, overrides={PAGE: page})
    assert strings.option_name(PAGE, Field(id="size"), "s", "Small") == "Klein"
    assert strings.option_name(PAGE, Field(id="size"), "m", "Medium") == "Medium"
    assert ENGLISH.option_name(PAGE, Field(id="size"), "s", "Small") == "Small"


def test_a_help_text_of_an_administrator_becomes_the_hint() -> None:
    element = Element(ElementType.CLAIM_TYPE, "city", "UserHelpText")
    page = LanguagePage(strings={element: "Where you live"}, option_names={})
    strings = Strings(tag="en", pages=ENGLISH.pages, overrides={PAGE: page})
    assert strings.hint(PAGE, Field(id="city")) == "Where you live"
    assert ENGLISH.hint(PAGE, Field(id="city")) is None


def test_placeholders_are_filled_in_and_reach_into_nothing() -> None:
    assert fill_in("{a} {b} {a.__class__} {0}", {"a": "{b}"}) == "{b} {b} {a.__class__} {0}"


def test_a_sentence_that_does_not_exist_is_the_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        ENGLISH.text(PAGE, Sentence("no_such_string"))


def test_a_value_keeps_its_direction_in_a_sentence_written_the_other_way() -> None:
    arabic = load_packaged_strings()["ar"]
    sent = arabic.text(PAGE, Sentence("success_send_code_msg", {"email": "ada@acme.example"}))
    assert "\u2068ada@acme.example\u2069" in sent


@pytest.mark.parametrize(("tag", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he-IL", "rtl")])
def test_a_language_knows_its_direction(tag: str, direction: str) -> None:
    assert Strings(tag=tag, pages={}).direction == direction
