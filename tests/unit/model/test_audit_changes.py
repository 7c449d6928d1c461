"""What is told of a change, and what never is."""

from dataclasses import dataclass, replace

import pytest

from gatelodge.model.audit import PropertyChange
from gatelodge.model.audit_changes import LONGEST_VALUE, changes_between, wire_name
from gatelodge.model.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    key_name: str
    client_secret: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    id: str = "door-1"
    revision: int = 0
    colour: str | None = "red"
    postal_code: str | None = None
    password: str | None = None
    opener: Secret[str] | None = None
    locks: tuple[Lock, ...] = ()
    is_open: bool = False


def test_only_what_differs_is_told() -> None:
    changed = changes_between(Door(), Door(colour="blue", revision=1))
    assert changed == (PropertyChange(name="colour", old='"red"', new='"blue"'),)
    assert changes_between(Door(), Door()) == ()


def test_a_value_that_goes_or_comes_has_no_other_side() -> None:
    gone = changes_between(Door(), Door(colour=None))
    assert gone == (PropertyChange(name="colour", old='"red"'),)
    made = {each.name: each for each in changes_between(None, Door())}
    assert made["colour"] == PropertyChange(name="colour", new='"red"')
    assert set(made) == {"colour", "isOpen"}
    assert changes_between(Door(), None)[0].new is None


@pytest.mark.parametrize(
    "changed",
    [Door(password="hush"), Door(opener=Secret("hush")), Door(colour="hush")],
    ids=["by its name", "by its type", "by decree"],
)
def test_of_a_secret_only_the_name_is_told(changed: Door) -> None:
    found = changes_between(Door(colour=None), changed, secret={"colour"})
    assert all(each.old is None and each.new is None for each in found if each.name != "isOpen")
    assert "hush" not in str(found)


def test_a_secret_inside_is_left_out_and_its_change_is_told() -> None:
    before = Door(locks=(Lock(key_name="front", client_secret="hush"),))
    after = replace(before, locks=(Lock(key_name="front", client_secret="whisper"),))
    assert changes_between(before, after) == (PropertyChange(name="locks"),)
    (gone,) = changes_between(before, Door())
    assert gone.old == '[{"keyName":"front"}]'


def test_an_ordinary_name_that_ends_like_a_code_is_told() -> None:
    (found,) = changes_between(Door(), Door(postal_code="1234"))
    assert found == PropertyChange(name="postalCode", new='"1234"')


def test_a_long_value_is_cut() -> None:
    (found,) = changes_between(Door(), Door(colour="x" * 10_000))
    assert found.new is not None
    assert len(found.new) == LONGEST_VALUE


def test_the_name_of_the_interface_is_used_where_it_differs() -> None:
    (found,) = changes_between(Door(), Door(colour=None), names={"colour": "paintColor"})
    assert found.name == "paintColor"
    assert wire_name("is_self_service") == "isSelfService"
