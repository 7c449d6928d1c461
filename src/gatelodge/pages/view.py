"""From a page and a language to the plain values the templates print."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gatelodge.pages.brand import Brand
from gatelodge.pages.language import FRAME, Strings
from gatelodge.pages.page import (
    Button,
    Field,
    FieldGroup,
    InputKind,
    Notice,
    NoticeKind,
    Option,
    Page,
    PageId,
    Sentence,
)
from gatelodge.pages.territories import Territory, territories_in

DATA_NAMES = {
    PageId.SIGN_UP_OR_SIGN_IN: "Unified",
    PageId.PROVIDER_CHOICE: "IdpSelections",
    PageId.PROVIDER_CHOICE_SIGN_UP: "IdpSelections",
    PageId.ERROR: "Exception",
    PageId.PHONE_FACTOR: "Phonefactor",
}
"""`data-name` of `div#api`; every other page is `SelfAsserted`."""

FORM_IDS = {PageId.SIGN_UP_OR_SIGN_IN: "localAccountForm", PageId.LOCAL_SIGN_IN: "localAccountForm"}
"""Id of the form; every other page has `attributeVerification`."""

ERROR_IDS = {
    "UserMessageIfMissingRequiredElement": "requiredFieldMissing",
    "error_passwordEntryMismatch": "passwordEntryMismatch",
}
"""Ids of the summary's lines that browser tests look for."""

_SIGN_IN = frozenset({PageId.SIGN_UP_OR_SIGN_IN, PageId.LOCAL_SIGN_IN})

INPUT_TYPES = {
    InputKind.EMAIL: "email",
    InputKind.PASSWORD: "password",
    InputKind.DATE: "date",
    InputKind.TELEPHONE: "tel",
}

SETS = frozenset({InputKind.RADIO, InputKind.CHECKBOXES})
"""Kinds made of several inputs: `{id}_1` is the first."""

MEASURED = frozenset(
    {InputKind.TEXT, InputKind.EMAIL, InputKind.USER_NAME, InputKind.ONE_TIME_CODE}
)
LITERAL = frozenset(
    {InputKind.EMAIL, InputKind.USER_NAME, InputKind.PASSWORD, InputKind.ONE_TIME_CODE}
)
"""Kinds a keyboard must not capitalise or correct."""

View = dict[str, Any]
"""Plain values for a template; escaping is the template's."""


def page_view(page: Page, strings: Strings, brand: Brand) -> View:
    """Resolve every sentence of `page` in the language of `strings`."""
    is_sign_in = page.id in _SIGN_IN
    if is_sign_in and brand.name_hint is not None:
        page = replace(page, fields=tuple(_hinted(each, brand.name_hint) for each in page.fields))
    heading = strings.text(page.id, page.heading)
    is_trouble = bool(page.errors) or page.id is PageId.ERROR
    prefix = f"{strings.text(FRAME, Sentence('error_prefix'))} " if is_trouble else ""
    return {
        "data_name": DATA_NAMES.get(page.id, "SelfAsserted"),
        "form_id": FORM_IDS.get(page.id, "attributeVerification"),
        "heading": heading,
        "title": prefix + heading,
        "intro": strings.text(page.id, page.intro) if page.intro else None,
        "summary": _summary_view(page, strings) if page.errors else None,
        "said": [
            {"kind": n.kind.value, "text": said(n, page, strings)}
            for n in page.notices
            if n.kind is not NoticeKind.ERROR
        ],
        "implicit_action": _implicit_action(page),
        "providers": _providers_view(page, strings),
        "group": _group_view(page.group, page, strings) if page.group else None,
        "fields": [_field_view(f, page, strings) for f in page.fields],
        "buttons": [_button_view(b, page.id, strings) for b in page.buttons],
        "links": [_button_view(b, page.id, strings) for b in page.links],
        "figure": _figure_view(page, strings),
        "attachment": _attachment_view(page, strings),
        "closing": brand.sign_in_text if is_sign_in else None,
        "report": _report_view(page, strings),
        "passkey": _passkey_view(page, strings),
        "departure": _departure_view(page, strings),
    }


def links_view(brand: Brand, strings: Strings) -> list[View]:
    """Return the links at the foot of every page."""
    return [
        {"url": each.url, "text": each.text or strings.text(FRAME, Sentence(each.string_id))}
        for each in brand.links
    ]


def _hinted(field: Field, hint: str) -> Field:
    """Return the field people say their name in, with what the administrator says about it."""
    return replace(field, told=hint) if field.autocomplete == "username" else field


def said(notice: Notice, page: Page, strings: Strings) -> str:
    """Return the sentence of a notice, the label of its field filled in."""
    values = dict(notice.values)
    for field in page.all_fields:
        if field.id == notice.field:
            values.setdefault("field", strings.label(page.id, field))
    return strings.text(page.id, Sentence(notice.string_id, values))


def _summary_view(page: Page, strings: Strings) -> View:
    """List what is wrong: with the page as a whole, then field by field."""
    lines: list[View] = []
    seen: set[str | None] = {None}
    fields = [page.group.id if page.group else None, *(each.id for each in page.all_fields)]
    about = [n for n in page.errors if n.field is not None]
    for notice in sorted(about, key=lambda each: _place_in(fields, each.field)):
        line_id = ERROR_IDS.get(notice.string_id)
        lines.append(
            {
                "target": _target(notice, page),
                "text": said(notice, page, strings),
                "id": None if line_id in seen else line_id,
            }
        )
        seen.add(line_id)
    return {
        "label": strings.text(FRAME, Sentence("errors_heading")),
        "texts": [said(n, page, strings) for n in page.errors if n.field is None],
        "lead": strings.text(page.id, Sentence("error_fieldIncorrect")) if lines else None,
        "lines": lines,
    }


def _place_in(fields: Sequence[str | None], field: str | None) -> int:
    return fields.index(field) if field in fields else len(fields)


def _target(notice: Notice, page: Page) -> str | None:
    """Return the id a line of the summary leads to: the first input of what it is about."""
    if page.group and notice.field == page.group.id:
        return next((f.id for f in page.group.fields if f.is_editable), page.group.fields[0].id)
    for field in page.all_fields:
        if field.id == notice.field:
            return f"{field.id}_1" if field.kind in SETS and field.options else field.id
    return None


def _implicit_action(page: Page) -> str | None:
    """Return the primary action when Enter would press another button, being first."""
    primary = next((b for b in page.all_buttons if b.is_primary), None)
    is_first = primary is None or page.all_buttons[0] is primary
    return None if primary is None or is_first else primary.action


def _group_view(group: FieldGroup, page: Page, strings: Strings) -> View:
    ids = {group.id, *(f.id for f in group.fields)}
    is_success = group.message.kind is NoticeKind.SUCCESS
    return {
        "id": group.id,
        "message": said(group.message, page, strings),
        "message_id": f"{group.id}_{'success' if is_success else 'info'}_message",
        "error_id": f"{group.id}_error_message",
        "is_success": is_success,
        "claim": None,
        "errors": [said(n, page, strings) for n in page.errors if n.field in ids],
        "fields": [_field_view(f, page, strings, group) for f in group.fields],
        "buttons": [_button_view(b, page.id, strings) for b in group.buttons],
    }


def _providers_view(page: Page, strings: Strings) -> View | None:
    """Show buttons of providers; beside a form of our own they need words that say what is what."""
    if not page.providers:
        return None
    is_beside = bool(page.fields)
    return {
        "intro": strings.text(page.id, Sentence("social_intro")) if is_beside else None,
        "divider": strings.text(page.id, Sentence("divider_title")) if is_beside else None,
        "buttons": [_button_view(b, page.id, strings) for b in page.providers],
    }


def _field_view(
    field: Field, page: Page, strings: Strings, group: FieldGroup | None = None
) -> View:
    errors = [said(n, page, strings) for n in page.errors if n.field == field.id]
    hint = field.told or (strings.hint(page.id, field) if field.is_editable else None)
    described = _described_by(field, page, group=group, has_hint=hint is not None)
    return {
        "id": field.id,
        "name": field.id,
        "kind": field.kind.value,
        "type": INPUT_TYPES.get(field.kind, "text"),
        "is_editable": field.is_editable,
        "label": _label(field, page, strings),
        "value": "" if field.kind is InputKind.PASSWORD else field.value,
        "required": field.required and field.is_editable,
        "optional": _optional(field, page, strings),
        "options": _option_views(field, page, strings),
        "autocomplete": _autocomplete(field, page),
        "is_literal": field.kind in LITERAL or field.autocomplete == "username",
        # A browser would silently cut a pasted password, and the person would not know it.
        "max_length": field.max_length if field.kind in MEASURED else None,
        "hint": hint,
        "links": [
            {"url": each.url, "text": strings.text(FRAME, Sentence(each.string_id))}
            for each in field.links
        ],
        "errors": errors if group is None else [],
        "is_invalid": bool(errors),
        "described_by": " ".join(described),
        "is_focused": field is _focused(page),
    }


def _autocomplete(field: Field, page: Page) -> str:
    """Return what browsers fill in: where passkeys are taken, they are offered with the names."""
    takes_passkeys = page.passkey is not None and "user" not in page.passkey.question
    is_name = field.autocomplete == "username" and field.is_editable
    return "username webauthn" if takes_passkeys and is_name else field.autocomplete


def _label(field: Field, page: Page, strings: Strings) -> str:
    return strings.text(page.id, field.words) if field.words else strings.label(page.id, field)


def _described_by(
    field: Field, page: Page, *, group: FieldGroup | None, has_hint: bool
) -> list[str]:
    """Return the ids of what a screen reader says after the label."""
    about = {n.field for n in page.errors}
    described = [f"{field.id}_hint"] if has_hint else []
    described += [f"{field.id}_links"] if field.links else []
    if group is not None:
        if field.is_editable and about & {field.id, group.id}:
            described.append(f"{group.id}_error_message")
    elif field.id in about:
        described.append(f"{field.id}_error")
    if None in about and field is _focused(page):
        described.append("pageError")
    return described


def _optional(field: Field, page: Page, strings: Strings) -> str | None:
    if field.required or not field.is_editable or field.kind is InputKind.TICK:
        return None
    return strings.text(page.id, Sentence("optional"))


def named_options(field: Field, page_id: PageId, strings: Strings) -> list[tuple[Option, str]]:
    """Return the options of a field as they are called, in order."""
    if not any(option.region for option in field.options):
        return [(each, _option_name(each, field, page_id, strings)) for each in field.options]
    territories = territories_in(strings.tag)
    placed = sorted(field.options, key=lambda each: _place_of(each, territories))
    return [
        (
            each,
            _option_name(each, field, page_id, strings, territories.get(each.region or "")),
        )
        for each in placed
    ]


def _place_of(option: Option, territories: Mapping[str, Territory]) -> int:
    found = territories.get(option.region or "")
    return len(territories) if found is None else found.place


def _option_name(
    option: Option,
    field: Field,
    page_id: PageId,
    strings: Strings,
    territory: Territory | None = None,
) -> str:
    name = option.name if territory is None else territory.name
    if option.behind is not None:
        name = f"{name} ({strings.isolated(option.behind)})"
    if option.words is not None:
        name = strings.text(page_id, option.words)
    return strings.option_name(page_id, field, option.value, name)


def _option_views(field: Field, page: Page, strings: Strings) -> list[View]:
    views: list[View] = [
        {"value": option.value, "name": name, "is_selected": option.is_selected}
        for option, name in named_options(field, page.id, strings)
    ]
    if field.kind is InputKind.DROPDOWN:
        choose = strings.text(page.id, Sentence("choose_option"))
        views.insert(0, {"value": "", "name": choose, "is_selected": False})
    return views


def _focused(page: Page) -> Field | None:
    """Choose where typing begins: the first field in error, else the first that must be filled."""
    in_error = {n.field for n in page.errors}
    typed = [f for f in page.all_fields if f.is_editable and f.kind not in SETS]
    wanted = [f for f in typed if f.id in in_error] or [f for f in typed if _is_wanted(f)]
    return wanted[0] if wanted else None


def _is_wanted(field: Field) -> bool:
    is_filled = bool(field.value) or any(option.is_selected for option in field.options)
    return field.required and not is_filled


def _button_view(button: Button, page_id: PageId, strings: Strings) -> View:
    lead = button.lead_string_id
    return {
        "id": button.id,
        "action": button.action,
        "text": button.label or strings.text(page_id, Sentence(button.string_id, button.values)),
        "lead": strings.text(page_id, Sentence(lead)) if lead else None,
        "is_primary": button.is_primary,
        "skips_validation": button.skips_validation,
    }


def _passkey_view(page: Page, strings: Strings) -> View | None:
    if page.passkey is None:
        return None
    needed = page.passkey.needed
    return {
        "button": _button_view(page.passkey.button, page.id, strings),
        "question": json.dumps(page.passkey.question, separators=(",", ":")),
        "trouble": strings.text(page.id, page.passkey.trouble),
        "needed": strings.text(page.id, needed) if needed else None,
    }


def _departure_view(page: Page, strings: Strings) -> View | None:
    if page.departure is None:
        return None
    return {
        "frames": list(page.departure.frames),
        "target": page.departure.target,
        "text": strings.text(page.id, Sentence("button_continue")),
    }


def _attachment_view(page: Page, strings: Strings) -> View | None:
    if (attachment := page.attachment) is None:
        return None
    return {
        "href": attachment.href,
        "file_name": attachment.file_name,
        "text": strings.text(page.id, attachment.words),
    }


def _figure_view(page: Page, strings: Strings) -> View | None:
    if (figure := page.figure) is None:
        return None
    return {
        "id": figure.id,
        "source": figure.source,
        "target": figure.target,
        "alternative": strings.text(page.id, figure.alternative),
        "link": strings.text(page.id, figure.link),
        "label": strings.text(page.id, figure.label),
        "text": figure.text,
    }


def _report_view(page: Page, strings: Strings) -> View | None:
    if page.report is None:
        return None
    return {
        "heading": strings.text(page.id, Sentence("report_heading")),
        "lines": list(page.report.lines),
        "is_code": page.id is PageId.LINK_ELSEWHERE,
    }
