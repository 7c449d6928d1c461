"""Specimens of the pages that ask browsers for passkeys."""

from collections.abc import Mapping
from dataclasses import replace

from gatelodge.crypto.passkeys import RelyingParty, invitation, question
from gatelodge.pages.catalogue import passkey_page, sign_in_page
from gatelodge.pages.own_account import passkeys_page
from gatelodge.pages.page import Button, Notice, Option, Page, PasskeyPrompt, Sentence
from gatelodge.pages.second_factor import Ways, new_passkey_page, passkey_factor_page

PARTY = RelyingParty("https://login.example")
BUTTON = Button(id="passkey", action="passkey", string_id="button_passkey", skips_validation=True)
ASKED = PasskeyPrompt(button=BUTTON, question=question(PARTY, "challenge-1"))
INVITED = PasskeyPrompt(
    button=replace(BUTTON, is_primary=True),
    needed=Sentence("passkey_needed"),
    question=invitation(
        PARTY,
        "challenge-2",
        party_name="Acme",
        account_id="account-1",
        name="ada@acme.example",
        display_name="Ada",
        known=("credential-1",),
    ),
)
SHOWN = PasskeyPrompt(
    button=replace(BUTTON, is_primary=True),
    question=question(PARTY, "challenge-3", known=("credential-1",)),
    needed=Sentence("passkey_needed"),
)
FIRST = Option(value="first", name="2026-03-01 12:00")
SECOND = Option(value="second", name="2026-04-02 09:30")
REFUSED = (Notice("error_passkey"),)
OLD = (Notice("error_passkey_page"),)
WAYS = Ways(has_another=True, has_recovery_codes=True)

PASSKEY_SPECIMENS: Mapping[str, Page] = {
    "sign_in_passkey": replace(sign_in_page(), passkey=ASKED),
    "sign_in_passkey_refused": replace(sign_in_page(), passkey=ASKED, notices=REFUSED),
    "passkey": passkey_page(INVITED),
    "passkey_refused": replace(passkey_page(INVITED), notices=REFUSED),
    "passkeys": passkeys_page(kept=(FIRST, SECOND), prompt=INVITED),
    "passkeys_none": passkeys_page(kept=(), prompt=INVITED),
    "passkeys_last": replace(
        passkeys_page(kept=(FIRST,), prompt=INVITED),
        notices=(Notice("error_last_way_in"),),
    ),
    "passkey_factor": passkey_factor_page(SHOWN, WAYS),
    "passkey_factor_old": passkey_factor_page(SHOWN, Ways(), notices=OLD),
    "passkey_factor_new": new_passkey_page(INVITED, Ways(has_another=True)),
}
PASSKEY_IDS: Mapping[str, str] = {
    "sign_in_passkey": "email password next passkey passkeyResponse",
    "sign_in_passkey_refused": "pageError email password next passkey",
    "passkey": "passkey passkeyBox passkeyTrouble skip",
    "passkey_refused": "pageError passkey skip",
    "passkeys": "passkey remove-0 remove-1 cancel",
    "passkeys_none": "passkey cancel",
    "passkeys_last": "pageError passkey remove-0 cancel",
    "passkey_factor": "passkey passkeyNeeded cancel useAnother useRecoveryCode",
    "passkey_factor_old": "pageError passkey cancel",
    "passkey_factor_new": "passkey cancel useAnother",
}
