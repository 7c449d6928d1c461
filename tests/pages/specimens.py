"""One specimen of every page in every state worth looking at."""

from collections.abc import Mapping
from dataclasses import replace

from gatelodge.model.attribute import AttributeAssignment, AttributeValue, UserInputType
from gatelodge.model.own_account import AccountTask
from gatelodge.model.terms_of_use import TermsOfUse
from gatelodge.pages.attributes import attribute_field
from gatelodge.pages.brand import Brand, plain_brand
from gatelodge.pages.catalogue import (
    Identifier,
    VerificationStage,
    age_page,
    change_password_page,
    consent_page,
    device_done_page,
    device_page,
    error_page,
    leaving_page,
    link_elsewhere_page,
    linking_page,
    new_password_page,
    password_reset_page,
    phone_sign_up_page,
    profile_page,
    provider_choice_page,
    sign_in_by_code_page,
    sign_in_by_phone_page,
    sign_in_page,
    sign_out_page,
    sign_up_page,
    signed_out_page,
    social_sign_up_page,
)
from gatelodge.pages.language import Strings, load_packaged_strings
from gatelodge.pages.own_account import (
    data_page,
    deletion_page,
    email_change_page,
    identities_page,
    password_change_page,
    reauthentication_page,
    sessions_page,
    with_tasks,
)
from gatelodge.pages.page import FormPost, Notice, NoticeKind, Option, Page, PageId, Sentence
from gatelodge.pages.render import new_renderer
from gatelodge.pages.static_files import load_static_files
from gatelodge.pages.terms_of_use import terms_field, terms_page
from tests.pages.factor_specimens import FACTOR_SPECIMENS
from tests.pages.passkey_specimens import PASSKEY_SPECIMENS

STATIC_FILES = load_static_files()
RENDERER = new_renderer(STATIC_FILES, static_path="/static", is_development=True)
LANGUAGES = load_packaged_strings()
ENGLISH = LANGUAGES["en"]
NONCE = "bm9uY2UtZm9yLXRoZS10ZXN0"
ACME = plain_brand("Acme")
RULES = Sentence("password_rules_classes", {"minimum": "8", "maximum": "64", "classes": "3"})
EMAIL = "ada@acme.example"
LINKED = tuple(Option(value=each, name=each) for each in ("google.com", "facebook.com"))

TERMS_OF_USE = TermsOfUse(
    is_acceptance_required=True,
    terms_of_use_url="https://acme.example/terms",
    privacy_statement_url="https://acme.example/privacy",
)
ATTRIBUTES = (
    attribute_field(AttributeAssignment(id="displayName"), value="Ada Lovelace"),
    attribute_field(AttributeAssignment(id="city", is_optional=True)),
    attribute_field(
        AttributeAssignment(
            id="country",
            user_input_type=UserInputType.DROPDOWN_SINGLE_SELECT,
        ),
        value="Norway",
    ),
    attribute_field(
        AttributeAssignment(
            id="extension_0123456789abcdef0123456789abcdef_plan",
            display_name="Plan",
            user_input_type=UserInputType.RADIO_SINGLE_SELECT,
            user_attribute_values=(
                AttributeValue(name="Starter", value="s", is_default=True),
                AttributeValue(name="Professional", value="p"),
            ),
        )
    ),
    attribute_field(
        AttributeAssignment(
            id="extension_0123456789abcdef0123456789abcdef_topics",
            display_name="Topics",
            is_optional=True,
            user_input_type=UserInputType.CHECKBOX_MULTI_SELECT,
            user_attribute_values=(
                AttributeValue(name="Product news", value="news"),
                AttributeValue(name="Security notices", value="security"),
            ),
        )
    ),
    attribute_field(
        AttributeAssignment(
            id="extension_0123456789abcdef0123456789abcdef_birthday",
            display_name="Date of birth",
            user_input_type=UserInputType.DATE_TIME_DROPDOWN,
        ),
        value="1815-12-10",
    ),
    attribute_field(
        AttributeAssignment(id="jobTitle", user_input_type=UserInputType.READ_ONLY),
        value="Analyst",
    ),
    attribute_field(
        AttributeAssignment(id="streetAddress", user_input_type=UserInputType.PARAGRAPH),
        value="12 St James's Square",
    ),
)
OF_NEW_PEOPLE = (*ATTRIBUTES, terms_field(TERMS_OF_USE))

WRONG_PASSWORD = (Notice("UserMessageIfInvalidPassword"),)
WRONG_CODE = (Notice("ver_fail_retry", "emailVerificationCode"),)
UNFINISHED = (
    Notice("UserMessageIfMissingRequiredElement", "newPassword"),
    Notice("error_passwordEntryMismatch", "reenterPassword"),
    Notice("UserMessageIfInvalidInput", ATTRIBUTES[3].id),
)
SAID = (Notice("initial_intro", kind=NoticeKind.INFORMATION),)

SPECIMENS: Mapping[str, Page | FormPost] = {
    "sign_in": sign_in_page(),
    "sign_in_wrong_password": sign_in_page(identifier_value=EMAIL, notices=WRONG_PASSWORD),
    "sign_in_user_id": sign_in_page(
        page_id=PageId.LOCAL_SIGN_IN, identifier=Identifier.USER_ID, offers_sign_up=False
    ),
    "sign_in_kept": sign_in_page(offers_to_keep=True, is_kept=True),
    "sign_up_user_name": sign_up_page(
        stage=VerificationStage.VERIFIED, email=EMAIL, user_name="", password_rules=RULES
    ),
    "reset_user_name": password_reset_page(stage=VerificationStage.ADDRESS_WANTED, user_name=""),
    "sign_up_address": sign_up_page(stage=VerificationStage.ADDRESS_WANTED, password_rules=RULES),
    "sign_up_code": sign_up_page(
        stage=VerificationStage.CODE_SENT, email=EMAIL, password_rules=RULES
    ),
    "sign_up_wrong_code": sign_up_page(
        stage=VerificationStage.CODE_SENT, email=EMAIL, password_rules=RULES, notices=WRONG_CODE
    ),
    "sign_up_verified": sign_up_page(
        stage=VerificationStage.VERIFIED,
        email=EMAIL,
        attributes=OF_NEW_PEOPLE,
        password_rules=RULES,
    ),
    "sign_up_unfinished": sign_up_page(
        stage=VerificationStage.VERIFIED,
        email=EMAIL,
        attributes=OF_NEW_PEOPLE,
        password_rules=RULES,
        notices=UNFINISHED,
    ),
    "sign_up_unverified": sign_up_page(stage=None, attributes=ATTRIBUTES[:2], password_rules=RULES),
    "reset_address": password_reset_page(stage=VerificationStage.ADDRESS_WANTED),
    "reset_code": password_reset_page(stage=VerificationStage.CODE_SENT, email=EMAIL),
    "reset_verified": password_reset_page(stage=VerificationStage.VERIFIED, email=EMAIL),
    "sign_in_or_code": sign_in_page(takes_codes=True, offers_to_keep=True),
    "sign_in_code_only": sign_in_page(
        takes_passwords=False, takes_codes=True, offers_password_reset=False
    ),
    "sign_in_code_sent": sign_in_by_code_page(stage=VerificationStage.CODE_SENT, email=EMAIL),
    "sign_in_phone": sign_in_page(
        identifier=Identifier.PHONE,
        takes_passwords=False,
        takes_codes=True,
        offers_password_reset=False,
    ),
    "sign_in_phone_code": sign_in_by_phone_page(
        stage=VerificationStage.CODE_SENT, phone="+4917612345678"
    ),
    "sign_up_phone": phone_sign_up_page(phone="+4917612345678", attributes=ATTRIBUTES[:2]),
    "sign_in_link": sign_in_by_code_page(
        stage=VerificationStage.CODE_SENT, email=EMAIL, code="481516"
    ),
    "sign_in_link_elsewhere": link_elsewhere_page(code="481516"),
    "profile_tasks": with_tasks(
        profile_page(attributes=ATTRIBUTES), tuple(AccountTask), "password_changed"
    ),
    "reauthentication": reauthentication_page(name=EMAIL),
    "email_change": email_change_page(stage=VerificationStage.ADDRESS_WANTED),
    "email_change_code": email_change_page(stage=VerificationStage.CODE_SENT, email=EMAIL),
    "password_change": password_change_page(name=EMAIL, rules=RULES),
    "identities": identities_page(local=(EMAIL,), linked=LINKED),
    "identities_none": identities_page(local=(EMAIL,), linked=()),
    "identities_linking": replace(
        identities_page(
            local=(EMAIL,),
            linked=LINKED[:1],
            providers=(Option(value="people", name="People"), Option(value="x", name="X")),
        ),
        notices=(Notice("error_identity_taken"),),
    ),
    "sessions": sessions_page(
        lines=("2026-11-24 08:12 UTC  Shop", "2026-11-20 19:40 UTC  Newspaper")
    ),
    "own_data": data_page(href="data:application/json;base64,e30="),
    "deletion": deletion_page(notices=(Notice("error_not_confirmed", "isDeletionMeant"),)),
    "new_password": new_password_page(name=EMAIL, password_rules=RULES),
    "change_password": change_password_page(
        name="ada",
        identifier=Identifier.USER_ID,
        password_rules=RULES,
        notices=(Notice("UserMessageIfOldPasswordUsed", "newPassword"),),
    ),
    "profile": profile_page(attributes=ATTRIBUTES, notices=SAID),
    "provider_choice": provider_choice_page(
        providers=(
            Option(value="FacebookExchange", name="Facebook"),
            Option(value="GoogleExchange", name="Google"),
        )
    ),
    "provider_choice_beside": sign_in_page(
        providers=(
            Option(value="FacebookExchange", name="Facebook"),
            Option(value="GoogleExchange", name="Google"),
        )
    ),
    "provider_choice_sign_up": provider_choice_page(
        page_id=PageId.PROVIDER_CHOICE_SIGN_UP,
        providers=(Option(value="GoogleExchange", name="Google"),),
        offers_local_sign_up=True,
    ),
    "social_sign_up": social_sign_up_page(attributes=OF_NEW_PEOPLE, offers_linking=True),
    "linking": linking_page(sign_in_page(offers_sign_up=False, offers_password_reset=False)),
    "leaving": leaving_page("https://people.example/authorize?state=s"),
    "error": error_page(
        Sentence("error_redirect_uri"),
        report=(
            "AADB2C90006: The redirect URI is not registered for this application.",
            "Correlation ID: 7f4f29ac-4f41-4bd6-a2f5-0a3c7cbb1c9d",
            "Timestamp: 2026-11-24 05:31:00Z",
        ),
    ),
    "sign_out": sign_out_page(),
    "signed_out": signed_out_page(),
    "signed_out_everywhere": signed_out_page(
        frames=("https://app.example/out?iss=i&sid=s", "https://shop.example/out?iss=i&sid=s"),
    ),
    "age": age_page(asks_date=True, asks_country=True),
    "terms": terms_page(TERMS_OF_USE),
    "terms_refused": terms_page(TERMS_OF_USE, notices=(Notice("error_terms", "termsOfUse"),)),
    "consent": consent_page(
        application="Posters",
        permissions=(("Look at your photos", "Every album, with all its pictures."),),
        words=("permission_openid", "permission_offline_access"),
    ),
    "device": device_page(),
    "device_unknown": device_page(
        typed="BCDF-GHJK", notices=(Notice("error_device_code", "userCode"),)
    ),
    "device_done": device_done_page(is_signed_in=True),
    "device_refused": device_done_page(is_signed_in=False),
    **FACTOR_SPECIMENS,
    **PASSKEY_SPECIMENS,
    "form_post": FormPost(
        action_url="https://app.example/callback",
        parameters=(("code", "opaque-1"), ("state", "s")),
    ),
}


def html_of(name: str) -> str:
    """Render a specimen; `sign_in:ar` is in Arabic."""
    page, _, tag = name.partition(":")
    return render(SPECIMENS[page], strings=LANGUAGES[tag or "en"])


def render(specimen: Page | FormPost, *, brand: Brand = ACME, strings: Strings = ENGLISH) -> str:
    """Render a page or an answer on its way."""
    correlation_id = "7f4f29ac-4f41-4bd6-a2f5-0a3c7cbb1c9d"
    if isinstance(specimen, FormPost):
        return RENDERER.render_form_post(
            specimen,
            strings=strings,
            brand=brand,
            correlation_id=correlation_id,
            nonce=NONCE,
        )
    return RENDERER.render(
        specimen,
        strings=strings,
        brand=brand,
        correlation_id=correlation_id,
        action_url="/acme.example/interactions/1",
        seal="seal-1",
    )
