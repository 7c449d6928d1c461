"""What an endpoint demands is one tuple of named checks, and each says which text wants it."""

import importlib
import pkgutil
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

import gatelodge.oidc

LISTS = {
    "authorize, par": ("oidc.checks", "AUTHORIZATION_CHECKS"),
    "logout": ("oidc.logout_checks", "LOGOUT_CHECKS"),
    "token, for every grant": ("oidc.guard", "GRANT_CHECKS"),
    "token, userinfo, authorize": ("oidc.guard", "USE_CHECKS"),
    "token, for what was granted": ("oidc.grants.standing", "STANDING_CHECKS"),
    "token, authorization_code": ("oidc.grants.authorization_code", "REDEMPTION_CHECKS"),
    "token, refresh_token": ("oidc.grants.refresh_token", "REFRESH_CHECKS"),
    "token, client_credentials": ("oidc.grants.client_credentials", "CREDENTIAL_CHECKS"),
    "token, password": ("oidc.grants.resource_owner", "PASSWORD_CHECKS"),
    "token, on behalf of": ("oidc.grants.on_behalf_of", "EXCHANGE_CHECKS"),
    "token, client assertion": ("oidc.client_assertion", "ASSERTION_CHECKS"),
    "token, userinfo, DPoP": ("oidc.proof_of_possession", "PROOF_CHECKS"),
    "devicecode": ("oidc.device_authorization", "DEVICE_CHECKS"),
    "revoke": ("oidc.revoke", "REVOCATION_CHECKS"),
    "introspect": ("oidc.introspect", "MAY_READ"),
    "userinfo, introspect": ("oidc.access_token", "CLAIM_CHECKS"),
    "register": ("oidc.registration.checks", "REGISTRATION_CHECKS"),
}
CITES = re.compile(
    r"(RFC \d+|OIDC|Registration|RP-Initiated|OAuth 2.0 Multiple)[^§]*§|B2C: AADB2C|\(AADB2C|Graph:"
)


def checks_of(module: str, name: str) -> tuple[Callable[..., Any], ...]:
    found: tuple[Callable[..., Any], ...] = getattr(
        importlib.import_module(f"gatelodge.{module}"), name
    )
    return found


EVERY = [(module, each) for module, name in LISTS.values() for each in checks_of(module, name)]


@pytest.mark.parametrize(
    "check", [each for _, each in EVERY], ids=[f"{m}.{each.__name__}" for m, each in EVERY]
)
def test_a_check_cites_its_section(check: Callable[..., Any]) -> None:
    assert CITES.search(check.__doc__ or ""), check.__doc__


def test_every_list_there_is_is_in_the_table() -> None:
    modules = pkgutil.walk_packages(gatelodge.oidc.__path__, "gatelodge.oidc.")
    declared = {
        (name.removeprefix("gatelodge."), each)
        for name in (module.name for module in modules)
        for each in vars(importlib.import_module(name))
        if each.endswith("_CHECKS")
        and getattr(importlib.import_module(name), each)[0].__module__ == name
    }
    assert declared | {LISTS["introspect"]} == set(LISTS.values())


@pytest.mark.parametrize(("module", "name"), LISTS.values(), ids=list(LISTS))
def test_checks_stand_in_the_order_they_are_asked_in(module: str, name: str) -> None:
    lines = [each.__code__.co_firstlineno for each in checks_of(module, name)]
    assert all(first < second for first, second in pairwise(lines))
