"""Settings: read once by the command line, from a TOML file and the environment."""

import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gatelodge.errors import Invalid, Problem


def _setting(doc: str, default: Any = MISSING) -> Any:  # noqa: ANN401 - dataclasses.field
    if default is MISSING:
        return field(metadata={"doc": doc})
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs.

    Every field is a key of the TOML file and, as `GATELODGE_{FIELD}`, a variable of the
    environment, which wins.
    """

    public_url: str = _setting("Origin people and applications reach the server at, https://…")
    own_hosts: str = _setting(
        "Comma-separated hosts of one directory each, login.contoso.com=contoso.example", ""
    )
    database: str = _setting("sqlite:///file or postgresql://…")
    key_file: str = _setting("File with the master key (32 octets), readable by its owner only")
    host: str = _setting("Address to listen on", "127.0.0.1")
    port: int = _setting("Port to listen on", 8443)
    tls_certificate: str = _setting("PEM chain; empty when a proxy in front ends TLS", "")
    tls_key: str = _setting("PEM private key belonging to tls_certificate", "")
    workers: int = _setting("Processes; more than one needs PostgreSQL", 1)
    trusted_proxies: str = _setting("Comma-separated addresses whose X-Forwarded-For counts", "")
    smtp_host: str = _setting("Mail server; without one no code can be sent", "")
    smtp_port: int = _setting("Port of the mail server", 587)
    smtp_username: str = _setting("User name at the mail server", "")
    smtp_password: str = _setting("Password at the mail server", "")
    smtp_security: str = _setting("starttls, tls or none", "starttls")
    mail_from: str = _setting("Sender of every mail", "")
    sms_url: str = _setting("https address that takes text messages; without one none is sent", "")
    sms_token: str = _setting("Bearer token the address of text messages asks for", "")
    voice_url: str = _setting("https address that takes calls; without one nobody is called", "")
    voice_token: str = _setting("Bearer token the address of calls asks for", "")
    phone_regions: str = _setting(
        "Comma-separated regions (two capitals each) phones may belong to; empty for all", ""
    )
    phone_messages_per_day: int = _setting(
        "Most text messages and calls each directory sends in a day", 1000
    )
    hash_memory_kib: int = _setting("argon2id memory, at least 19456", 19_456)
    hash_passes: int = _setting("argon2id passes, at least 2", 2)
    hash_threads: int = _setting("Threads that hash passwords; 0 = one for each core", 0)
    outbound_networks: str = _setting(
        "Comma-separated networks that are not public and may be sent requests to", ""
    )
    outbound_authorities: str = _setting(
        "PEM file of authorities that certify whom we send requests to, beside the usual ones", ""
    )
    audit_days: int = _setting("Days audit events are kept, at least 7", 90)
    journey_days: int = _setting("Days the steps of journeys are kept, 0 for none", 30)
    log_level: str = _setting("debug, info, warning or error", "info")

    @property
    def origin(self) -> str:
        """Return scheme, host and port as browsers write them: forms have to come from there."""
        host = urlsplit(self.public_url).netloc.lower()
        return f"https://{host.removesuffix(':443').removesuffix(':')}"


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a TOML file, overridden by `GATELODGE_…` variables.

    Raises `Invalid` with every problem found: an unreadable file, an unknown or missing key, a
    value of the wrong type or out of range.
    """
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text())
    except OSError as error:
        sentence = f"{path} cannot be read: {error.strerror}"
        raise Invalid(Problem("config", sentence)) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(Problem("config", f"{path} is not TOML: {error}")) from error
    known = {each.name: each for each in fields(Settings)}
    problems = [Problem(name, f"unknown setting '{name}'") for name in found if name not in known]
    for name in known:
        if (value := environment.get(f"GATELODGE_{name.upper()}")) is not None:
            found[name] = value
    values: dict[str, Any] = {}
    for name, each in known.items():
        if name in found:
            values[name] = _read(each, found[name], problems)
        elif each.default is MISSING:
            problems.append(Problem(name, f"setting '{name}' is missing"))
    if problems:
        raise Invalid(*problems)
    settings = Settings(**values)
    if problems := list(_out_of_range(settings)):
        raise Invalid(*problems)
    return settings


def _read(each: "Field[Any]", value: object, problems: list[Problem]) -> object:
    if each.type is int or each.type == "int":
        try:
            return int(str(value))
        except ValueError:
            problems.append(Problem(each.name, f"setting '{each.name}' must be a whole number"))
            return 0
    if not isinstance(value, str):
        problems.append(Problem(each.name, f"setting '{each.name}' must be text"))
    return value


def _out_of_range(settings: Settings) -> Iterator[Problem]:
    for name, sentence, is_wrong in _RULES:
        if is_wrong(settings):
            yield Problem(name, sentence)


def _is_no_origin(settings: Settings) -> bool:
    try:
        url = urlsplit(settings.public_url)
        is_port_fine = url.port is None or url.port > 0
    except ValueError:
        return True
    is_origin = url.scheme == "https" and bool(url.hostname) and url.path in {"", "/"}
    is_bare = not (url.query or url.fragment or url.username or url.password)
    return not (is_origin and is_bare and is_port_fine)


def _is_in_the_clear(settings: Settings) -> bool:
    is_protected = bool(settings.tls_certificate or settings.trusted_proxies)
    return settings.host not in _LOOPBACK and not is_protected


def _is_mail_in_the_clear(settings: Settings) -> bool:
    return settings.smtp_security == "none" and settings.smtp_host not in {"", *_LOOPBACK}


def _is_no_way_out(url: str) -> bool:
    return bool(url) and not url.startswith("https://")


def _is_weakly_hashed(settings: Settings) -> bool:
    return settings.hash_memory_kib < 19_456 or settings.hash_passes < 2


def _is_too_costly(settings: Settings) -> bool:
    return settings.hash_memory_kib > 4_194_304 or settings.hash_passes > 100


def _is_no_list_of_networks(settings: Settings) -> bool:
    try:
        for each in filter(None, settings.outbound_networks.split(",")):
            ip_network(each.strip())
    except ValueError:
        return True
    return False


def _is_shared_sqlite(settings: Settings) -> bool:
    return settings.workers > 1 and not settings.database.startswith("postgres")


_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_RULES: tuple[tuple[str, str, Callable[[Settings], bool]], ...] = (
    ("public_url", "public_url must be https://host[:port] and no more", _is_no_origin),
    (
        "database",
        "database must be sqlite:///file or postgresql://…",
        lambda it: not it.database.startswith(("sqlite:///", "postgresql://", "postgres://")),
    ),
    ("port", "port must be from 1 to 65535", lambda it: not 1 <= it.port <= 65_535),
    ("smtp_port", "smtp_port must be from 1 to 65535", lambda it: not 1 <= it.smtp_port <= 65_535),
    ("workers", "workers must be at least 1", lambda it: it.workers < 1),
    ("workers", "more than one worker needs PostgreSQL", _is_shared_sqlite),
    ("hash_memory_kib", "hashing must use at least 19456 KiB and 2 passes", _is_weakly_hashed),
    ("hash_memory_kib", "hashing must use at most 4 GiB and 100 passes", _is_too_costly),
    ("hash_threads", "hash_threads must not be negative", lambda it: it.hash_threads < 0),
    (
        "outbound_networks",
        "outbound_networks must be networks like 10.1.0.0/16, with commas between them",
        _is_no_list_of_networks,
    ),
    (
        "audit_days",
        "audit_days must be from 7 to 36500",
        lambda it: not 7 <= it.audit_days <= 36_500,
    ),
    (
        "journey_days",
        "journey_days must be from 0 to 36500",
        lambda it: not 0 <= it.journey_days <= 36_500,
    ),
    (
        "log_level",
        "log_level must be debug, info, warning or error",
        lambda it: it.log_level not in {"debug", "info", "warning", "error"},
    ),
    (
        "smtp_security",
        "smtp_security must be starttls, tls or none",
        lambda it: it.smtp_security not in {"starttls", "tls", "none"},
    ),
    (
        "smtp_security",
        "smtp_security none is for a mail server on this machine only",
        _is_mail_in_the_clear,
    ),
    (
        "mail_from",
        "mail_from must be the address mail comes from",
        lambda it: bool(it.smtp_host) and "@" not in it.mail_from,
    ),
    ("sms_url", "sms_url must be https://…", lambda it: _is_no_way_out(it.sms_url)),
    ("voice_url", "voice_url must be https://…", lambda it: _is_no_way_out(it.voice_url)),
    (
        "phone_regions",
        "phone_regions must be regions like DE, with commas between them",
        lambda it: re.fullmatch(r"(?:[A-Z]{2}(?:, ?[A-Z]{2})*)?", it.phone_regions) is None,
    ),
    (
        "phone_messages_per_day",
        "phone_messages_per_day must not be negative",
        lambda it: it.phone_messages_per_day < 0,
    ),
    (
        "smtp_password",
        "smtp_username and smtp_password belong together",
        lambda it: bool(it.smtp_username) != bool(it.smtp_password),
    ),
    (
        "tls_key",
        "tls_certificate and tls_key belong together",
        lambda it: bool(it.tls_certificate) != bool(it.tls_key),
    ),
    (
        "host",
        "beyond loopback the server needs tls_certificate, or trusted_proxies that end TLS",
        _is_in_the_clear,
    ),
)
