"""What people see: every page, its elements and its strings."""

from collections.abc import Mapping

from gatelodge.model.attribute import BUILT_IN_ATTRIBUTES, AttributeAssignment
from gatelodge.pages.attributes import attribute_field
from gatelodge.pages.catalogue import (
    VerificationStage,
    age_page,
    change_password_page,
    consent_page,
    device_done_page,
    device_page,
    error_page,
    new_password_page,
    password_reset_page,
    profile_page,
    sign_in_page,
    sign_out_page,
    sign_up_page,
    signed_out_page,
)
from gatelodge.pages.elements import ELEMENTS
from gatelodge.pages.language import load_packaged_strings
from gatelodge.pages.language_page import Element, LanguagePage
from gatelodge.pages.page import Page, PageId, Sentence
from scripts.reference.markdown import code, page, section, table

INTRO = """\
Ids of pages, fields and buttons do not change: browser tests may rely on them. The strings are
kept in `pages/strings/`, one file for each language, in the format of Graph's
`userFlowLanguagePage`. Every page works without JavaScript. What programs written for B2C read in
the source and send by themselves is the [page protocol](page-protocol.md). A page marked
*reserved* has its strings but no user flow shows it yet."""

_RULES = Sentence("password_rules_length")
_PERMISSIONS = ("permission_openid", "permission_offline_access")


def pages_page() -> str:
    """Return the page."""
    packaged = load_packaged_strings()
    english = packaged["en"].pages
    elements = _elements()
    languages = f"Languages: {', '.join(code(tag) for tag in sorted(packaged))}."
    return page(
        "Pages and strings",
        INTRO,
        languages,
        *(_page(each, elements, english) for each in ELEMENTS),
    )


def _page(
    page_id: str, elements: Mapping[str, tuple[Page, ...]], english: Mapping[str, LanguagePage]
) -> str:
    parts = [_strings(page_id, english[page_id])]
    if page_id in elements:
        parts.insert(0, _ids(elements[page_id]))
    elif page_id == PageId.PROVIDER_CHOICE:
        parts.insert(0, "Reserved.")
    return section(code(page_id), *(each for each in parts if each))


def _ids(variants: tuple[Page, ...]) -> str:
    fields = dict.fromkeys(each.id for variant in variants for each in variant.all_fields)
    buttons = dict.fromkeys(each.id for variant in variants for each in variant.all_buttons)
    said = []
    if fields:
        said.append(f"Fields: {', '.join(map(code, fields))}.")
    if buttons:
        said.append(f"Buttons and links: {', '.join(map(code, buttons))}.")
    return " ".join(said)


def _strings(page_id: str, strings: LanguagePage) -> str:
    def order(element: Element) -> tuple[str, str, str]:
        return (element.element_type, element.element_id or "", element.string_id)

    rows = [
        (
            code(each.element_type),
            code(each.element_id or ""),
            code(each.string_id),
            strings.strings[each],
        )
        for each in sorted(ELEMENTS[page_id], key=order)
    ]
    return table(("ElementType", "ElementId", "StringId", "English"), rows)


def _elements() -> Mapping[str, tuple[Page, ...]]:
    attributes = tuple(
        attribute_field(AttributeAssignment(id=each.id))
        for each in BUILT_IN_ATTRIBUTES
        if each.is_collectable and each.account_attribute
    )
    stages = tuple(VerificationStage)
    return {
        PageId.SIGN_UP_OR_SIGN_IN: (sign_in_page(offers_to_keep=True),),
        PageId.LOCAL_SIGN_IN: (sign_in_page(offers_sign_up=False, offers_to_keep=True),),
        PageId.LOCAL_SIGN_UP: tuple(
            sign_up_page(stage=stage, attributes=attributes, password_rules=_RULES)
            for stage in stages
        ),
        PageId.PASSWORD_RESET: tuple(password_reset_page(stage=stage) for stage in stages),
        PageId.NEW_PASSWORD: (new_password_page(name="", password_rules=_RULES),),
        PageId.CHANGE_PASSWORD: (change_password_page(name="", password_rules=_RULES),),
        PageId.PROFILE_UPDATE: (profile_page(attributes=attributes),),
        PageId.ERROR: (error_page(Sentence("error_request"), report=()),),
        PageId.SIGN_OUT: (sign_out_page(),),
        PageId.SIGNED_OUT: (signed_out_page(),),
        PageId.AGE: (age_page(asks_date=True, asks_country=True),),
        PageId.CONSENT: (consent_page(application="", permissions=(), words=_PERMISSIONS),),
        PageId.DEVICE: (device_page(),),
        PageId.DEVICE_DONE: (device_done_page(is_signed_in=True),),
    }
