"""The variables in the source of a page: `SETTINGS`, `CONTENT`, `SA_FIELDS` and `CP`.

They stand in a block no browser runs. Scripts find them by regular expression, so each is one line
of JSON, and `SETTINGS` has neither a blank beside its colons nor a semicolon in it.
"""

from dataclasses import dataclass
from typing import Any

from gatelodge.journeys.retries import MOST_REFUSED_FORMS
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow
from gatelodge.oidc.page_source.api_name import COMBINED, api_name
from gatelodge.oidc.page_source.fields import announced, attribute_fields
from gatelodge.pages.catalogue import REMEMBER_ME, Identifier
from gatelodge.pages.language import Strings
from gatelodge.pages.page import Page, PageId
from gatelodge.pages.render import Variables

_PHONE_ON_RECORD = "strongAuthenticationPhoneNumber"
_POLL_INTERVAL_MS, _POLLS = 5000, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Whose page it is: `tenant` is the path below which its addresses lie."""

    flow: UserFlow
    interaction: Interaction
    tenant: str
    origin: str
    transaction: str
    token: str
    page_view_id: str


def page_variables(page: Page, asked: Asked, strings: Strings) -> Variables:
    """Return what a script reads of a page."""
    fields = announced(page, asked.flow, asked.interaction)
    return (
        ("SETTINGS", _settings(page, asked, strings)),
        ("CONTENT", dict(strings.sentences(page.id))),
        ("CP", {"list": _providers(page)}),
        ("SA_FIELDS", {"AttributeFields": attribute_fields(page, fields, strings)}),
        *_phones(page),
    )


def _phones(page: Page) -> Variables:
    """List the number on record of the page about a phone, as far as it is shown."""
    if page.id is not PageId.PHONE_FACTOR:
        return ()
    known = [each.value for each in page.fields if each.id == _PHONE_ON_RECORD]
    listed = [{"Id": number, "MaskedNumber": value} for number, value in enumerate(known, 1)]
    return (("UV_PHONE", {"PhoneNumbers": listed}),)


def _settings(page: Page, asked: Asked, strings: Strings) -> dict[str, Any]:
    language, _, country = strings.tag.partition("-")
    return {
        "remoteResource": "",
        "retryLimit": MOST_REFUSED_FORMS,
        "trimSpacesInPassword": False,
        # The token comes right after the name: some look for both at once.
        "api": api_name(page.id),
        "csrf": asked.token,
        "transId": asked.transaction,
        "pageViewId": asked.page_view_id,
        "suppressElementCss": False,
        "isPageViewIdSentWithHeader": False,
        "allowAutoFocusOnPasswordField": True,
        "pageMode": 0,
        "config": _config(page),
        "hosts": {
            "tenant": asked.tenant,
            "policy": asked.flow.id,
            "static": f"{asked.origin}/static/",
        },
        "locale": {"lang": language, "country": country.upper()},
        "xhrSettings": {
            "retryEnabled": True,
            "retryMaxAttempts": 3,
            "retryDelay": 200,
            "retryExponent": 2,
            "retryOn": ["error", "timeout"],
        },
    }


def _config(page: Page) -> dict[str, str]:
    buttons = {each.id for each in page.all_buttons}
    fields = {each.id for each in page.all_fields}
    config = {
        "retryLimit": str(MOST_REFUSED_FORMS),
        "pollIntervalInMilliseconds": str(_POLL_INTERVAL_MS),
        "pollLimit": str(_POLLS),
        "showCancelButton": str("cancel" in buttons),
        "showContinueButton": "True",
        "enableCaptchaChallenge": "False",
    }
    if api_name(page.id) != COMBINED:
        return {**config, "announceVerCompleteMsg": "True", "includePasswordRequirements": "True"}
    return {
        **config,
        "showSignupLink": str("createAccount" in buttons),
        "enableRememberMe": str(REMEMBER_ME in fields),
        "operatingMode": "Username" if Identifier.USER_ID.value in fields else "Email",
        "sendHintOnSignup": "False",
        "forgotPasswordLinkLocation": "AfterLabel",
    }


def _providers(page: Page) -> list[dict[str, str]]:
    return [{"id": each.id, "description": each.label or each.id} for each in page.providers]
