"""What a user flow can be set to: defaults, every allowed value, and what is refused by name."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from gatelodge.graph.edm import ComplexType, Property
from gatelodge.graph.model.user_flows import B2C_IDENTITY_USER_FLOW
from tests.graph.plane import Plane

FLOW = "/beta/identity/b2cUserFlows/B2C_1_Settings"
SESSION, PASSWORD = "singleSignOnSessionConfiguration", "passwordComplexityConfiguration"
LIFETIMES, CLAIMS = "tokenLifetimeConfiguration", "tokenClaimsConfiguration"
FACTOR, CODE = "multifactorAuthenticationConfiguration", "oneTimeCodeConfiguration"
OWN = "accountConfiguration"
AGE = "ageGatingConfiguration"
TERMS = "termsOfUseConfiguration"
PASSKEY = "passkeyConfiguration"
PASSKEY_SWITCHES = ("isSignInAllowed", "isOfferedAtSignUp")
OWN_SWITCHES = (
    "isEmailChangeAllowed",
    "isPasswordChangeAllowed",
    "areIdentitiesManageable",
    "areSessionsManageable",
    "isDataDownloadAllowed",
    "isAccountDeletionAllowed",
    "arePasskeysManageable",
    "areFactorsManageable",
    "isIdentityLinkingAllowed",
)
CUSTOM = f"{PASSWORD}/customConfiguration"
OF_THE_FLOW = frozenset(
    [
        "authenticationMethods",
        "isConditionalAccessEnforced",
        "isJavaScriptEnabled",
        "isEmailVerificationRequired",
    ]
)
"""Settings beside the configurations; languages have tests of their own."""

DEFAULTS: dict[str, Any] = {
    "authenticationMethods": "emailWithPassword",
    "isConditionalAccessEnforced": False,
    "isJavaScriptEnabled": False,
    "isEmailVerificationRequired": True,
    f"{FACTOR}/multifactorAuthenticationState": "off",
    f"{FACTOR}/multifactorAuthenticationMethod": "email",
    f"{FACTOR}/alternativeMethods": [],
    f"{FACTOR}/areRecoveryCodesIssued": True,
    f"{LIFETIMES}/accessAndIdTokenLifetimeInMinutes": 60,
    f"{LIFETIMES}/refreshTokenLifetimeInDays": 14,
    f"{LIFETIMES}/rollingRefreshTokenLifetimeInDays": 90,
    f"{SESSION}/isSessionLifetimeAbsolute": False,
    f"{SESSION}/sessionLifetimeInMinutes": 1440,
    f"{SESSION}/isKeepMeSignedInEnabled": False,
    f"{SESSION}/keepMeSignedInDays": 30,
    f"{SESSION}/sessionScope": "tenant",
    f"{SESSION}/enforceIdTokenHintOnLogout": False,
    f"{CLAIMS}/isIssuerEntityUserFlow": False,
    f"{CLAIMS}/isSubjectClaimSupported": True,
    f"{CLAIMS}/claimTypeForUserFlowId": "tfp",
    f"{PASSWORD}/isSelfServicePasswordResetAllowed": True,
    f"{PASSWORD}/allowExpiredPasswordReset": False,
    f"{PASSWORD}/complexityLevel": "strong",
    f"{CUSTOM}/minimumLength": 8,
    f"{CUSTOM}/maximumLength": 64,
    f"{CUSTOM}/minimumCharacterClassesRequired": 3,
    f"{CUSTOM}/restrictToNumbersOnly": False,
    f"{CODE}/codeLifetimeInMinutes": 10,
    f"{CODE}/maximumVerificationAttempts": 5,
    f"{CODE}/maximumCodesPerHour": 10,
    f"{AGE}/isAgeGatingEnabled": False,
    f"{AGE}/minorsPolicy": "blockUnderAgeOfConsent",
    f"{AGE}/onBlock": "showErrorPage",
    f"{TERMS}/isAcceptanceRequired": False,
    f"{TERMS}/version": "1",
    f"{TERMS}/termsOfUseUrl": None,
    f"{TERMS}/privacyStatementUrl": None,
    **{f"{OWN}/{each}": each == "areFactorsManageable" for each in OWN_SWITCHES},
    **{f"{PASSKEY}/{each}": False for each in PASSKEY_SWITCHES},
    f"{OWN}/reauthenticationIntervalInMinutes": 10,
    f"{CODE}/isOfferedAtSignIn": False,
    f"{CODE}/isLinkIncluded": False,
}

ALLOWED: dict[str, tuple[Any, ...]] = {
    "authenticationMethods": (
        "userName",
        "emailWithOneTimePassword",
        "phoneWithOneTimePassword",
        "emailWithPassword",
    ),
    "isConditionalAccessEnforced": (False,),
    "isJavaScriptEnabled": (False,),
    "isEmailVerificationRequired": (False, True),
    f"{FACTOR}/multifactorAuthenticationState": ("on", "conditional", "off"),
    f"{FACTOR}/alternativeMethods": (["email", "phoneSms"], ["authenticator"], []),
    f"{FACTOR}/areRecoveryCodesIssued": (False, True),
    f"{FACTOR}/multifactorAuthenticationMethod": (
        "phoneCallOrSms",
        "phoneSms",
        "phoneCall",
        "authenticator",
        "email",
    ),
    f"{LIFETIMES}/accessAndIdTokenLifetimeInMinutes": (5, 1440),
    f"{LIFETIMES}/refreshTokenLifetimeInDays": (1, 90),
    f"{LIFETIMES}/rollingRefreshTokenLifetimeInDays": (14, 365, -1),
    f"{SESSION}/isSessionLifetimeAbsolute": (True, False),
    f"{SESSION}/sessionLifetimeInMinutes": (15, 1440),
    f"{SESSION}/isKeepMeSignedInEnabled": (True, False),
    f"{SESSION}/keepMeSignedInDays": (1, 90),
    f"{SESSION}/sessionScope": ("application", "policy", "disabled", "tenant"),
    f"{SESSION}/enforceIdTokenHintOnLogout": (True, False),
    f"{CLAIMS}/isIssuerEntityUserFlow": (True, False),
    f"{CLAIMS}/isSubjectClaimSupported": (False, True),
    f"{CLAIMS}/claimTypeForUserFlowId": ("acr", "tfp"),
    f"{PASSWORD}/isSelfServicePasswordResetAllowed": (False, True),
    f"{PASSWORD}/allowExpiredPasswordReset": (True, False),
    f"{PASSWORD}/complexityLevel": ("simple", "custom", "nist", "strong"),
    f"{CUSTOM}/minimumLength": (4, 64),
    f"{CUSTOM}/maximumLength": (8, 256),
    f"{CUSTOM}/minimumCharacterClassesRequired": (2, 4, 0, 3),
    f"{CUSTOM}/restrictToNumbersOnly": (True, False),
    f"{CODE}/codeLifetimeInMinutes": (1, 20),
    f"{CODE}/maximumVerificationAttempts": (1, 5),
    f"{CODE}/maximumCodesPerHour": (1, 10),
    f"{AGE}/isAgeGatingEnabled": (True, False),
    f"{AGE}/minorsPolicy": ("allowMinors", "blockAllMinors", "blockUnderAgeOfConsent"),
    f"{AGE}/onBlock": ("tellApplication", "showErrorPage"),
    f"{TERMS}/isAcceptanceRequired": (False,),
    f"{TERMS}/version": ("2026-11", "1"),
    f"{TERMS}/termsOfUseUrl": ("https://acme.example/terms", None),
    f"{TERMS}/privacyStatementUrl": ("https://acme.example/privacy", None),
    **{f"{OWN}/{each}": (True, False) for each in OWN_SWITCHES},
    **{f"{PASSKEY}/{each}": (True, False) for each in PASSKEY_SWITCHES},
    f"{OWN}/reauthenticationIntervalInMinutes": (1, 1440),
    f"{CODE}/isOfferedAtSignIn": (True, False),
    f"{CODE}/isLinkIncluded": (True, False),
}

REFUSED: dict[str, tuple[Any, ...]] = {
    "authenticationMethods": ("phoneWithPassword", "passkey", "", None, 99),
    "isConditionalAccessEnforced": (True, None, "no"),
    "isJavaScriptEnabled": (True,),
    "isEmailVerificationRequired": (None, 1),
    f"{AGE}/isAgeGatingEnabled": ("yes", None),
    f"{AGE}/minorsPolicy": ("blockEverybody", None, 7),
    f"{AGE}/onBlock": ("hide", None),
    f"{TERMS}/isAcceptanceRequired": ("yes", None),
    f"{TERMS}/version": ("", " ", None, "9" * 65),
    f"{TERMS}/termsOfUseUrl": ("http://acme.example/terms", "javascript:alert(1)", 7),
    f"{TERMS}/privacyStatementUrl": ("ftp://acme.example/privacy", "/privacy"),
    f"{FACTOR}/multifactorAuthenticationState": ("sometimes", None),
    f"{FACTOR}/areRecoveryCodesIssued": ("yes",),
    f"{FACTOR}/multifactorAuthenticationMethod": ("pigeon", None),
    f"{LIFETIMES}/accessAndIdTokenLifetimeInMinutes": (4, 1441),
    f"{LIFETIMES}/refreshTokenLifetimeInDays": (0, 91),
    f"{LIFETIMES}/rollingRefreshTokenLifetimeInDays": (0, 13, 366, -2),
    f"{SESSION}/sessionLifetimeInMinutes": (14, 1441, "15", 15.5),
    f"{SESSION}/keepMeSignedInDays": (0, 91),
    f"{SESSION}/sessionScope": ("everywhere",),
    f"{CLAIMS}/claimTypeForUserFlowId": ("sub",),
    f"{PASSWORD}/complexityLevel": ("none", 99),
    f"{CUSTOM}/minimumLength": (3, 257),
    f"{CUSTOM}/maximumLength": (3, 7, 257),
    f"{CUSTOM}/minimumCharacterClassesRequired": (1, 5, -1),
    f"{CODE}/codeLifetimeInMinutes": (0, 21),
    f"{CODE}/maximumVerificationAttempts": (0, 6),
    f"{CODE}/maximumCodesPerHour": (0, 11),
    **{f"{OWN}/{each}": ("yes", None) for each in OWN_SWITCHES},
    **{f"{PASSKEY}/{each}": ("yes", None) for each in PASSKEY_SWITCHES},
    f"{OWN}/reauthenticationIntervalInMinutes": (0, 1441),
    f"{CODE}/isOfferedAtSignIn": ("yes", None),
    f"{CODE}/isLinkIncluded": (1, None),
}


EVERY_MEMBER = {"Prefer": "include-unknown-enum-members"}
SWITCHES = (
    f"{SESSION}/isSessionLifetimeAbsolute",
    f"{SESSION}/isKeepMeSignedInEnabled",
    f"{SESSION}/enforceIdTokenHintOnLogout",
    f"{CLAIMS}/isIssuerEntityUserFlow",
    f"{CLAIMS}/isSubjectClaimSupported",
    f"{PASSWORD}/isSelfServicePasswordResetAllowed",
    f"{PASSWORD}/allowExpiredPasswordReset",
    f"{CUSTOM}/restrictToNumbersOnly",
)
REFUSED |= dict.fromkeys(SWITCHES, ("yes", 1))
REFUSED[f"{FACTOR}/alternativeMethods"] = (["pigeon"], "email")


def settings_of(properties: Iterable[Property], place: str = "") -> Iterator[str]:
    """Yield the path of every setting, as the model declares them."""
    for each in properties:
        if isinstance(each.type, ComplexType):
            yield from settings_of(each.type.properties, f"{place}{each.name}/")
        elif place or each.name in OF_THE_FLOW:
            yield f"{place}{each.name}"


def test_every_setting_is_in_every_table() -> None:
    declared = set(settings_of(B2C_IDENTITY_USER_FLOW.properties))
    assert set(DEFAULTS) == set(ALLOWED) == set(REFUSED) == declared


@pytest.mark.parametrize(
    ("path", "later", "hidden"),
    [
        (f"{PASSWORD}/complexityLevel", "nist", "unknownFutureValue"),
        (f"{FACTOR}/multifactorAuthenticationMethod", "passkey", "unknownFutureValue"),
        (f"{FACTOR}/alternativeMethods", ["email", "passkey"], ["email", "unknownFutureValue"]),
    ],
)
async def test_a_member_that_came_later_is_named_to_who_can_read_it(
    plane: Plane, path: str, later: Any, hidden: Any
) -> None:
    await plane.create("Settings", "signUpOrSignIn", 3)
    refused = await plane.request("PATCH", FLOW, json=body_of(path, hidden))
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, path)
    told = await plane.request("PATCH", FLOW, json=body_of(path, later), headers=EVERY_MEMBER)
    assert found_at(told.json(), path) == later
    assert told.headers["preference-applied"] == EVERY_MEMBER["Prefer"]
    read = (await plane.request("GET", FLOW)).json()
    assert found_at(read, path) == hidden
    listed = (await plane.request("GET", "/beta/identity/b2cUserFlows")).json()["value"]
    assert [found_at(each, path) for each in listed] == [hidden]
    again = await plane.request("PATCH", FLOW, json=read, headers=EVERY_MEMBER)
    assert again.status_code == 200, again.text
    assert found_at(again.json(), path) == later


def body_of(path: str, value: Any) -> Any:
    for name in reversed(path.split("/")):
        value = {name: value}
    return value


def found_at(entity: Any, path: str) -> Any:
    for name in path.split("/"):
        entity = entity[name]
    return entity


async def test_every_setting_has_its_default(plane: Plane) -> None:
    entity = await plane.create("Settings", "signUpOrSignIn", 3)
    assert {path: found_at(entity, path) for path in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize("path", ALLOWED)
async def test_an_allowed_value_is_kept_and_nothing_else_changes(plane: Plane, path: str) -> None:
    await plane.create("Settings", "signUpOrSignIn", 3)
    for value in (*ALLOWED[path], DEFAULTS[path]):
        answer = await plane.request("PATCH", FLOW, json=body_of(path, value))
        assert answer.is_success, (value, answer.text)
        entity = (await plane.request("GET", FLOW, headers=EVERY_MEMBER)).json()
        assert {each: found_at(entity, each) for each in DEFAULTS} == DEFAULTS | {path: value}


@pytest.mark.parametrize("path", REFUSED)
async def test_what_is_not_allowed_is_refused_by_name_and_changes_nothing(
    plane: Plane, path: str
) -> None:
    await plane.create("Settings", "signUpOrSignIn", 3)
    for value in REFUSED[path]:
        answer = await plane.request("PATCH", FLOW, json=body_of(path, value))
        assert answer.status_code == 400, value
        assert answer.json()["error"]["target"] == path
    entity = (await plane.request("GET", FLOW)).json()
    assert {each: found_at(entity, each) for each in DEFAULTS} == DEFAULTS


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        ("isConditionalAccessEnforced", True, "not available"),
        ("isJavaScriptEnabled", True, "host of its own"),
    ],
)
async def test_what_cannot_be_done_yet_is_refused_and_says_so(
    plane: Plane, path: str, value: Any, word: str
) -> None:
    body = {"id": "New", "userFlowType": "signIn", "userFlowTypeVersion": 3}
    answer = await plane.request(
        "POST", "/beta/identity/b2cUserFlows", json=body | body_of(path, value)
    )
    assert answer.status_code == 400
    assert word in answer.json()["error"]["message"]


async def test_a_new_user_flow_takes_settings_at_once(plane: Plane) -> None:
    body: dict[str, Any] = {"id": "New", "userFlowType": "signUp", "userFlowTypeVersion": 3}
    custom = {"minimumLength": 4, "maximumLength": 4, "restrictToNumbersOnly": True}
    body |= {"authenticationMethods": "username", "isEmailVerificationRequired": False}
    body |= {PASSWORD: {"complexityLevel": "custom", "customConfiguration": custom}}
    answer = await plane.request("POST", "/beta/identity/b2cUserFlows", json=body)
    assert answer.status_code == 201, answer.text
    entity = answer.json()
    assert entity["authenticationMethods"] == "userName"
    assert entity["isEmailVerificationRequired"] is False
    assert found_at(entity, f"{CUSTOM}/restrictToNumbersOnly") is True
    assert found_at(entity, f"{CUSTOM}/minimumCharacterClassesRequired") == 3


@pytest.mark.parametrize("kind", ["signUp", "passwordReset", "resourceOwner"])
async def test_only_who_is_asked_to_sign_in_can_be_kept_signed_in(plane: Plane, kind: str) -> None:
    await plane.create("Settings", kind, 1)
    body = {SESSION: {"isKeepMeSignedInEnabled": True}}
    answer = await plane.request("PATCH", FLOW, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == f"{SESSION}/isKeepMeSignedInEnabled"


@pytest.mark.parametrize("kind", ["signIn", "passwordReset", "profileUpdate"])
async def test_who_asks_for_no_address_cannot_leave_it_unproved(plane: Plane, kind: str) -> None:
    await plane.create("Settings", kind, 1)
    body = {"isEmailVerificationRequired": False}
    answer = await plane.request("PATCH", FLOW, json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == "isEmailVerificationRequired"


async def test_a_user_flow_without_pages_has_no_page_to_ask_for_a_second_factor_on(
    plane: Plane,
) -> None:
    body = {"id": "New", "userFlowType": "resourceOwner", "userFlowTypeVersion": 1}
    wanted = body_of(f"{FACTOR}/multifactorAuthenticationState", "on")
    answer = await plane.request("POST", "/beta/identity/b2cUserFlows", json=body | wanted)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == f"{FACTOR}/multifactorAuthenticationState"
