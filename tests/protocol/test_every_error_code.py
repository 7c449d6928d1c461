"""No code of ours is without a test in which somebody is told it."""

from pathlib import Path

from gatelodge.journeys.outcome import Refusal
from gatelodge.oidc.errors import Code
from gatelodge.oidc.steps import REFUSED
from tests.protocol.test_told_errors import ERRORS

ELSEWHERE = {
    "AADB2C90001": "protocol/page_protocol/test_scripts.py",
    "AADB2C90027": "journeys/test_api_connectors.py",
    "AADB2C90028": "journeys/test_api_connectors.py",
    "AADB2C90035": "protocol/test_token_errors.py",
    "AADB2C90037": "protocol/test_inner_trouble.py",
    "AADB2C90051": "journeys/test_no_way_in.py",
    "AADB2C90053": "protocol/page_protocol/test_scripts.py",
    "AADB2C90055": "protocol/test_on_behalf_of.py",
    "AADB2C90066": "protocol/test_token_errors.py",
    "AADB2C90075": "journeys/test_api_connectors.py",
    "AADB2C90085": "protocol/test_refresh_token.py",
    "AADB2C90111": "journeys/test_password_reset.py",
    "AADB2C90114": "protocol/page_protocol/test_attacks.py",
    "AADB2C90151": "journeys/test_second_factor.py",
    "AADB2C90155": "journeys/test_second_factor_codes.py",
    "AADB2C90162": "protocol/test_every_error_code.py",
    "AADB2C90175": "journeys/test_federation_attacks.py",
    "AADB2C90190": "journeys/test_federation_saml.py",
    "AADB2C90229": "protocol/page_protocol/test_attacks.py",
    "AADB2C90232": "protocol/test_own_hosts.py",
    "AADB2C90238": "protocol/test_own_hosts.py",
    "AADB2C90243": "journeys/test_federation.py",
    "AADB2C90249": "journeys/test_no_way_in.py",
    "AADB2C90255": "protocol/page_protocol/test_attacks.py",
    "AADB2C90261": "journeys/test_api_connectors.py",
    "AADB2C90273": "journeys/test_federation_attacks.py",
    "AADB2C90275": "journeys/test_api_connectors.py",
    "AADB2C90278": "journeys/test_age_gating.py",
    "AADB2C90284": "protocol/test_consent.py",
    "AADB2C90289": "journeys/test_federation_attacks.py",
    "AADB2C99002": "journeys/test_federation.py",
}
"""Codes that need more than a request to come about, and which tests bring them about."""


def test_every_code_is_told_in_some_test() -> None:
    assert {code for code, _ in ERRORS} | set(ELSEWHERE) == set(Code)
    tests = Path(__file__).parents[1]
    for code, name in ELSEWHERE.items():
        text = (tests / name).read_text()
        assert code[6:] in text or f"Code.{Code(code).name}" in text, (code, name)


def test_every_way_a_journey_is_refused_has_a_code_of_its_own_or_says_the_same() -> None:
    assert set(REFUSED) == set(Refusal)
    assert REFUSED[Refusal.CONNECTOR_TIMED_OUT] == ("server_error", Code.CONNECTOR_TIMED_OUT)
