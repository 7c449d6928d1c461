"""Specimens of the pages of second factors."""

from collections.abc import Mapping

from gatelodge.crypto.totp import as_base32, provisioning_uri
from gatelodge.model.second_factor import (
    EMAIL_ID,
    PHONE_IDS,
    Delivery,
    EnrolledFactor,
    FactorKind,
    PhoneType,
)
from gatelodge.pages.page import Notice, Page
from gatelodge.pages.qr_code import qr_code_source
from gatelodge.pages.second_factor import (
    Ways,
    authenticator_page,
    email_factor_page,
    enrolment_choice_page,
    factor_choice_page,
    factors_page,
    new_authenticator_page,
    new_phone_page,
    phone_page,
    recovery_code_page,
    recovery_codes_page,
)
from tests.world.clock import BEGINNING
from tests.world.makers import TENANT, an_account

SECRET = b"12345678901234567890"
URI = provisioning_uri(SECRET, issuer="Acme", account="ada@acme.example")
NUMBER = "+4915123456789"
BOTH = (Delivery.SMS, Delivery.VOICE)
EVERY_WAY = Ways(has_another=True, has_recovery_codes=True)
INCORRECT = (Notice("error_incorrect_code"),)


def a_factor(kind: FactorKind, factor_id: str, address: str | None = None) -> EnrolledFactor:
    return EnrolledFactor(
        directory_id=TENANT,
        account_id=an_account().id,
        id=factor_id,
        kind=kind,
        created_at=BEGINNING,
        address=address,
    )


FACTORS = (
    a_factor(FactorKind.AUTHENTICATOR, "app"),
    a_factor(FactorKind.PHONE, PHONE_IDS[PhoneType.MOBILE], NUMBER),
    a_factor(FactorKind.EMAIL, EMAIL_ID, "ada@acme.example"),
    a_factor(FactorKind.PASSKEY, "credential-1"),
)


def _new_authenticator(notices: tuple[Notice, ...] = ()) -> Page:
    key = as_base32(SECRET)
    return new_authenticator_page(
        source=qr_code_source(URI),
        uri=URI,
        key=" ".join(key[at : at + 4] for at in range(0, len(key), 4)),
        ways=Ways(has_another=True),
        notices=notices,
    )


FACTOR_SPECIMENS: Mapping[str, Page] = {
    "authenticator": authenticator_page(EVERY_WAY),
    "authenticator_wrong": authenticator_page(Ways(), notices=INCORRECT),
    "authenticator_new": _new_authenticator(),
    "authenticator_new_wrong": _new_authenticator(INCORRECT),
    "phone": phone_page(number=NUMBER, deliveries=BOTH, sent=None, ways=EVERY_WAY),
    "phone_sent": phone_page(number=NUMBER, deliveries=BOTH, sent=Delivery.SMS, ways=Ways()),
    "phone_wrong": phone_page(
        number=NUMBER, deliveries=BOTH, sent=Delivery.VOICE, ways=EVERY_WAY, notices=INCORRECT
    ),
    "phone_new": new_phone_page(
        number=None, allowed=(), deliveries=BOTH, sent=None, ways=Ways(has_another=True)
    ),
    "phone_new_wrong": new_phone_page(
        number=None,
        allowed=("DE", "US"),
        deliveries=BOTH[:1],
        sent=None,
        ways=Ways(),
        notices=(Notice("invalid_number", "number"),),
    ),
    "phone_new_sent": new_phone_page(
        number=NUMBER, allowed=(), deliveries=BOTH, sent=Delivery.SMS, ways=Ways()
    ),
    "email_factor": email_factor_page(address="ada@acme.example", is_sent=False, ways=EVERY_WAY),
    "email_factor_wrong": email_factor_page(
        address="ada@acme.example", is_sent=True, ways=Ways(), notices=INCORRECT
    ),
    "factor_choice": factor_choice_page(FACTORS, EVERY_WAY),
    "factor_choice_new": enrolment_choice_page(tuple(each.kind for each in FACTORS)),
    "recovery_code": recovery_code_page(EVERY_WAY, notices=INCORRECT),
    "recovery_codes": recovery_codes_page(tuple(f"2345{n}-6789{n}" for n in "abcdefghjk")),
    "recovery_codes_shown": recovery_codes_page(()),
    "factors": factors_page(FACTORS, codes_left=8, can_add=True),
    "factors_last": factors_page(
        FACTORS[:1], codes_left=10, can_add=True, notices=(Notice("error_last_factor"),)
    ),
    "factors_none": factors_page((), codes_left=None, can_add=True),
}

_CONTROL = "emailVerificationControl"
FACTOR_IDS: Mapping[str, str] = {
    "authenticator": "otpCode otpCode_label continue cancel useAnother useRecoveryCode",
    "authenticator_wrong": "pageError otpCode continue",
    "authenticator_new": "totpQrCodeControl totpQrCodeControl-picture totpQrCodeControl-img "
    "authenticatorKey otpCode continue cancel useAnother",
    "authenticator_new_wrong": "pageError totpQrCodeControl otpCode",
    "phone": "strongAuthenticationPhoneNumber sendCode verifyPhone cancel useAnother",
    "phone_sent": "verificationCode verifyCode retryCode cancel",
    "phone_wrong": "pageError verificationCode verifyCode retryCode",
    "phone_new": "countryCode number sendCode verifyPhone cancel useAnother",
    "phone_new_wrong": "countryCode number number_error sendCode",
    "phone_new_sent": "number verificationCode verifyCode retryCode changeNumber",
    "email_factor": f"email {_CONTROL}_but_send_code cancel useAnother useRecoveryCode",
    "email_factor_wrong": f"emailVerificationCode {_CONTROL}_but_verify_code "
    f"{_CONTROL}_but_send_new_code",
    "factor_choice": "factor_1 factor_2 factor_3 factor_4 cancel useRecoveryCode",
    "factor_choice_new": "factor_authenticator factor_phone factor_email factor_passkey cancel",
    "recovery_code": "recoveryCode continue cancel useAnother",
    "recovery_codes": "report continue newCodes",
    "recovery_codes_shown": "continue newCodes",
    "factors": "addFactor newCodes remove_1 remove_2 remove_3 remove_4 continue",
    "factors_last": "pageError addFactor remove_1 continue",
    "factors_none": "addFactor continue",
}
"""What browser tests find on each of them."""
