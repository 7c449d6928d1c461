"""Less safe behaviours: turned on by name, written down, listed by the doctor."""

from dataclasses import fields

from gatelodge.cli import SWITCHES
from gatelodge.model.directory import Switches
from tests.world.installation import Installation

NAME = "tells_unknown_accounts"


def test_every_switch_can_be_set_by_its_name() -> None:
    assert {each.name for each in fields(Switches)} == set(SWITCHES)


def test_a_switch_is_set_and_the_doctor_lists_it(installation: Installation) -> None:
    installation.set_up()
    on = installation.run("switch", NAME, "on", "--domain", "acme.example")
    assert (on.returncode, on.stdout) == (0, f"acme.example: {NAME} is on.\n")
    assert NAME in installation.run("doctor").stdout
    again = installation.run("switch", NAME, "on", "--domain", "ACME.example")
    assert "as it was" in again.stdout
    installation.run("switch", NAME, "off", "--domain", "acme.example")
    assert NAME not in installation.run("doctor").stdout
    assert installation.run("audit", "verify").returncode == 0


def test_what_is_no_switch_or_no_directory_is_refused(installation: Installation) -> None:
    installation.set_up()
    for arguments in (
        ("everything", "on", "--domain", "acme.example"),
        (NAME, "maybe", "--domain", "acme.example"),
        (NAME, "on", "--domain", "other.example"),
        ("redirects_after_logout_unchecked", "on", "--domain", "acme.example"),
    ):
        answer = installation.run("switch", *arguments)
        assert answer.returncode == 2, arguments
        assert answer.stderr.startswith("gatelodge: ")
        assert answer.stderr.count("\n") == 1
