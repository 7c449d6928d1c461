"""From submitted text to values or notices, according to the page that asked."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from datetime import date

from gatelodge.model.email_address import parse_email_address
from gatelodge.model.user_name import parse_user_name
from gatelodge.pages.page import (
    CHOICES,
    NEVER_REPEATED,
    TICKED,
    Field,
    InputKind,
    Notice,
    Page,
)

MISSING = "UserMessageIfMissingRequiredElement"
UNREADABLE = "UserMessageIfInvalidInput"
TOO_LONG = "UserMessageIfValidationError"
NO_PATTERN = "UserMessageIfIncorrectPattern"

Submitted = Mapping[str, Sequence[str]]
"""What a browser sent: every text under the name of its input."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person answered; only values that passed are in `values`.

    `notices` name every field that has to be filled in again; when there are none, every required
    field of the page has a value.
    """

    values: Mapping[str, tuple[str, ...]] = attribute(repr=False)
    notices: tuple[Notice, ...]

    def text(self, field_id: str) -> str:
        """Return the answer to a field, or the empty string when it was left empty."""
        values = self.values.get(field_id, ())
        return values[0] if values else ""


def pressed(page: Page, submitted: Submitted) -> str | None:
    """Return the action the person chose among those of the page, None when it is not one."""
    actions = {button.action for button in page.all_buttons}
    sent = submitted.get("action", ())
    return sent[0] if len(sent) == 1 and sent[0] in actions else None


def read_answers(page: Page, submitted: Submitted) -> Answers:
    """Judge what was sent for each editable field of `page`; anything else sent is ignored."""
    values: dict[str, tuple[str, ...]] = {}
    notices: list[Notice] = []
    for each in page.all_fields:
        if not each.is_editable:
            continue
        texts = tuple(submitted.get(each.id, ()))
        answer = _READERS.get(each.kind, _text)(each, texts)
        if isinstance(answer, Notice):
            notices.append(answer)
        else:
            values[each.id] = answer
    return Answers(values=values, notices=tuple(notices))


def refill(page: Page, submitted: Submitted, *, notices: tuple[Notice, ...]) -> Page:
    """Show the page again with what was typed, except passwords and codes, and `notices`."""
    group = page.group
    if group is not None:
        group = replace(group, fields=tuple(_refilled(each, submitted) for each in group.fields))
    fields = tuple(_refilled(each, submitted) for each in page.fields)
    return replace(page, group=group, fields=fields, notices=notices)


def _text(field: Field, texts: tuple[str, ...]) -> tuple[str, ...] | Notice:
    if len(texts) > 1:
        return Notice(UNREADABLE, field.id)
    text = texts[0] if texts else ""
    if not is_printable(text):
        return Notice(UNREADABLE, field.id)
    text = _tidied(field.kind, text)
    if not text:
        return Notice(MISSING, field.id) if field.required else ()
    if len(text) > field.max_length:
        return Notice(TOO_LONG, field.id, values={"maximum": str(field.max_length)})
    return _shaped(field, text)


def _shaped(field: Field, text: str) -> tuple[str, ...] | Notice:
    wrong = Notice(NO_PATTERN, field.id)
    match field.kind:
        case InputKind.EMAIL:
            address = parse_email_address(text)
            return (address,) if address else wrong
        case InputKind.DATE:
            try:
                return (date.fromisoformat(text).isoformat(),)
            except ValueError:
                return wrong
        case InputKind.ONE_TIME_CODE:
            return (text,) if text.isascii() and text.isalnum() else wrong
        case InputKind.USER_NAME:
            return (text,) if parse_user_name(text) else wrong
        case _:
            return (text,)


def _choice(field: Field, texts: tuple[str, ...]) -> tuple[str, ...] | Notice:
    # An empty text is the dropdown's first row, which chooses nothing.
    chosen = tuple(dict.fromkeys(text for text in texts if text))
    if not chosen:
        return Notice(MISSING, field.id) if field.required else ()
    if len(chosen) > 1 and field.kind is not InputKind.CHECKBOXES:
        return Notice(UNREADABLE, field.id)
    if not set(chosen) <= {option.value for option in field.options}:
        return Notice(UNREADABLE, field.id)
    return chosen


def _tick(field: Field, texts: tuple[str, ...]) -> tuple[str, ...] | Notice:
    if TICKED in texts:
        return (TICKED,)
    return Notice(field.missing, field.id) if field.required and field.missing else ()


_READERS = {**dict.fromkeys(CHOICES, _choice), InputKind.TICK: _tick}


def is_printable(text: str) -> bool:
    """Tell whether `text` is free of control characters and lone surrogates."""
    return all(unicodedata.category(character) not in {"Cc", "Cs"} for character in text)


def _tidied(kind: InputKind, text: str) -> str:
    # A password is what was typed, blanks included; a code is often pasted in groups of digits.
    if kind is InputKind.PASSWORD:
        return text
    if kind is InputKind.ONE_TIME_CODE:
        return "".join(text.split()).replace("-", "")
    return text.strip()


def _refilled(field: Field, submitted: Submitted) -> Field:
    if not field.is_editable or field.kind in NEVER_REPEATED:
        return field
    texts = submitted.get(field.id, ())
    if field.kind is InputKind.TICK:
        return replace(field, value=TICKED if TICKED in texts else "")
    if field.kind in CHOICES:
        options = tuple(replace(each, is_selected=each.value in texts) for each in field.options)
        return replace(field, options=options)
    typed = "".join(c for c in (texts[0] if texts else "") if is_printable(c))
    return replace(field, value=typed[: field.max_length])
