"""What makes an installation weaker than it could be, in words an operator can act on."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from gatelodge.model.directory import Directory
from gatelodge.model.installation import Installation
from gatelodge.settings import Settings

_SWITCHES = {
    "allows_pkce_plain": "accepts PKCE challenges that are not hashed",
    "trims_passwords": "cuts blanks off passwords",
    "redirects_after_logout_unchecked": "sends people anywhere after they sign out",
    "tells_unknown_accounts": "tells whether a name has an account, and whether it is switched off",
    "registers_applications": "lets applications with the permission register others themselves",
    "speaks_page_protocol": "lets scripts written for B2C use the pages, and steps count by GET",
}


_STRICTER = frozenset({"demands_proof_nonces"})
"""Switches that weaken nothing."""


def weaknesses(
    settings: Settings, installation: Installation | None, directories: Sequence[Directory]
) -> Iterator[str]:
    """Yield one sentence for each weakness."""
    yield from _of_settings(settings)
    if installation is None:
        yield "the database is not set up; run gatelodge bootstrap"
    elif installation.is_development:
        yield "the database was seeded by development mode; its secrets are known"
    for directory in directories:
        yield from _of_directory(directory)


def _of_settings(settings: Settings) -> Iterator[str]:
    if not settings.smtp_host:
        yield "smtp_host is empty: no code can be sent, so nobody can sign up or reset a password"
    elif settings.smtp_security == "none":
        yield "smtp_security is none: codes travel to the mail server in clear text"
    for name, what in (("sms_url", "text messages"), ("voice_url", "calls")):
        if not getattr(settings, name):
            yield f"{name} is empty: no user flow can send codes by {what}"
    if not settings.tls_certificate:
        yield "no tls_certificate: the way from the proxy in front to here is in clear text"
    if settings.trusted_proxies == "*":
        yield "trusted_proxies is *: anybody can claim any address as theirs"
    if settings.database.startswith("sqlite:"):
        yield "SQLite: one process on one machine; there is no standby to take over"
    if settings.outbound_networks:
        yield (
            "outbound_networks lets administrators of directories send requests to "
            f"{settings.outbound_networks}"
        )
    if settings.log_level == "debug":
        yield "log_level is debug: libraries may write more than ids"


def _of_directory(directory: Directory) -> Iterator[str]:
    for each in fields(directory.switches):
        if getattr(directory.switches, each.name) and each.name not in _STRICTER:
            sentence = _SWITCHES.get(each.name, "is on")
            yield f"directory {directory.domain}: {each.name}, {sentence}"
