"""`SA_FIELDS`: what a page asks for, field by field, as scripts read it."""

from collections.abc import Sequence
from typing import Any

from gatelodge.journeys.sign_up_form import sign_up_form
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.catalogue import (
    VERIFICATION,
    VerificationStage,
    verification_control,
)
from gatelodge.pages.language import Strings
from gatelodge.pages.page import NEVER_REPEATED, Field, InputKind, Page, PageId
from gatelodge.pages.view import named_options

_TEXT_BOX = "TextBox"
_INPUT_TYPES = {
    InputKind.EMAIL: "EmailBox",
    InputKind.PASSWORD: "Password",
    InputKind.DATE: "DateTimeDropdown",
    InputKind.DROPDOWN: "DropdownSingleSelect",
    InputKind.RADIO: "RadioSingleSelect",
    InputKind.CHECKBOXES: "CheckboxMultiSelect",
    InputKind.TICK: "CheckboxMultiSelect",
    InputKind.PARAGRAPH: "Paragraph",
    InputKind.READONLY: "Readonly",
}
_FLAGS = {
    "IS_EMAIL": InputKind.EMAIL,
    "IS_PASSWORD": InputKind.PASSWORD,
    "IS_DATE": InputKind.DATE,
    "IS_RADIO": InputKind.RADIO,
    "IS_DROP": InputKind.DROPDOWN,
    "IS_TEXT_IN_PARAGRAPH": InputKind.PARAGRAPH,
    "IS_CHECK_MULTI": InputKind.CHECKBOXES,
}


def announced(page: Page, flow: UserFlow, interaction: Interaction) -> tuple[Field, ...]:
    """Return the fields of a page, with those that come only once an address is proved.

    What is one page there is two here: the rest of a sign-up is asked for after the proof.
    """
    fields = list(page.all_fields)
    if page.group is not None and page.group.id == VERIFICATION:
        fields += verification_control(VerificationStage.CODE_SENT).fields
    if page.id is PageId.LOCAL_SIGN_UP:
        fields += sign_up_form(flow, interaction.facts).all_fields
    first: dict[str, Field] = {}
    for each in fields:
        first.setdefault(each.id, each)
    return tuple(first.values())


def attribute_fields(page: Page, fields: Sequence[Field], strings: Strings) -> list[dict[str, Any]]:
    """Describe the fields in the order they are asked for."""
    proved = {each.id for each in page.group.fields} if page.group else set()
    return [
        _described(each, page, strings, is_verified=each.id in proved and _is_address(each))
        for each in fields
    ]


def _is_address(field: Field) -> bool:
    return field.kind is InputKind.EMAIL


def _described(field: Field, page: Page, strings: Strings, *, is_verified: bool) -> dict[str, Any]:
    kind = _INPUT_TYPES.get(field.kind, _TEXT_BOX)
    return {
        "UX_INPUT_TYPE": kind,
        "USER_INPUT_TYPE": kind,
        "IS_TEXT": kind == _TEXT_BOX,
        **{flag: field.kind is of for flag, of in _FLAGS.items()},
        "IS_LINK": False,
        "VERIFY": is_verified,
        "DN": strings.label(page.id, field),
        "ID": field.id,
        "U_HELP": (strings.hint(page.id, field) if field.is_editable else None) or "",
        "DAY_PRE": "0",
        "MONTH_PRE": "0",
        "YEAR_PRE": "0",
        "PRE": "" if field.kind in NEVER_REPEATED else field.value,
        "PAT": None,
        "IS_REQ": field.required,
        "IS_RDO": not field.is_editable,
        "OPTIONS": [
            {"VAL": each.value, "DISP": name}
            for each, name in named_options(field, page.id, strings)
        ],
    }
