"""Every page people meet, as constructors: which fields, which buttons, in which order.

Ids of fields and buttons are a contract with browser tests written elsewhere; they do not change.
"""

from collections.abc import Mapping
from enum import StrEnum

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
    Report,
    Sentence,
)

VERIFICATION = "emailVerificationControl"


class Identifier(StrEnum):
    """What a person signs in with; the values are the ids of the field."""

    EMAIL = "email"
    USER_ID = "UserId"


class VerificationStage(StrEnum):
    """How far the proof of an address has come."""

    ADDRESS_WANTED = "address_wanted"
    CODE_SENT = "code_sent"
    VERIFIED = "verified"


CONTINUE = Button(id="continue", action="continue", string_id="button_continue", is_primary=True)
CANCEL = Button(id="cancel", action="cancel", string_id="button_cancel", skips_validation=True)


def email_field(*, value: str = "", is_read_only: bool = False) -> Field:
    """Ask for an address, or show the one that is settled."""
    return Field(
        id="email",
        kind=InputKind.EMAIL,
        value=value,
        autocomplete="username",
        max_length=254,
        is_read_only=is_read_only,
    )


def new_password_fields(rules: Sentence) -> tuple[Field, ...]:
    """Ask for a new password twice; `rules` names the sentence that says what it must be like."""
    return (
        Field(
            id="newPassword",
            kind=InputKind.PASSWORD,
            autocomplete="new-password",
            max_length=256,
            hint=rules,
        ),
        Field(
            id="reenterPassword",
            kind=InputKind.PASSWORD,
            autocomplete="new-password",
            max_length=256,
        ),
    )


def verification_control(stage: VerificationStage, *, email: str = "") -> FieldGroup:
    """Build the control that proves an address, as it stands at `stage`."""
    address = email_field(value=email, is_read_only=stage is not VerificationStage.ADDRESS_WANTED)
    kind, string_id, further, verbs = _STAGES[stage]
    return FieldGroup(
        id=VERIFICATION,
        message=Notice(string_id, VERIFICATION, kind=kind, values={"email": email}),
        fields=(address, *further),
        buttons=tuple(_VERIFICATION_BUTTONS[verb] for verb in verbs),
    )


def sign_in_page(
    *,
    page_id: PageId = PageId.SIGN_UP_OR_SIGN_IN,
    identifier: Identifier = Identifier.EMAIL,
    identifier_value: str = "",
    offers_sign_up: bool = True,
    offers_password_reset: bool = True,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for a sign-in name and a password; the links lead to the other ways in."""
    links = (_FORGOT_PASSWORD,) * offers_password_reset + (_CREATE_ACCOUNT,) * offers_sign_up
    kind = InputKind.EMAIL if identifier is Identifier.EMAIL else InputKind.TEXT
    return Page(
        id=page_id,
        intro=None,
        fields=(
            Field(
                id=identifier.value,
                kind=kind,
                value=identifier_value,
                autocomplete="username",
                max_length=254,
            ),
            Field(
                id="password",
                kind=InputKind.PASSWORD,
                autocomplete="current-password",
                max_length=256,
            ),
        ),
        buttons=(_NEXT,),
        links=links,
        notices=notices,
    )


def sign_up_page(
    *,
    stage: VerificationStage | None,
    email: str = "",
    attributes: tuple[Field, ...] = (),
    password_rules: Sentence,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask a new person for an address and, once it is proved, for everything else.

    `stage` None is a user flow that does not verify addresses: everything is asked at once.
    """
    rest = (*new_password_fields(password_rules), *attributes)
    return _with_address(PageId.LOCAL_SIGN_UP, stage=stage, email=email, rest=rest, notices=notices)


def password_reset_page(
    *, stage: VerificationStage, email: str = "", notices: tuple[Notice, ...] = ()
) -> Page:
    """Ask who forgot the password and have the address proved."""
    return _with_address(PageId.PASSWORD_RESET, stage=stage, email=email, rest=(), notices=notices)


def new_password_page(
    *, email: str, password_rules: Sentence, notices: tuple[Notice, ...] = ()
) -> Page:
    """Ask for a new password; the address is shown so that a password manager files it right."""
    return Page(
        id=PageId.NEW_PASSWORD,
        fields=(
            email_field(value=email, is_read_only=True),
            *new_password_fields(password_rules),
        ),
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )


def profile_page(*, attributes: tuple[Field, ...], notices: tuple[Notice, ...] = ()) -> Page:
    """Let a person change what is known of them."""
    return Page(
        id=PageId.PROFILE_UPDATE,
        fields=attributes,
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )


def provider_choice_page(
    *, providers: tuple[Option, ...], notices: tuple[Notice, ...] = ()
) -> Page:
    """Let a person choose how to sign in; an option's value is the id of its claims exchange."""
    buttons = tuple(
        Button(
            id=each.value,
            action=each.value,
            string_id="button_provider",
            label=each.name,
            skips_validation=True,
        )
        for each in providers
    )
    return Page(id=PageId.PROVIDER_CHOICE, buttons=buttons, notices=notices)


def error_page(message: Sentence, *, report: tuple[str, ...]) -> Page:
    """Say that the way ends here; `report` is what the person can pass on, line by line."""
    return Page(id=PageId.ERROR, intro=message, report=Report(lines=report))


def sign_out_page() -> Page:
    """Ask whether to sign out, when the request alone does not prove that the person wants to."""
    return Page(
        id=PageId.SIGN_OUT,
        buttons=(
            Button(id="continue", action="continue", string_id="button_signout", is_primary=True),
            CANCEL,
        ),
    )


def signed_out_page() -> Page:
    """Say that the person is signed out."""
    return Page(id=PageId.SIGNED_OUT)


def _with_address(
    page_id: PageId,
    *,
    stage: VerificationStage | None,
    email: str,
    rest: tuple[Field, ...],
    notices: tuple[Notice, ...],
) -> Page:
    if stage is None:
        fields = (email_field(value=email), *rest)
        return Page(id=page_id, fields=fields, buttons=(CONTINUE, CANCEL), notices=notices)
    # Without a script nothing can enable fields later, so the rest waits for the proof.
    is_proved = stage is VerificationStage.VERIFIED
    return Page(
        id=page_id,
        intro=None,
        group=verification_control(stage, email=email),
        fields=rest if is_proved else (),
        buttons=(CONTINUE, CANCEL) if is_proved else (CANCEL,),
        notices=notices,
    )


_NEXT = Button(id="next", action="next", string_id="button_signin", is_primary=True)
_FORGOT_PASSWORD = Button(
    id="forgotPassword",
    action="forgotPassword",
    string_id="forgotpassword_link",
    skips_validation=True,
)
_CREATE_ACCOUNT = Button(
    id="createAccount",
    action="createAccount",
    string_id="createaccount_one_link",
    skips_validation=True,
    lead_string_id="createaccount_intro",
)
_CODE = Field(
    id="emailVerificationCode",
    kind=InputKind.ONE_TIME_CODE,
    autocomplete="one-time-code",
    max_length=32,
)
_VERIFICATION_BUTTONS = {
    verb: Button(
        id=f"{VERIFICATION}_but_{verb}",
        action=f"{VERIFICATION}_but_{verb}",
        string_id=f"but_{verb}",
        is_primary=verb in {"send_code", "verify_code"},
        skips_validation=verb in {"send_new_code", "change_claims"},
    )
    for verb in ("send_code", "verify_code", "send_new_code", "change_claims")
}
_STAGES: Mapping[VerificationStage, tuple[NoticeKind, str, tuple[Field, ...], tuple[str, ...]]] = {
    VerificationStage.ADDRESS_WANTED: (
        NoticeKind.INFORMATION,
        "ver_info_msg",
        (),
        ("send_code",),
    ),
    VerificationStage.CODE_SENT: (
        NoticeKind.SUCCESS,
        "success_send_code_msg",
        (_CODE,),
        ("verify_code", "send_new_code", "change_claims"),
    ),
    VerificationStage.VERIFIED: (
        NoticeKind.SUCCESS,
        "success_verify_code_msg",
        (),
        ("change_claims",),
    ),
}
