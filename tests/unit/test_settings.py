"""Settings: one file, the environment above it, and nothing weak."""

from pathlib import Path

import pytest

from gatelodge.app.sending import messaging_of
from gatelodge.errors import Invalid
from gatelodge.model.message import Channel
from gatelodge.settings import Settings, read_settings
from tests.world.installation import Installation


def read(installation: Installation, **environment: str) -> Settings:
    return read_settings(installation.config, environment)


def test_the_environment_wins(installation: Installation) -> None:
    found = read(installation, GATELODGE_PORT="9000", GATELODGE_SMTP_PASSWORD="", PORT="1")
    assert found.port == 9000
    assert found.mail_from == "no-reply@acme.example"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://login.acme.example/", "https://login.acme.example"),
        ("HTTPS://Login.Acme.Example:443", "https://login.acme.example"),
        ("https://login.acme.example:", "https://login.acme.example"),
        ("https://login.acme.example:8443", "https://login.acme.example:8443"),
        ("https://[::1]:443", "https://[::1]"),
    ],
)
def test_the_origin_is_written_as_browsers_write_it(
    installation: Installation, url: str, origin: str
) -> None:
    assert read(installation, GATELODGE_PUBLIC_URL=url).origin == origin


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gatelodge.toml"
    path.write_text("port = ")
    with pytest.raises(Invalid, match=r"gatelodge\.toml"):
        read_settings(path, {})


def test_every_missing_setting_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "gatelodge.toml"
    path.write_text("")
    with pytest.raises(Invalid) as refused:
        read_settings(path, {})
    assert {each.target for each in refused.value.problems} == {
        "public_url",
        "database",
        "key_file",
    }


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("port", "here", "whole number"),
        ("mail_from", 7, "must be text"),
        ("public_url", "http://login.acme.example", "public_url"),
        ("public_url", "https://login.acme.example/path", "public_url"),
        ("public_url", "https://login.acme.example:port", "public_url"),
        ("database", "mysql://here/there", "database must be"),
        ("port", 0, "port"),
        ("host", "192.0.2.1", "tls_certificate"),
        ("workers", 2, "PostgreSQL"),
        ("workers", 0, "workers"),
        ("hash_passes", 1, "19456"),
        ("hash_memory_kib", 1024, "19456"),
        ("smtp_security", "perhaps", "smtp_security"),
        ("smtp_host", "mail.acme.example", "this machine only"),
        ("mail_from", "", "mail_from"),
        ("smtp_username", "ada", "belong together"),
        ("tls_key", "/nowhere", "belong together"),
        ("log_level", "loud", "log_level"),
        ("sms_url", "http://gateway.example", "sms_url"),
        ("voice_url", "gateway.example", "voice_url"),
        ("phone_regions", "Germany", "phone_regions"),
        ("phone_messages_per_day", -1, "phone_messages_per_day"),
        ("colour", "green", "unknown setting 'colour'"),
    ],
)
def test_a_weak_or_senseless_setting_is_refused(
    installation: Installation, name: str, value: str | int, said: str
) -> None:
    installation.changes = {name: value}
    with pytest.raises(Invalid) as refused:
        read(installation)
    assert said in str(refused.value)


def test_what_cannot_be_sent_is_not_offered(installation: Installation) -> None:
    assert messaging_of(read(installation)).channels == {Channel.EMAIL}
    installation.changes = {"sms_url": "https://gateway.example", "phone_regions": "DE, AT"}
    found = messaging_of(read(installation))
    assert found.channels == {Channel.EMAIL, Channel.SMS}
    assert found.phone_regions == ("DE", "AT")


def test_a_region_there_is_not_is_refused(installation: Installation) -> None:
    installation.changes = {"phone_regions": "DE,QQ"}
    with pytest.raises(Invalid, match="there is no QQ"):
        messaging_of(read(installation))
