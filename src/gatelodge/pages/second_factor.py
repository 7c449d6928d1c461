"""The pages of second factors: which fields, which buttons, in which order.

Ids of fields and buttons are a contract with browser tests written elsewhere; they do not change.
"""

from dataclasses import dataclass, replace

from gatelodge.model.second_factor import Delivery, EnrolledFactor, FactorKind
from gatelodge.model.telephone import calling_code_of, mask_telephone, regions
from gatelodge.pages.catalogue import CANCEL, CONTINUE, VERIFICATION
from gatelodge.pages.page import (
    Button,
    Field,
    FieldGroup,
    Figure,
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
from gatelodge.pages.telephone_regions import REGION_NAMES
from gatelodge.pages.unbroken import unbroken

USE_ANOTHER, USE_RECOVERY_CODE = "useAnother", "useRecoveryCode"
SEND, CALL, VERIFY, RETRY = "sendCode", "verifyPhone", "verifyCode", "retryCode"
CHANGE_NUMBER, NEW_CODES, ADD = "changeNumber", "newCodes", "addFactor"
REMOVE, CODES_KEPT = "remove_", "codesKept"
SEND_MAIL, VERIFY_MAIL, RETRY_MAIL = (
    f"{VERIFICATION}_but_send_code",
    f"{VERIFICATION}_but_verify_code",
    f"{VERIFICATION}_but_send_new_code",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What else a person may do on the page of a factor."""

    has_another: bool = False
    has_recovery_codes: bool = False

    @property
    def links(self) -> tuple[Button, ...]:
        """Return the links to it."""
        return (_ANOTHER,) * self.has_another + (_RECOVERY,) * self.has_recovery_codes


def mask_email(address: str) -> str:
    """Return an address as it is shown to somebody who has not proved anything yet."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox[:1]}•••@{domain}"


def factor_choice_page(
    factors: tuple[EnrolledFactor, ...], ways: Ways, *, notices: tuple[Notice, ...] = ()
) -> Page:
    """Let a person choose which of the account's factors to use."""
    buttons = tuple(
        _choice(each.kind, f"factor_{number}", _masked(each))
        for number, each in enumerate(factors, 1)
    )
    return Page(
        id=PageId.FACTOR_CHOICE,
        buttons=(*buttons, CANCEL),
        links=replace(ways, has_another=False).links,
        notices=notices,
    )


def enrolment_choice_page(kinds: tuple[FactorKind, ...]) -> Page:
    """Let a person choose which kind of factor to set up."""
    buttons = tuple(_choice(each, f"factor_{each}", None) for each in kinds)
    return Page(id=PageId.FACTOR_CHOICE, intro=Sentence("enrol_intro"), buttons=(*buttons, CANCEL))


def authenticator_page(ways: Ways, *, notices: tuple[Notice, ...] = ()) -> Page:
    """Ask for the code an authenticator shows."""
    return Page(
        id=PageId.AUTHENTICATOR,
        fields=(_OTP,),
        buttons=(CONTINUE, CANCEL),
        links=ways.links,
        notices=notices,
    )


def new_authenticator_page(
    *, source: str, uri: str, key: str, ways: Ways, notices: tuple[Notice, ...] = ()
) -> Page:
    """Have an authenticator take over a secret, and ask for the code it then shows.

    `source` is the picture of `uri` as a data URI; `key` is the secret for whoever types it.
    """
    return Page(
        id=PageId.AUTHENTICATOR,
        heading=Sentence("enrol_heading"),
        intro=Sentence("enrol_intro"),
        figure=Figure(
            id="totpQrCodeControl",
            source=source,
            target=uri,
            alternative=Sentence("picture"),
            link=Sentence("open_authenticator"),
            label=Sentence("key_intro"),
            text=key,
        ),
        fields=(_OTP,),
        buttons=(CONTINUE, CANCEL),
        links=ways.links,
        notices=notices,
    )


def phone_page(
    *,
    number: str,
    deliveries: tuple[Delivery, ...],
    sent: Delivery | None,
    ways: Ways,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Send a code to the account's phone, `sent` once it is on its way, and ask for it."""
    shown = Field(
        id="strongAuthenticationPhoneNumber",
        kind=InputKind.TEXT,
        value=mask_telephone(number),
        is_read_only=True,
    )
    page = _phone((shown,), deliveries, sent, ways.links, unbroken(mask_telephone(number)))
    return replace(page, notices=notices)


def new_phone_page(
    *,
    number: str | None,
    allowed: tuple[str, ...],
    deliveries: tuple[Delivery, ...],
    sent: Delivery | None,
    ways: Ways,
    region: str = "",
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Ask for the number of a phone, send a code to it, and ask for the code.

    `allowed` are the regions a number may belong to, every one when it is empty.
    """
    if sent is not None and number is not None:
        shown = Field(id="number", value=number, is_read_only=True)
        links = (_CHANGE_NUMBER, *ways.links)
        page = _phone((shown,), deliveries, sent, links, number)
    else:
        fields = (_country_field(allowed or regions(), region), _NUMBER)
        page = _phone(fields, deliveries, None, ways.links, "")
        page = replace(page, intro=Sentence("enrol_intro"))
    return replace(page, heading=Sentence("enrol_heading"), notices=notices)


def email_factor_page(
    *, address: str, is_sent: bool, ways: Ways, notices: tuple[Notice, ...] = ()
) -> Page:
    """Send a code to an address the account has, and ask for it."""
    shown = Field(id="email", kind=InputKind.EMAIL, value=mask_email(address), is_read_only=True)
    kind, told = (
        (NoticeKind.SUCCESS, "success_send_code_msg")
        if is_sent
        else (NoticeKind.INFORMATION, "ver_info_msg")
    )
    group = FieldGroup(
        id=VERIFICATION,
        message=Notice(told, VERIFICATION, kind=kind, values={"email": mask_email(address)}),
        fields=(shown, _MAIL_CODE) if is_sent else (shown,),
        buttons=(_VERIFY_MAIL, _RETRY_MAIL) if is_sent else (_SEND_MAIL,),
    )
    return Page(
        id=PageId.EMAIL_FACTOR,
        intro=None,
        group=group,
        buttons=(CANCEL,),
        links=ways.links,
        notices=notices,
    )


def passkey_factor_page(
    prompt: PasskeyPrompt, ways: Ways, *, notices: tuple[Notice, ...] = ()
) -> Page:
    """Ask for one of the account's passkeys."""
    return Page(
        id=PageId.PASSKEY_FACTOR,
        passkey=prompt,
        buttons=(CANCEL,),
        links=ways.links,
        notices=notices,
    )


def new_passkey_page(
    prompt: PasskeyPrompt, ways: Ways, *, notices: tuple[Notice, ...] = ()
) -> Page:
    """Have the browser make a passkey."""
    made = replace(
        prompt,
        button=replace(prompt.button, string_id="button_create"),
        trouble=Sentence("create_trouble"),
    )
    page = passkey_factor_page(made, ways, notices=notices)
    return replace(page, heading=Sentence("enrol_heading"), intro=Sentence("enrol_intro"))


def recovery_code_page(ways: Ways, *, notices: tuple[Notice, ...] = ()) -> Page:
    """Ask for one of the account's recovery codes."""
    return Page(
        id=PageId.RECOVERY_CODE,
        fields=(_RECOVERY_CODE,),
        buttons=(CONTINUE, CANCEL),
        links=replace(ways, has_recovery_codes=False).links,
        notices=notices,
    )


def factors_page(
    factors: tuple[EnrolledFactor, ...],
    *,
    codes_left: int | None,
    can_add: bool,
    notices: tuple[Notice, ...] = (),
) -> Page:
    """Let a person see the account's factors, remove them and add others.

    `codes_left` is how many recovery codes still count, None where there are none to be had.
    """
    listed = tuple(
        Field(
            id=f"factor_{number}",
            kind=InputKind.PARAGRAPH,
            words=Sentence(f"has_{each.kind}"),
            value=_told_apart(each),
        )
        for number, each in enumerate(factors, 1)
    )
    removing = tuple(
        Button(
            id=f"remove_{number}",
            action=f"{REMOVE}{each.id}",
            string_id=f"remove_{each.kind}",
            values={"address": _masked(each) or "", "name": _told_apart(each)},
            skips_validation=True,
        )
        for number, each in enumerate(factors, 1)
    )
    codes = () if codes_left is None else (_codes_left(codes_left),)
    adding = (_ADD,) * can_add + (_NEW_CODES,) * (codes_left is not None)
    return Page(
        id=PageId.FACTORS,
        intro=Sentence("initial_intro" if factors else "nothing_yet"),
        fields=(*listed, *codes),
        buttons=(*adding, *removing, CONTINUE),
        notices=notices,
    )


def _codes_left(number: int) -> Field:
    return Field(
        id="recoveryCodes",
        kind=InputKind.PARAGRAPH,
        words=Sentence("has_recovery_codes"),
        value=str(number),
    )


def recovery_codes_page(codes: tuple[str, ...]) -> Page:
    """Show new recovery codes, the only time; without any, offer to make new ones."""
    told = Notice("codes_made" if codes else "codes_shown", kind=NoticeKind.SUCCESS)
    return Page(
        id=PageId.RECOVERY_CODES,
        report=Report(lines=codes) if codes else None,
        # Who clicked twice on the page before this one has not read it.
        buttons=(replace(CONTINUE, action=CODES_KEPT),),
        links=(_NEW_CODES,),
        notices=(told,),
    )


def _phone(
    fields: tuple[Field, ...],
    deliveries: tuple[Delivery, ...],
    sent: Delivery | None,
    links: tuple[Button, ...],
    number: str,
) -> Page:
    if sent is None:
        buttons = tuple(_DELIVERY_BUTTONS[each] for each in deliveries)
        first = tuple(replace(each, is_primary=each is buttons[0]) for each in buttons)
        return Page(id=PageId.PHONE_FACTOR, fields=fields, buttons=(*first, CANCEL), links=links)
    # Not a notice: the page may be loaded again without anything being sent again.
    told = "code_sent" if sent is Delivery.SMS else "code_called"
    return Page(
        id=PageId.PHONE_FACTOR,
        intro=Sentence(told, {"number": number}),
        fields=(*fields, _CODE),
        buttons=(_VERIFY, _RETRY, CANCEL),
        links=links,
    )


def _country_field(allowed: tuple[str, ...], region: str) -> Field:
    options = tuple(
        Option(
            value=each,
            name=REGION_NAMES.get(each, each),
            region=each,
            behind=f"+{calling_code_of(each)}",
            is_selected=each == region,
        )
        for each in allowed
    )
    return Field(
        id="countryCode",
        kind=InputKind.DROPDOWN,
        required=False,
        autocomplete="country",
        options=options,
    )


def _choice(kind: FactorKind, action: str, address: str | None) -> Button:
    is_new = address is None and kind in {FactorKind.PHONE, FactorKind.EMAIL}
    return Button(
        id=action,
        action=action,
        string_id=f"enrol_{kind}" if is_new else f"choose_{kind}",
        values={"address": address or ""},
        skips_validation=True,
    )


def _told_apart(factor: EnrolledFactor) -> str:
    """Return what tells a factor from the others: where it is, or when it was set up."""
    exactly = "%Y-%m-%d %H:%M" if factor.kind is FactorKind.PASSKEY else "%Y-%m-%d"
    return _masked(factor) or unbroken(factor.created_at.strftime(exactly))


def _masked(factor: EnrolledFactor) -> str | None:
    if factor.address is None:
        return None
    is_mail = factor.kind is FactorKind.EMAIL
    return mask_email(factor.address) if is_mail else unbroken(mask_telephone(factor.address))


_OTP = Field(
    id="otpCode", kind=InputKind.ONE_TIME_CODE, autocomplete="one-time-code", max_length=16
)
_CODE = replace(_OTP, id="verificationCode")
_MAIL_CODE = replace(_OTP, id="emailVerificationCode")
_RECOVERY_CODE = Field(
    id="recoveryCode", kind=InputKind.ONE_TIME_CODE, autocomplete="off", max_length=32
)
_NUMBER = Field(
    id="number",
    kind=InputKind.TELEPHONE,
    autocomplete="tel",
    max_length=32,
    hint=Sentence("number_hint"),
)
_ANOTHER = Button(
    id=USE_ANOTHER, action=USE_ANOTHER, string_id="use_another", skips_validation=True
)
_RECOVERY = Button(
    id=USE_RECOVERY_CODE,
    action=USE_RECOVERY_CODE,
    string_id="use_recovery_code",
    skips_validation=True,
)
_CHANGE_NUMBER = Button(
    id=CHANGE_NUMBER, action=CHANGE_NUMBER, string_id="change_number", skips_validation=True
)
_NEW_CODES = Button(
    id=NEW_CODES, action=NEW_CODES, string_id="button_new_codes", skips_validation=True
)
_ADD = Button(id=ADD, action=ADD, string_id="button_add", skips_validation=True)
_VERIFY = Button(id=VERIFY, action=VERIFY, string_id="button_verify", is_primary=True)
_RETRY = Button(id=RETRY, action=RETRY, string_id="button_retry", skips_validation=True)
_DELIVERY_BUTTONS = {
    Delivery.SMS: Button(id=SEND, action=SEND, string_id="button_send"),
    Delivery.VOICE: Button(id=CALL, action=CALL, string_id="button_call"),
}
_SEND_MAIL = Button(id=SEND_MAIL, action=SEND_MAIL, string_id="but_send_code", is_primary=True)
_VERIFY_MAIL = Button(
    id=VERIFY_MAIL, action=VERIFY_MAIL, string_id="but_verify_code", is_primary=True
)
_RETRY_MAIL = Button(
    id=RETRY_MAIL, action=RETRY_MAIL, string_id="but_send_new_code", skips_validation=True
)
