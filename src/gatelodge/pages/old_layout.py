"""The names of the first layouts, by which older templates and browser tests find things."""

from typing import Any

from gatelodge.pages.catalogue import VERIFICATION

_View = dict[str, Any]
_FIELDS = {"emailVerificationCode": "email_ver_input"}
_BUTTONS = {
    f"{VERIFICATION}_but_send_code": "email_ver_but_send",
    f"{VERIFICATION}_but_verify_code": "email_ver_but_verify",
    f"{VERIFICATION}_but_send_new_code": "email_ver_but_resend",
    f"{VERIFICATION}_but_change_claims": "email_ver_but_edit",
}
_MESSAGES = {
    f"{VERIFICATION}_error_message": "email_fail_retry",
    f"{VERIFICATION}_info_message": "email_info",
    f"{VERIFICATION}_success_message": "email_success",
}
_NAMES = {**_FIELDS, **_BUTTONS, **_MESSAGES, VERIFICATION: "email_ver"}


def with_old_names(view: _View) -> _View:
    """Return a page's view with the code for an address under its old names.

    What a form calls its values stays the same: only what templates and tests look for differs.
    """
    group, summary = view["group"], view["summary"]
    if group is None:
        return view
    renamed = {
        **group,
        **{each: _renamed(group[each]) for each in ("id", "message_id", "error_id")},
        "claim": "email",
        "fields": [_with_old_id(each) for each in group["fields"]],
        "buttons": [_with_old_id(each) for each in group["buttons"]],
    }
    if summary is not None:
        lines = [{**each, "target": _renamed(each["target"])} for each in summary["lines"]]
        summary = {**summary, "lines": lines}
    return {**view, "group": renamed, "summary": summary}


def _with_old_id(part: _View) -> _View:
    described = " ".join(_renamed(each) or "" for each in part.get("described_by", "").split())
    return {**part, "id": _renamed(part["id"]), "described_by": described}


def _renamed(name: str | None) -> str | None:
    return None if name is None else _NAMES.get(name, name)
