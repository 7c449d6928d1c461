"""Which strings each page has: what a translation must contain and an override may replace."""

from collections.abc import Mapping

from gatelodge.model.own_account import AccountTask
from gatelodge.pages.attributes import AUTOCOMPLETE
from gatelodge.pages.catalogue import VERIFICATION
from gatelodge.pages.language import FRAME
from gatelodge.pages.language_page import Element, ElementType
from gatelodge.pages.page import PageId

VERIFICATION_MAIL = "mail.verification"
"""Where the words of the message with a verification code are kept."""

SIGN_IN_MAIL = "mail.signin"
"""Where the words of the message with a code for signing in are kept."""

ACCOUNT_CHANGE_MAIL = "mail.accountchange"
"""Where the words of the message about a change of an account are kept."""

FACTOR_MAIL = "mail.secondfactor"
FACTOR_CHANGE_MAIL = "mail.factorchange"
PHONE_MESSAGE = "phone.secondfactor"
"""Where the words of messages about second factors are kept."""


def _ux(*string_ids: str) -> frozenset[Element]:
    return frozenset(Element(ElementType.UX_ELEMENT, None, each) for each in string_ids)


def _errors(*string_ids: str) -> frozenset[Element]:
    return frozenset(Element(ElementType.ERROR_MESSAGE, None, each) for each in string_ids)


def _labels(*claims: str) -> frozenset[Element]:
    return frozenset(Element(ElementType.CLAIM_TYPE, each, "DisplayName") for each in claims)


def _control(*string_ids: str) -> frozenset[Element]:
    return frozenset(
        Element(ElementType.DISPLAY_CONTROL, VERIFICATION, each) for each in string_ids
    )


_FORM = _errors(
    "UserMessageIfMissingRequiredElement",
    "UserMessageIfInvalidInput",
    "UserMessageIfValidationError",
    "UserMessageIfIncorrectPattern",
    "error_fieldIncorrect",
    "ServiceThrottled",
    "unknown_error",
) | _ux("heading", "optional")

_ANSWER = _ux("button_continue", "button_cancel")

_PASSKEY = _ux("button_passkey", "passkey_trouble") | _errors("error_passkey", "error_passkey_page")
_NEEDS_PASSKEY = _PASSKEY | _ux("passkey_needed")

_SIGN_IN = (
    _FORM
    | _ux("button_signin", "createaccount_intro", "createaccount_one_link", "forgotpassword_link")
    | _labels("email", "UserId", "phoneNumber", "password")
    | _ux("phone_hint", "button_text_code")
    | _errors("invalid_number")
    | _ux("remember_me", "social_intro", "divider_title", "button_send_code")
    | _ux("linkaccount_info", "button_cancel")
    | _PASSKEY
    | _errors(
        "UserMessageIfInvalidPassword",
        "UserMessageIfClaimsPrincipalDoesNotExist",
        "UserMessageIfUserAccountDisabled",
        "UserMessageIfUserAccountLocked",
        "UserMessageIfPasswordExpired",
    )
)

_VERIFY = (
    _labels("email", "emailVerificationCode")
    | _control(
        "ver_info_msg",
        "success_send_code_msg",
        "success_verify_code_msg",
        "but_send_code",
        "but_verify_code",
        "but_send_new_code",
        "but_change_claims",
    )
    | _errors(
        "ver_fail_retry",
        "ver_fail_no_retry",
        "ver_fail_code_expired",
        "ver_fail_throttled",
        "ver_fail_server",
        "UserMessageIfVerificationControlClaimsNotVerified",
    )
)

_NEW_PASSWORD = (
    _labels("newPassword", "reenterPassword")
    | _ux(
        "password_rules_length",
        "password_rules_classes",
        "password_rules_digits",
        "password_rules_phrase",
    )
    | _errors(
        "error_passwordEntryMismatch",
        "error_passwordTooShort",
        "error_passwordTooLong",
        "error_passwordTooSimple",
        "error_passwordNotDigits",
        "error_passwordTooCommon",
        "error_passwordContainsName",
    )
)

_ATTRIBUTES = _labels(*AUTOCOMPLETE) | _ux("choose_option")

_TERMS = _ux("terms_accept") | _errors("error_terms")

_SET_PASSWORD = _FORM | _ANSWER | _NEW_PASSWORD | _labels("email", "UserId") | _ux("initial_intro")

_WAYS = _ux("button_cancel", "use_another", "use_recovery_code")

_SENT_CODE = _errors(
    "error_incorrect_code", "error_code_spent", "error_code_expired", "error_throttled"
)

_FACTORS: Mapping[str, frozenset[Element]] = {
    PageId.PHONE_FACTOR: _FORM
    | _WAYS
    | _SENT_CODE
    | _ux("initial_intro", "enrol_heading", "enrol_intro", "code_sent", "code_called")
    | _ux("number_hint")
    | _ux("button_send", "button_call", "button_verify", "button_retry", "change_number")
    | _ux("choose_option")
    | _labels("strongAuthenticationPhoneNumber", "countryCode", "number", "verificationCode")
    | _errors("error_448", "invalid_number"),
    PageId.PASSKEY: _FORM | _NEEDS_PASSKEY | _ux("initial_intro", "button_skip"),
    PageId.AUTHENTICATOR: _FORM
    | _WAYS
    | _ux("initial_intro", "enrol_heading", "enrol_intro", "button_continue")
    | _ux("picture", "open_authenticator", "key_intro")
    | _labels("otpCode")
    | _errors("error_incorrect_code"),
    PageId.PASSKEY_FACTOR: _FORM
    | _WAYS
    | _NEEDS_PASSKEY
    | _ux("initial_intro", "enrol_heading", "enrol_intro", "button_create", "create_trouble"),
    PageId.EMAIL_FACTOR: _FORM
    | _WAYS
    | _SENT_CODE
    | _control(
        "ver_info_msg",
        "success_send_code_msg",
        "but_send_code",
        "but_verify_code",
        "but_send_new_code",
    )
    | _labels("email", "emailVerificationCode"),
    PageId.FACTOR_CHOICE: _WAYS
    | _ux("heading", "initial_intro", "enrol_intro")
    | _ux(
        "choose_authenticator",
        "choose_phone",
        "choose_email",
        "choose_passkey",
        "enrol_phone",
        "enrol_email",
    ),
    PageId.RECOVERY_CODE: _FORM
    | _WAYS
    | _ux("initial_intro", "button_continue")
    | _labels("recoveryCode")
    | _errors("error_incorrect_code"),
    PageId.RECOVERY_CODES: _ux(
        "heading",
        "initial_intro",
        "codes_made",
        "codes_shown",
        "report_heading",
        "button_continue",
        "button_new_codes",
    ),
    PageId.FACTORS: _ux("heading", "initial_intro", "nothing_yet", "button_continue", "button_add")
    | _ux("button_new_codes", "has_recovery_codes")
    | _ux("has_authenticator", "has_phone", "has_email", "has_passkey")
    | _ux("remove_authenticator", "remove_phone", "remove_email", "remove_passkey")
    | _errors("error_last_factor", "error_last_way_in")
    | _ux("factor_added", "factor_removed"),
    FACTOR_MAIL: _ux("subject", "greeting", "purpose", "validity", "not_you", "footer"),
    FACTOR_CHANGE_MAIL: _ux("subject", "greeting", "not_you", "footer")
    | _ux("added", "removed", "codes_made", "code_used"),
    PHONE_MESSAGE: _ux("text_message", "call"),
}

_ASKED_AGAIN = _errors("UserMessageIfInvalidPassword", "UserMessageIfUserAccountLocked")
_OWN_ACCOUNT: Mapping[str, frozenset[Element]] = {
    PageId.REAUTHENTICATION: _FORM
    | _labels("signInName", "password")
    | _ux("initial_intro", "button_continue", "button_back")
    | _ASKED_AGAIN,
    PageId.EMAIL_CHANGE: _FORM
    | _VERIFY
    | _ux("initial_intro", "button_back")
    | _errors("UserMessageIfClaimsPrincipalAlreadyExists"),
    PageId.OWN_PASSWORD: _FORM
    | _NEW_PASSWORD
    | _labels("signInName", "password")
    | _ux("initial_intro", "button_continue", "button_back")
    | _errors("UserMessageIfOldPasswordUsed")
    | _ASKED_AGAIN,
    PageId.IDENTITIES: _ux("heading", "initial_intro", "nothing_linked", "report_heading")
    | _ux("button_unlink", "button_link", "button_back")
    | _errors("error_last_way_in")
    | _errors("error_identity_taken", "error_identity_linked", "error_not_linked"),
    PageId.PASSKEYS: _NEEDS_PASSKEY
    | _ux("heading", "initial_intro", "no_passkeys", "button_remove_passkey", "button_back")
    | _errors("error_last_way_in", "error_last_factor"),
    PageId.SESSIONS: _ux("heading", "initial_intro", "report_heading")
    | _ux("button_signout_everywhere", "button_back"),
    PageId.OWN_DATA: _ux("heading", "initial_intro", "download_link", "button_back"),
    PageId.DELETION: _FORM
    | _ux("initial_intro", "confirm_deletion", "button_delete", "button_back")
    | _errors("error_not_confirmed")
    | _labels("isDeletionMeant"),
    ACCOUNT_CHANGE_MAIL: _ux("subject", "greeting", "not_you", "footer", "account_deleted")
    | _ux("email_changed", "password_changed", "identity_removed", "signed_out_everywhere")
    | _ux("passkey_added", "passkey_removed", "identity_linked"),
}

ELEMENTS: Mapping[str, frozenset[Element]] = {
    **_FACTORS,
    PageId.SIGN_UP_OR_SIGN_IN: _SIGN_IN,
    PageId.LOCAL_SIGN_IN: _SIGN_IN,
    PageId.SIGN_IN_BY_CODE: _FORM
    | _VERIFY
    | _ux("confirm_intro", "button_cancel")
    | _errors("UserMessageIfClaimsPrincipalDoesNotExist", "UserMessageIfUserAccountDisabled"),
    PageId.SIGN_IN_BY_PHONE: _FORM
    | (_VERIFY - _labels("email"))
    | _labels("phoneNumber")
    | _ux("phone_hint", "button_cancel")
    | _errors("UserMessageIfClaimsPrincipalDoesNotExist", "UserMessageIfUserAccountDisabled")
    | _errors("UserMessageIfClaimsPrincipalAlreadyExists", "invalid_number"),
    PageId.LINK_ELSEWHERE: _ux("heading", "initial_intro", "report_heading"),
    SIGN_IN_MAIL: _ux(
        "subject", "greeting", "purpose", "validity", "not_you", "footer", "link_intro", "link"
    ),
    PageId.LOCAL_SIGN_UP: _FORM
    | _ANSWER
    | _VERIFY
    | _NEW_PASSWORD
    | _ATTRIBUTES
    | _TERMS
    | _labels("UserId", "phoneNumber")
    | _ux("initial_intro")
    | _errors("UserMessageIfClaimsPrincipalAlreadyExists", "UserMessage"),
    PageId.PASSWORD_RESET: _FORM
    | _ANSWER
    | _VERIFY
    | _labels("UserId")
    | _errors("UserMessageIfClaimsPrincipalDoesNotExist"),
    PageId.NEW_PASSWORD: _SET_PASSWORD,
    PageId.CHANGE_PASSWORD: _SET_PASSWORD | _errors("UserMessageIfOldPasswordUsed"),
    PageId.PROFILE_UPDATE: _FORM
    | _ANSWER
    | _ATTRIBUTES
    | _labels("email")
    | _ux("initial_intro", "manage_factors")
    | _ux(*(f"button_{task}" for task in AccountTask))
    | _ux("email_changed", "password_changed", "identity_removed", "signed_out_everywhere")
    | _ux("passkey_added", "passkey_removed", "identity_linked"),
    **_OWN_ACCOUNT,
    PageId.SOCIAL_SIGN_UP: _FORM
    | _ANSWER
    | _ATTRIBUTES
    | _TERMS
    | _labels("email")
    | _ux("initial_intro", "linkaccount_intro", "linkaccount_link")
    | _errors("UserMessage"),
    PageId.PROVIDER_CHOICE_SIGN_UP: _FORM
    | _ux("initial_intro", "button_provider", "button_local_signup"),
    PageId.PROVIDER_CHOICE: _FORM | _ux("initial_intro", "button_provider"),
    PageId.ERROR: _ux(
        "heading",
        "report_heading",
        "error_request",
        "user_message",
        "error_age",
        "error_application",
        "error_redirect_uri",
        "error_user_flow",
        "error_expired",
        "error_throttled",
        "error_refused",
        "error_server",
    ),
    PageId.SIGN_OUT: _ux("heading", "initial_intro", "button_signout", "button_cancel"),
    PageId.SIGNED_OUT: _ux("heading", "initial_intro", "button_continue"),
    PageId.AGE: _FORM
    | _ANSWER
    | _labels("dateOfBirth", "country")
    | _ux("initial_intro", "choose_option", "country_elsewhere"),
    PageId.TERMS: _FORM | _ANSWER | _TERMS | _ux("initial_intro"),
    PageId.CONSENT: _ux(
        "heading",
        "initial_intro",
        "permission_openid",
        "permission_offline_access",
        "button_accept",
        "button_deny",
    ),
    PageId.DEVICE: _FORM
    | _ux("initial_intro", "button_continue")
    | _labels("userCode")
    | _errors("error_device_code"),
    PageId.DEVICE_DONE: _ux("heading", "device_signed_in", "device_refused"),
    PageId.FORM_POST: _ux("heading", "initial_intro", "button_continue"),
    PageId.LEAVING: _ux("heading", "initial_intro", "button_continue"),
    FRAME: _ux("error_prefix", "development", "errors_heading", "terms_of_use", "privacy"),
    VERIFICATION_MAIL: _ux("subject", "greeting", "purpose", "validity", "not_you", "footer"),
}
"""Every string of every page, by page id."""
