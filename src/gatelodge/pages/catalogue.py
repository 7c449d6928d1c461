"""Every page people meet, as constructors: which fields, which buttons, in which order.

Ids of fields and buttons are a contract with browser tests written elsewhere; they do not change.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from gatelodge.pages.countries import country_options
from gatelodge.pages.page import (
    TICKED,
    Button,
    Departure,
    Field,
    FieldGroup,
    InputKind,
    Notice,
    NoticeKind,
    Option,
    Page,
    PageId,
    PasskeyPrompt,
    Report,
    Sentence,
)

VERIFICATION = "emailVerificationControl"


class Identifier(StrEnum):
    """What a person signs in with; the values are the ids of the field."""

    EMAIL = "email"
    USER_ID = "UserId"
    PHONE = "phoneNumber"


REMEMBER_ME = "rememberMe"
SEND_CODE = "sendCode"
SKIP = "skip"


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


def user_name_field(*, value: str = "", is_read_only: bool = False) -> Field:
    """Ask for the name somebody signs in with, or show the one that is settled."""
    return Field(
        id=Identifier.USER_ID.value,
        kind=InputKind.USER_NAME,
        value=value,
        autocomplete="username",
        max_length=64,
        is_read_only=is_read_only,
    )


def _settled_name(identifier: Identifier, name: str) -> Field:
    field = email_field if identifier is Identifier.EMAIL else user_name_field
    return field(value=name, is_read_only=True)


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


def verification_control(
    stage: VerificationStage, *, email: str = "", user_name: str | None = None
) -> FieldGroup:
    """Build the control that proves an address, as it stands at `stage`.

    With `user_name` the address is asked for together with the name it belongs to.
    """
    is_settled = stage is not VerificationStage.ADDRESS_WANTED
    asked = () if user_name is None else (_name_asked(user_name, is_read_only=is_settled),)
    address = email_field(value=email, is_read_only=is_settled)
    if user_name is not None:
        address = replace(address, autocomplete="email")
    kind, string_id, further, verbs = _STAGES[stage]
    return FieldGroup(
        id=VERIFICATION,
        message=Notice(string_id, VERIFICATION, kind=kind, values={"email": email}),
        fields=(*asked, address, *further),
        buttons=tuple(_VERIFICATION_BUTTONS[verb] for verb in verbs),
    )


def _name_asked(user_name: str, *, is_read_only: bool) -> Field:
    """Ask for a name that exists: whatever its form, it may be one."""
    field = user_name_field(value=user_name, is_read_only=is_read_only)
    return replace(field, kind=InputKind.TEXT, max_length=254)


def sign_in_page(
    *,
    page_id: PageId = PageId.SIGN_UP_OR_SIGN_IN,
    identifier: Identifier = Identifier.EMAIL,
    identifier_value: str = "",
    offers_sign_up: bool = True,
    offers_password_reset: bool = True,
    offers_to_keep: bool = False,
    is_kept: bool = False,
    takes_passwords: bool = True,
    takes_codes: bool = False,
    providers: tuple[Option, ...] = (),
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for a sign-in name and a password; the links lead to the other ways in.

    `offers_to_keep` adds the tick that keeps the person signed in; `is_kept` says it is set. Where
    codes are taken, one can be asked for in place of the password.
    """
    links = (_FORGOT_PASSWORD,) * offers_password_reset + (_CREATE_ACCOUNT,) * offers_sign_up
    string_id = "button_text_code" if identifier is Identifier.PHONE else "button_send_code"
    send_code = replace(_SEND_CODE, is_primary=not takes_passwords, string_id=string_id)
    return Page(
        id=page_id,
        intro=None,
        providers=_provider_buttons(providers),
        fields=(
            _identifier_field(identifier, identifier_value),
            *(_PASSWORD,) * takes_passwords,
            *(_keep_field(is_kept=is_kept),) * offers_to_keep,
        ),
        buttons=(
            *(_NEXT,) * takes_passwords,
            *(send_code,) * takes_codes,
        ),
        links=links,
        notices=notices,
    )


def passkey_page(prompt: PasskeyPrompt) -> Page:
    """Offer to make a passkey now, or later."""
    return Page(
        id=PageId.PASSKEY,
        passkey=prompt,
        links=(Button(id=SKIP, action=SKIP, string_id="button_skip", skips_validation=True),),
    )


_KINDS = {Identifier.EMAIL: InputKind.EMAIL, Identifier.PHONE: InputKind.TELEPHONE}


def _identifier_field(identifier: Identifier, value: str) -> Field:
    is_phone = identifier is Identifier.PHONE
    return Field(
        id=identifier.value,
        kind=_KINDS.get(identifier, InputKind.TEXT),
        value=value,
        autocomplete="tel" if is_phone else "username",
        max_length=254,
        hint=Sentence("phone_hint") if is_phone else None,
    )


def _keep_field(*, is_kept: bool) -> Field:
    return Field(
        id=REMEMBER_ME,
        kind=InputKind.TICK,
        value=TICKED if is_kept else "",
        required=False,
        words=Sentence("remember_me"),
    )


def sign_in_by_code_page(
    *,
    stage: VerificationStage,
    email: str = "",
    code: str = "",
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for the code that was mailed in place of a password; `code` has only to be confirmed."""
    page = _with_address(PageId.SIGN_IN_BY_CODE, stage=stage, email=email, rest=(), notices=notices)
    if not code or page.group is None:
        return page
    fields = tuple(
        replace(each, value=code) if each.kind is InputKind.ONE_TIME_CODE else each
        for each in page.group.fields
    )
    return replace(page, group=replace(page.group, fields=fields), intro=Sentence("confirm_intro"))


def sign_in_by_phone_page(*, stage: VerificationStage, phone: str = "") -> Page:
    """Ask for a number, and then for the code that was sent there."""
    page = sign_in_by_code_page(stage=stage, email=phone)
    group = verification_control(stage, email=phone)
    asked = replace(
        _identifier_field(Identifier.PHONE, phone),
        is_read_only=stage is not VerificationStage.ADDRESS_WANTED,
    )
    fields = tuple(asked if each.id == "email" else each for each in group.fields)
    return replace(page, id=PageId.SIGN_IN_BY_PHONE, group=replace(group, fields=fields))


def phone_sign_up_page(
    *, phone: str, attributes: tuple[Field, ...], notices: tuple[Notice, ...] = ()
) -> Page:
    """Ask a new person whose number was proved for everything else."""
    number = replace(_identifier_field(Identifier.PHONE, phone), is_read_only=True, hint=None)
    return Page(
        id=PageId.LOCAL_SIGN_UP,
        fields=(number, *attributes),
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )


def link_elsewhere_page(*, code: str) -> Page:
    """Show the code of a link that was opened in another browser than the one it is for."""
    return Page(id=PageId.LINK_ELSEWHERE, report=Report(lines=(code,)))


def sign_up_page(
    *,
    stage: VerificationStage | None,
    email: str = "",
    user_name: str | None = None,
    attributes: tuple[Field, ...] = (),
    password_rules: Sentence | None,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask a new person for an address and, once it is proved, for everything else.

    `stage` None is a user flow that does not verify addresses: everything is asked at once.
    With `user_name` the person chooses a name to sign in with; without rules there is no password.
    """
    chosen = () if user_name is None else (user_name_field(value=user_name),)
    secret = () if password_rules is None else new_password_fields(password_rules)
    rest = (*chosen, *secret, *attributes)
    return _with_address(PageId.LOCAL_SIGN_UP, stage=stage, email=email, rest=rest, notices=notices)


def password_reset_page(
    *,
    stage: VerificationStage,
    email: str = "",
    user_name: str | None = None,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask who forgot the password and have the address proved."""
    return _with_address(
        PageId.PASSWORD_RESET,
        stage=stage,
        email=email,
        user_name=user_name,
        rest=(),
        notices=notices,
    )


def new_password_page(
    *,
    name: str,
    password_rules: Sentence,
    identifier: Identifier = Identifier.EMAIL,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for a new password; `name` is shown so that a password manager files it right."""
    return Page(
        id=PageId.NEW_PASSWORD,
        fields=(_settled_name(identifier, name), *new_password_fields(password_rules)),
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )


def change_password_page(
    *,
    name: str,
    password_rules: Sentence,
    identifier: Identifier = Identifier.EMAIL,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for a new password in place of one that has to be changed."""
    asked = new_password_page(
        name=name, password_rules=password_rules, identifier=identifier, notices=notices
    )
    return replace(asked, id=PageId.CHANGE_PASSWORD)


def profile_page(
    *,
    attributes: tuple[Field, ...],
    offers_factors: bool = False,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Let a person change what is known of them; a link leads to the account's second factors."""
    return Page(
        id=PageId.PROFILE_UPDATE,
        fields=attributes,
        buttons=(CONTINUE, CANCEL),
        links=(_MANAGE_FACTORS,) * offers_factors,
        notices=notices,
    )


def provider_choice_page(
    *,
    providers: tuple[Option, ...],
    page_id: PageId = PageId.PROVIDER_CHOICE,
    offers_local_sign_up: bool = False,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Let a person choose how to sign in; an option's value is the id of its claims exchange."""
    return Page(
        id=page_id,
        intro=None if page_id is PageId.SIGN_UP_OR_SIGN_IN else Sentence("initial_intro"),
        providers=_provider_buttons(providers),
        buttons=(_LOCAL_SIGN_UP,) * offers_local_sign_up,
        notices=notices,
    )


def linking_page(page: Page) -> Page:
    """Return a sign-in page as the one on which somebody shows which account is theirs."""
    said = Notice("linkaccount_info", kind=NoticeKind.INFORMATION)
    cancel = replace(CANCEL, string_id="button_cancel")
    return replace(page, buttons=(*page.buttons, cancel), notices=(*page.notices, said))


def social_sign_up_page(
    *,
    attributes: tuple[Field, ...],
    offers_linking: bool = False,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask somebody new for what their provider did not say.

    `offers_linking` lets them say that they are not new, and show which account is theirs.
    """
    return Page(
        id=PageId.SOCIAL_SIGN_UP,
        fields=attributes,
        buttons=(CONTINUE, CANCEL),
        links=(_LINK_ACCOUNT,) * offers_linking,
        notices=notices,
    )


def leaving_page(address: str, *, frames: tuple[str, ...] = ()) -> Page:
    """Lead the browser elsewhere, after `frames`; the link is for whom nothing happens."""
    return Page(id=PageId.LEAVING, departure=Departure(frames=frames, target=address))


def _provider_buttons(providers: tuple[Option, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(
            id=each.value,
            action=each.value,
            string_id="button_provider",
            label=each.name,
            skips_validation=True,
        )
        for each in providers
    )


def error_page(message: Sentence, *, report: tuple[str, ...]) -> Page:
    """Say that the way ends here; `report` is what the person can pass on, line by line."""
    return Page(id=PageId.ERROR, intro=message, report=Report(lines=report))


def block_page(message: str, *, report: tuple[str, ...]) -> Page:
    """Say in an API connector's own words why the way ends here."""
    return error_page(Sentence("user_message", {"message": message}), report=report)


def sign_out_page() -> Page:
    """Ask whether to sign out, when the request alone does not prove that the person wants to."""
    return Page(
        id=PageId.SIGN_OUT,
        buttons=(
            Button(id="continue", action="continue", string_id="button_signout", is_primary=True),
            CANCEL,
        ),
    )


def signed_out_page(*, frames: tuple[str, ...] = (), target: str | None = None) -> Page:
    """Say that the person is signed out; applications hear of it in `frames`, before `target`."""
    departure = Departure(frames=frames, target=target) if frames else None
    return Page(id=PageId.SIGNED_OUT, departure=departure)


def age_page(*, asks_date: bool, asks_country: bool, notices: tuple[Notice, ...] = ()) -> Page:
    """Ask when somebody was born and where they live, as far as that is not known."""
    born = Field(id="dateOfBirth", kind=InputKind.DATE, autocomplete="bday", max_length=10)
    country = Field(
        id="country", kind=InputKind.DROPDOWN, autocomplete="country", options=country_options()
    )
    return Page(
        id=PageId.AGE,
        fields=(*(born,) * asks_date, *(country,) * asks_country),
        buttons=(CONTINUE, CANCEL),
        notices=notices,
    )


def consent_page(
    *, application: str, permissions: tuple[tuple[str, str], ...], words: tuple[str, ...] = ()
) -> Page:
    """Ask whether an application may have what it asks for.

    `permissions` are the API's own names and descriptions, `words` the strings of what every
    application can ask for.
    """
    said = (
        Field(id=each, kind=InputKind.PARAGRAPH, words=Sentence(each), value="") for each in words
    )
    named = (
        Field(id=f"permission_{number}", kind=InputKind.PARAGRAPH, label=name, value=description)
        for number, (name, description) in enumerate(permissions, 1)
    )
    return Page(
        id=PageId.CONSENT,
        intro=Sentence("initial_intro", {"application": application}),
        fields=(*said, *named),
        buttons=(_ACCEPT, _DENY),
    )


def device_page(*, typed: str = "", notices: tuple[Notice, ...] = ()) -> Page:
    """Ask for the code a device shows."""
    code = Field(id="userCode", value=typed, autocomplete="off", max_length=40)
    return Page(id=PageId.DEVICE, fields=(code,), buttons=(CONTINUE,), notices=notices)


def device_done_page(*, is_signed_in: bool) -> Page:
    """Say what became of the device; the person goes on there."""
    intro = Sentence("device_signed_in" if is_signed_in else "device_refused")
    return Page(id=PageId.DEVICE_DONE, intro=intro)


def _with_address(
    page_id: PageId,
    *,
    stage: VerificationStage | None,
    email: str,
    rest: tuple[Field, ...],
    notices: tuple[Notice, ...],
    user_name: str | None = None,
) -> Page:
    if stage is None:
        fields = (email_field(value=email), *rest)
        return Page(id=page_id, fields=fields, buttons=(CONTINUE, CANCEL), notices=notices)
    # Without a script nothing can enable fields later, so the rest waits for the proof.
    is_proved = stage is VerificationStage.VERIFIED
    return Page(
        id=page_id,
        intro=None,
        group=verification_control(stage, email=email, user_name=user_name),
        fields=rest if is_proved else (),
        buttons=(CONTINUE, CANCEL) if is_proved else (CANCEL,),
        notices=notices,
    )


_ACCEPT = Button(id="continue", action="continue", string_id="button_accept", is_primary=True)
_DENY = Button(id="cancel", action="cancel", string_id="button_deny", skips_validation=True)
LINK_ACCOUNT = "linkAccount"
_LINK_ACCOUNT = Button(
    id=LINK_ACCOUNT,
    action=LINK_ACCOUNT,
    string_id="linkaccount_link",
    skips_validation=True,
    lead_string_id="linkaccount_intro",
)
LOCAL_SIGN_UP = "SignUpWithLogonEmailExchange"
"""What B2C calls the way to an account of one's own."""

_LOCAL_SIGN_UP = Button(
    id=LOCAL_SIGN_UP,
    action=LOCAL_SIGN_UP,
    string_id="button_local_signup",
    is_primary=True,
)
_PASSWORD = Field(
    id="password", kind=InputKind.PASSWORD, autocomplete="current-password", max_length=256
)
_SEND_CODE = Button(
    id=SEND_CODE, action=SEND_CODE, string_id="button_send_code", skips_validation=True
)
_NEXT = Button(id="next", action="next", string_id="button_signin", is_primary=True)
_FORGOT_PASSWORD = Button(
    id="forgotPassword",
    action="forgotPassword",
    string_id="forgotpassword_link",
    skips_validation=True,
)
_MANAGE_FACTORS = Button(
    id="manageFactors",
    action="manageFactors",
    string_id="manage_factors",
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
