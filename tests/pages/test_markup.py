"""The HTML itself: the contract of ids, and what is never in it."""

import dataclasses
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from gatelodge.pages.brand import Brand, Link, plain_brand
from gatelodge.pages.catalogue import sign_in_page
from gatelodge.pages.page import Field, FormPost, InputKind, Option, Page, PageId, Report, Sentence
from tests.pages.factor_specimens import FACTOR_IDS
from tests.pages.passkey_specimens import PASSKEY_IDS
from tests.pages.specimens import ENGLISH, RENDERER, SPECIMENS, html_of, render

PAYLOAD = "\"><script>alert('{x}')</script><!-- --><img src=x onerror=alert(1)>{{7*7}}"
VERIFICATION = "emailVerificationControl"

IDS = {
    "sign_in": "email password next forgotPassword createAccount localAccountForm api",
    "sign_in_wrong_password": "pageError email password next",
    "sign_in_user_id": "UserId password next forgotPassword localAccountForm",
    "sign_in_kept": "email password rememberMe rememberMe_label next",
    "sign_up_user_name": "email UserId newPassword reenterPassword continue cancel",
    "reset_user_name": f"UserId email {VERIFICATION}_but_send_code cancel",
    "change_password": "UserId newPassword newPassword_error reenterPassword continue cancel",
    "sign_up_address": f"email {VERIFICATION} {VERIFICATION}_info_message "
    f"{VERIFICATION}_but_send_code cancel attributeVerification",
    "sign_up_code": f"email emailVerificationCode {VERIFICATION}_success_message "
    f"{VERIFICATION}_but_verify_code {VERIFICATION}_but_send_new_code "
    f"{VERIFICATION}_but_change_claims cancel",
    "sign_up_wrong_code": f"{VERIFICATION}_error_message fieldIncorrect emailVerificationCode",
    "sign_up_verified": f"email newPassword reenterPassword displayName city country "
    f"{VERIFICATION}_but_change_claims attributeList displayName_label continue cancel",
    "sign_up_unfinished": "requiredFieldMissing passwordEntryMismatch newPassword_error",
    "sign_up_unverified": "email newPassword reenterPassword displayName continue cancel",
    "reset_address": f"email {VERIFICATION}_but_send_code cancel",
    "reset_code": f"email emailVerificationCode {VERIFICATION}_but_verify_code cancel",
    "reset_verified": "email continue cancel",
    "new_password": "email newPassword reenterPassword continue cancel",
    "profile": "displayName city country continue cancel",
    "sign_in_or_code": "email password rememberMe next sendCode forgotPassword",
    "sign_in_code_only": "email sendCode createAccount",
    "sign_in_code_sent": f"email emailVerificationCode {VERIFICATION}_but_verify_code cancel",
    "sign_in_phone": "phoneNumber sendCode",
    "sign_in_phone_code": f"phoneNumber emailVerificationCode {VERIFICATION}_but_verify_code",
    "sign_up_phone": "phoneNumber displayName city continue cancel",
    "sign_in_link": f"emailVerificationCode {VERIFICATION}_but_verify_code cancel",
    "sign_in_link_elsewhere": "report",
    "profile_tasks": "continue cancel changeEmail changePassword manageIdentities manageSessions "
    "downloadData deleteAccount",
    "reauthentication": "signInName password continue cancel",
    "email_change": f"email {VERIFICATION}_but_send_code cancel",
    "email_change_code": f"email emailVerificationCode {VERIFICATION}_but_verify_code cancel",
    "password_change": "signInName password newPassword reenterPassword continue cancel",
    "identities": "report unlink-0 unlink-1 cancel",
    "identities_linking": "pageError link-people link-x unlink-0 cancel",
    "identities_none": "report cancel",
    "sessions": "report signOutEverywhere cancel",
    "own_data": "download cancel",
    "deletion": "isDeletionMeant delete cancel",
    **FACTOR_IDS,
    **PASSKEY_IDS,
    "provider_choice": "FacebookExchange GoogleExchange",
    "provider_choice_beside": "FacebookExchange GoogleExchange email password next",
    "provider_choice_sign_up": "GoogleExchange SignUpWithLogonEmailExchange",
    "social_sign_up": "displayName continue cancel linkAccount",
    "linking": "email password next cancel",
    "leaving": "continue",
    "error": "report",
    "sign_out": "continue cancel",
    "signed_out": "api",
    "signed_out_everywhere": "api",
    "age": "dateOfBirth country continue cancel",
    "terms": "termsOfUse termsOfUse_links continue cancel",
    "terms_refused": "termsOfUse termsOfUse_error continue cancel",
    "consent": "permission_openid permission_1 continue cancel",
    "device": "userCode continue",
    "device_unknown": "userCode continue",
    "device_done": "api",
    "device_refused": "api",
    "form_post": "auto",
}


class Elements(HTMLParser):
    """Collect every start tag with its attributes."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.mark.parametrize("name", SPECIMENS)
def test_the_ids_browser_tests_rely_on_are_there_and_unique(name: str) -> None:
    ids = [a["id"] for _, a in Elements(html_of(name)).found if a.get("id")]
    assert len(ids) == len(set(ids))
    assert set(IDS[name].split()) <= set(ids)


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_reference_to_an_id_leads_somewhere(name: str) -> None:
    elements = Elements(html_of(name)).found
    ids = {attributes.get("id") for _, attributes in elements}
    for _, attributes in elements:
        for attribute in ("for", "form", "aria-describedby", "aria-labelledby"):
            assert set((attributes.get(attribute) or "").split()) <= ids
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in ids


@pytest.mark.parametrize("name", SPECIMENS)
def test_nothing_in_a_page_needs_a_script_or_an_inline_style(name: str) -> None:
    elements = Elements(html_of(name))
    scripts = elements.all("script")
    own = [each["src"] for each in scripts if each.get("src")]
    assert len(own) == (1 if name in PASSKEY_IDS else 0)
    assert all(re.fullmatch(r"/static/passkey\.[0-9a-f]+\.js", each or "") for each in own)
    assert len(scripts) - len(own) == (1 if name == "form_post" else 0)
    for _, attributes in elements.found:
        assert "style" not in attributes
        assert not [key for key in attributes if key.startswith("on")]


@pytest.mark.parametrize("name", SPECIMENS)
def test_the_first_comment_holds_the_correlation_id(name: str) -> None:
    comment = re.match(r"<!DOCTYPE html>\n<!-- (\S+) -->", html_of(name))
    assert comment is not None
    assert comment[1] == "7f4f29ac-4f41-4bd6-a2f5-0a3c7cbb1c9d"


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("sign_in", "next"),
        ("sign_up_address", f"{VERIFICATION}_but_send_code"),
        ("sign_up_code", f"{VERIFICATION}_but_verify_code"),
        ("sign_up_verified", "continue"),
        ("reset_verified", "continue"),
        ("new_password", "continue"),
        ("profile", "continue"),
        ("sign_out", "continue"),
    ],
)
def test_the_button_that_enter_presses_is_the_primary_one(name: str, action: str) -> None:
    assert Elements(html_of(name)).all("button")[0]["value"] == action


@pytest.mark.parametrize("name", ["sign_in_wrong_password", "sign_up_unfinished", "error"])
def test_the_title_of_a_page_with_an_error_says_so_first(name: str) -> None:
    assert "<title>Error: " in html_of(name)
    assert "<title>Sign in – Acme</title>" in html_of("sign_in")


def test_the_form_carries_the_seal_and_goes_to_the_interaction() -> None:
    elements = Elements(html_of("sign_in"))
    (form,) = elements.all("form")
    assert (form["method"], form["action"]) == ("post", "/acme.example/interactions/1")
    assert {"type": "hidden", "name": "seal", "value": "seal-1"} in elements.all("input")


def test_a_field_in_error_is_marked_and_described() -> None:
    inputs = {a.get("id"): a for a in Elements(html_of("sign_up_unfinished")).all("input")}
    assert inputs["newPassword"]["aria-invalid"] == "true"
    assert inputs["newPassword"]["aria-describedby"] == "newPassword_hint newPassword_error"
    code = {a.get("id"): a for a in Elements(html_of("sign_up_wrong_code")).all("input")}
    assert code["emailVerificationCode"]["aria-describedby"] == f"{VERIFICATION}_error_message"
    assert code["emailVerificationCode"]["inputmode"] == "numeric"


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("sign_in", {"email": "username", "password": "current-password"}),
        ("sign_up_code", {"email": "username", "emailVerificationCode": "one-time-code"}),
        ("new_password", {"newPassword": "new-password", "reenterPassword": "new-password"}),
        ("profile", {"displayName": "name", "city": "address-level2"}),
    ],
)
def test_a_browser_may_fill_in_what_it_knows(name: str, tokens: dict[str, str]) -> None:
    found = {a.get("id"): a.get("autocomplete") for a in Elements(html_of(name)).all("input")}
    assert tokens.items() <= found.items()


def test_a_settled_address_is_shown_and_not_sent() -> None:
    (email,) = [a for a in Elements(html_of("new_password")).all("input") if a.get("id") == "email"]
    assert email["value"] == "ada@acme.example"
    assert "readonly" in email
    assert "name" not in email


def test_a_password_is_never_printed_even_when_a_page_holds_one() -> None:
    fields = tuple(
        Field(id=kind.value, kind=kind, value="Secret-1234")
        for kind in (InputKind.PASSWORD, InputKind.ONE_TIME_CODE)
    )
    assert "Secret-1234" not in render(Page(id=PageId.PROFILE_UPDATE, intro=None, fields=fields))


def poisoned() -> Iterator[Page | FormPost]:
    """Put the payload wherever a text of an administrator, a person or an application can go."""
    for kind in InputKind:
        options = (Option(value=PAYLOAD, name=PAYLOAD, is_selected=True),)
        for is_read_only in (False, True):
            field = Field(
                id="x",
                kind=kind,
                value=PAYLOAD,
                label=PAYLOAD,
                options=options,
                is_read_only=is_read_only,
            )
            yield Page(id=PageId.PROFILE_UPDATE, intro=None, fields=(field,))
    for specimen in SPECIMENS.values():
        if isinstance(specimen, Page):
            poison = tuple(
                dataclasses.replace(n, values={"email": PAYLOAD, "field": PAYLOAD})
                for n in specimen.notices
            )
            fields = tuple(dataclasses.replace(f, value=PAYLOAD) for f in specimen.fields)
            yield dataclasses.replace(specimen, notices=poison, fields=fields)
    yield Page(id=PageId.ERROR, intro=Sentence("error_request"), report=Report(lines=(PAYLOAD,)))
    yield FormPost(action_url=f"https://a.example/{PAYLOAD}", parameters=((PAYLOAD, PAYLOAD),))


HOSTILE = Brand(
    name=PAYLOAD,
    sign_in_text=PAYLOAD,
    name_hint=PAYLOAD,
    links=(Link(string_id="privacy", url="https://acme.example/privacy", text=PAYLOAD),),
)


@pytest.mark.parametrize("specimen", list(poisoned()))
def test_a_text_that_looks_like_markup_is_inert(specimen: Page | FormPost) -> None:
    elements = Elements(render(specimen, brand=HOSTILE))
    inline = [each for each in elements.all("script") if not each.get("src")]
    assert len(inline) == isinstance(specimen, FormPost)
    assert not [a for a in elements.all("img") if a.get("src") == "x"]
    assert not [a for _, a in elements.found if "onerror" in a]
    assert PAYLOAD in elements.text


def test_the_correlation_id_cannot_end_its_comment() -> None:
    document = RENDERER.render(
        sign_in_page(),
        strings=ENGLISH,
        brand=plain_brand("Acme"),
        correlation_id="--><script>alert(1)</script>",
        action_url=f"/{PAYLOAD}",
        seal=PAYLOAD,
    )
    assert "<script>" not in document
