"""Every code has words of its own, safe for whoever reads them."""

import re
from string import Formatter

import pytest

from gatelodge.oidc.errors import (
    WORDINGS,
    Code,
    Displayed,
    Redirected,
    TokenRefused,
    description_of,
    redirected,
    sentence_of,
    token_refused,
)
from tests.world.clock import BEGINNING

OAUTH_WORDS = {
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "invalid_scope",
    "unauthorized_client",
    "unsupported_grant_type",
    "unsupported_response_type",
    "access_denied",
    "server_error",
    "temporarily_unavailable",
    "interaction_required",
    "login_required",
    "consent_required",
}

every_code = pytest.mark.parametrize("code", Code)


def names(code: Code) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(WORDINGS[code].sentence) if name]


@every_code
def test_a_code_has_a_standard_word_and_one_short_paragraph(code: Code) -> None:
    wording = WORDINGS[code]
    assert wording.error in OAUTH_WORDS
    assert len(wording.sentence) < 200
    assert wording.sentence.endswith(".")
    assert re.fullmatch(r"[\x20-\x7e]+", wording.sentence)
    assert not set(wording.sentence) & set('"\\')


def test_no_two_codes_share_a_sentence() -> None:
    assert len({each.sentence for each in WORDINGS.values()}) == len(Code)


@every_code
def test_values_are_put_in_but_nothing_that_ends_a_line_or_a_quotation(code: Code) -> None:
    hostile = dict.fromkeys(names(code), 'x"\\\r\n\x00\u2028<é{now}')
    said = sentence_of(code, hostile)
    assert re.fullmatch(r"[\x20-\x7e]+", said)
    assert not set(said) & set('"\\')


@every_code
def test_a_missing_value_does_not_break_the_answer(code: Code) -> None:
    assert sentence_of(code, {})


def test_a_long_value_is_cut() -> None:
    said = sentence_of(Code.SCOPE_UNSUPPORTED, {"scope": "x" * 100_000})
    assert len(said) < 300


def test_a_description_has_three_lines_that_end_as_lines_do_on_the_wire() -> None:
    said = description_of(Code.PASSWORD_FORGOTTEN, {}, "c-1", BEGINNING)
    assert said == (
        "AADB2C90118: The user does not remember the password.\r\n"
        "Correlation ID: c-1\r\n"
        "Timestamp: 2026-03-01 12:00:00Z\r\n"
    )


def test_the_detail_is_for_the_log_only() -> None:
    for error in (
        Displayed(Code.STATE_LOST, detail="row 7"),
        Redirected("server_error", Code.SIGN_IN_AGAIN, detail="row 7"),
        TokenRefused("invalid_grant", Code.GRANT_REVOKED, "Revoked.", detail="row 7"),
    ):
        assert error.detail == str(error) == "row 7"
    refused = TokenRefused("invalid_grant", Code.GRANT_REVOKED, "Revoked.", detail="row 7")
    assert "row 7" not in refused.description


def test_an_error_takes_the_word_that_goes_with_its_code() -> None:
    assert redirected(Code.CANCELLED).error == "access_denied"
    assert token_refused(Code.GRANT_EXPIRED).error == "invalid_grant"
    assert token_refused(Code.SCOPE_MISSING, error="invalid_scope").error == "invalid_scope"
