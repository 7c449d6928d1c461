"""Settings: read once by the command line, from a TOML file and the environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
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
    hash_memory_kib: int = _setting("argon2id memory, at least 19456", 19_456)
    hash_passes: int = _setting("argon2id passes, at least 2", 2)
    hash_threads: int = _setting("Threads that hash passwords; 0 = one for each core", 0)
    log_level: str = _setting("debug, info, warning or error", "info")

    @property
    def origin(self) -> str:
        """Return scheme, host and port without a trailing slash."""
        return self.public_url.rstrip("/")


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of a TOML file, overridden by `GATELODGE_…` variables.

    Raises `Invalid` with every problem found: an unreadable file, an unknown or missing key, a
    value of the wrong type or out of range.
    """
    try:
        found: dict[str, Any] = tomllib.loads(path.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(Problem("config", f"{path}: {error}")) from error
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


def _out_of_range(settings: Settings) -> list[Problem]:
    url = urlsplit(settings.public_url)
    found = []
    if url.scheme != "https" or not url.hostname or url.path not in {"", "/"} or url.query:
        found.append(Problem("public_url", "public_url must be https://host[:port] and no more"))
    if settings.hash_memory_kib < 19_456 or settings.hash_passes < 2:
        found.append(Problem("hash_memory_kib", "hashing must use at least 19456 KiB and 2 passes"))
    if settings.workers > 1 and not settings.database.startswith("postgres"):
        found.append(Problem("workers", "more than one worker needs PostgreSQL"))
    if settings.smtp_security not in {"starttls", "tls", "none"}:
        found.append(Problem("smtp_security", "smtp_security must be starttls, tls or none"))
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        found.append(Problem("tls_key", "tls_certificate and tls_key belong together"))
    return found
