"""From a page and a language to the plain values the templates print."""

from collections.abc import Iterable
from typing import Any

from gatelodge.pages.language import FRAME, Strings
from gatelodge.pages.page import (
    CHOICES,
    Button,
    Field,
    FieldGroup,
    InputKind,
    Notice,
    NoticeKind,
    Page,
    PageId,
    Sentence,
)

DATA_NAMES = {
    PageId.SIGN_UP_OR_SIGN_IN: "Unified",
    PageId.PROVIDER_CHOICE: "IdpSelections",
    PageId.ERROR: "Exception",
}
"""`data-name` of `div#api`; every other page is `SelfAsserted`."""

FORM_IDS = {PageId.SIGN_UP_OR_SIGN_IN: "localAccountForm", PageId.LOCAL_SIGN_IN: "localAccountForm"}
"""Id of the form; every other page has `attributeVerification`."""

ERROR_IDS = {
    "UserMessageIfMissingRequiredElement": "requiredFieldMissing",
    "error_passwordEntryMismatch": "passwordEntryMismatch",
}
"""Ids of the summary's lines that browser tests look for."""

INPUT_TYPES = {
    InputKind.EMAIL: "email",
    InputKind.PASSWORD: "password",
    InputKind.DATE: "date",
}

View = dict[str, Any]
"""Plain values for a template; escaping is the template's."""


def page_view(page: Page, strings: Strings) -> View:
    """Resolve every sentence of `page` in the language of `strings`."""
    errors = page.errors
    on_page = [n for n in errors if n.field is None]
    heading = strings.text(page.id, page.heading)
    return {
        "id": page.id.value,
        "data_name": DATA_NAMES.get(page.id, "SelfAsserted"),
        "form_id": FORM_IDS.get(page.id, "attributeVerification"),
        "heading": heading,
        "title": f"{strings.text(FRAME, Sentence('error_prefix'))} {heading}"
        if errors or page.id is PageId.ERROR
        else heading,
        "intro": strings.text(page.id, page.intro) if page.intro else None,
        "page_errors": [_said(n, page, strings) for n in on_page],
        "field_errors": _summary([n for n in errors if n.field is not None], page, strings),
        "errors_heading": strings.text(FRAME, Sentence("errors_heading")),
        "fields_intro": strings.text(page.id, Sentence("error_fieldIncorrect"))
        if len(errors) > len(on_page)
        else None,
        "said": [
            {"kind": n.kind.value, "text": _said(n, page, strings)}
            for n in page.notices
            if n.kind is not NoticeKind.ERROR
        ],
        "implicit_action": _implicit_action(page),
        "group": _group_view(page.group, page, strings) if page.group else None,
        "fields": [_field_view(f, page, strings, group=None) for f in page.fields],
        "buttons": [_button_view(b, page.id, strings) for b in page.buttons],
        "links": [_button_view(b, page.id, strings) for b in page.links],
        "report": _report_view(page, strings),
    }


def _said(notice: Notice, page: Page, strings: Strings) -> str:
    values = dict(notice.values)
    for field in page.all_fields:
        if field.id == notice.field:
            values.setdefault("field", strings.label(page.id, field))
    return strings.text(page.id, Sentence(notice.string_id, values))


def _summary(notices: list[Notice], page: Page, strings: Strings) -> list[View]:
    seen: set[str] = set()
    lines = []
    for notice in notices:
        line_id = ERROR_IDS.get(notice.string_id)
        lines.append(
            {
                "target": _target(notice, page),
                "text": _said(notice, page, strings),
                "id": line_id if line_id not in seen else None,
            }
        )
        seen.update((line_id,) if line_id else ())
    return lines


def _target(notice: Notice, page: Page) -> str | None:
    """Return the id a line of the summary leads to: the first input of what it is about."""
    if page.group and notice.field == page.group.id:
        return next((f.id for f in page.group.fields if f.is_editable), page.group.fields[0].id)
    for field in page.all_fields:
        if field.id == notice.field:
            is_set = field.kind in {InputKind.RADIO, InputKind.CHECKBOXES} and field.options
            return f"{field.id}_1" if is_set else field.id
    return None


def _implicit_action(page: Page) -> str | None:
    """Return the primary action when Enter would press another button, being first."""
    primary = next((b for b in page.all_buttons if b.is_primary), None)
    is_first = primary is None or page.all_buttons[0] is primary
    return None if primary is None or is_first else primary.action


def _group_view(group: FieldGroup, page: Page, strings: Strings) -> View:
    ids = {group.id, *(f.id for f in group.fields)}
    errors = [_said(n, page, strings) for n in page.errors if n.field in ids]
    return {
        "id": group.id,
        "message": _said(group.message, page, strings),
        "message_kind": group.message.kind.value,
        "errors": errors,
        "fields": [_field_view(f, page, strings, group=group) for f in group.fields],
        "buttons": [_button_view(b, page.id, strings) for b in group.buttons],
    }


def _field_view(field: Field, page: Page, strings: Strings, *, group: FieldGroup | None) -> View:
    errors = [_said(n, page, strings) for n in page.errors if n.field == field.id]
    hint = strings.hint(page.id, field) if field.is_editable else None
    described = [f"{field.id}_hint"] if hint else []
    is_focused = field is _focused(page)
    if group is not None and field.is_editable:
        concerns_group = any(n.field == group.id for n in page.errors)
        described.append(f"{group.id}_error_message" if errors or concerns_group else "")
    elif errors:
        described.append(f"{field.id}_error")
    elif is_focused and any(n.field is None for n in page.errors):
        described.append("pageError")
    return {
        "id": field.id,
        "kind": field.kind.value,
        "type": INPUT_TYPES.get(field.kind, "text"),
        "is_choice": field.kind in CHOICES,
        "is_editable": field.is_editable,
        "label": strings.label(page.id, field),
        "value": field.value,
        "required": field.required and field.is_editable,
        "optional": strings.text(page.id, Sentence("optional"))
        if field.is_editable and not field.required
        else None,
        "choose": strings.text(page.id, Sentence("choose_option"))
        if field.kind is InputKind.DROPDOWN
        else None,
        "options": [
            {
                "value": option.value,
                "name": strings.option_name(page.id, field, option.value, option.name),
                "is_selected": option.is_selected,
            }
            for option in field.options
        ],
        "autocomplete": field.autocomplete,
        # A browser would silently cut a pasted password, and the person would not know it.
        "max_length": None if field.kind is InputKind.PASSWORD else field.max_length,
        "hint": hint,
        "errors": errors if group is None else [],
        "is_invalid": bool(errors),
        "described_by": " ".join(filter(None, described)),
        "is_focused": is_focused,
    }


def _focused(page: Page) -> Field | None:
    """Choose where typing begins: the first field in error, else the first empty one."""
    in_error = {n.field for n in page.errors}
    editable = [
        f
        for f in page.all_fields
        if f.is_editable and f.kind is not InputKind.RADIO and f.kind is not InputKind.CHECKBOXES
    ]
    candidates: Iterable[Field] = (f for f in editable if f.id in in_error)
    empty: Iterable[Field] = (f for f in editable if not f.value)
    return next(iter(candidates), None) or next(iter(empty), None)


def _button_view(button: Button, page_id: PageId, strings: Strings) -> View:
    lead = button.lead_string_id
    return {
        "id": button.id,
        "action": button.action,
        "text": button.label or strings.text(page_id, Sentence(button.string_id)),
        "lead": strings.text(page_id, Sentence(lead)) if lead else None,
        "is_primary": button.is_primary,
        "skips_validation": button.skips_validation,
    }


def _report_view(page: Page, strings: Strings) -> View | None:
    if page.report is None:
        return None
    return {
        "heading": strings.text(page.id, Sentence("report_heading")),
        "lines": list(page.report.lines),
    }
