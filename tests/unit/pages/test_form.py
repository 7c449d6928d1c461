import pytest

from gatelodge.pages.catalogue import (
    VerificationStage,
    password_reset_page,
    profile_page,
    sign_in_page,
    sign_up_page,
)
from gatelodge.pages.form import pressed, read_answers, refill
from gatelodge.pages.page import Field, InputKind, Notice, Option, Page, Sentence

RULES = Sentence("password_rules_length", {"minimum": "8", "maximum": "64"})
OPTIONS = (Option(value="a", name="A"), Option(value="b", name="B"))


def asking(kind: InputKind, *, required: bool = True, max_length: int = 250) -> Page:
    field = Field(id="x", kind=kind, required=required, options=OPTIONS, max_length=max_length)
    return profile_page(attributes=(field,))


def test_good_answers_arrive_under_the_ids_of_their_fields() -> None:
    answers = read_answers(
        sign_in_page(), {"email": [" ada@ACME.example "], "password": [" p w "], "more": ["x"]}
    )
    assert answers.values == {"email": ("ada@acme.example",), "password": (" p w ",)}
    assert answers.text("email") == "ada@acme.example"
    assert answers.notices == ()


def test_every_missing_field_is_named() -> None:
    answers = read_answers(sign_in_page(), {"password": [""]})
    assert [n.field for n in answers.notices] == ["email", "password"]
    assert {n.string_id for n in answers.notices} == {"UserMessageIfMissingRequiredElement"}


def test_an_optional_field_may_stay_empty() -> None:
    answers = read_answers(asking(InputKind.TEXT, required=False), {"x": ["   "]})
    assert (answers.text("x"), answers.notices) == ("", ())


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x1bb", "a\x85b", "a\ud800b"])
@pytest.mark.parametrize("kind", [InputKind.TEXT, InputKind.PASSWORD, InputKind.EMAIL])
def test_control_characters_and_lone_surrogates_are_refused(kind: InputKind, text: str) -> None:
    notices = read_answers(asking(kind), {"x": [text]}).notices
    assert notices == (Notice("UserMessageIfInvalidInput", "x"),)


def test_a_text_may_be_as_long_as_the_field_and_no_longer() -> None:
    page = asking(InputKind.TEXT, max_length=3)
    assert read_answers(page, {"x": ["abc"]}).text("x") == "abc"
    (notice,) = read_answers(page, {"x": ["abcd"]}).notices
    assert (notice.string_id, notice.values) == ("UserMessageIfValidationError", {"maximum": "3"})


@pytest.mark.parametrize(
    ("kind", "texts", "values"),
    [
        (InputKind.DATE, ["1815-12-10"], ("1815-12-10",)),
        (InputKind.ONE_TIME_CODE, [" 123 456 "], ("123456",)),
        (InputKind.ONE_TIME_CODE, ["123-456"], ("123456",)),
        (InputKind.DROPDOWN, ["a"], ("a",)),
        (InputKind.RADIO, ["b"], ("b",)),
        (InputKind.CHECKBOXES, ["a", "b", "a"], ("a", "b")),
    ],
)
def test_each_kind_of_field_reads_its_own_shape(
    kind: InputKind, texts: list[str], values: tuple[str, ...]
) -> None:
    assert read_answers(asking(kind), {"x": texts}).values == {"x": values}


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (InputKind.DATE, ["1815-13-10"]),
        (InputKind.EMAIL, ["ada@"]),
        (InputKind.ONE_TIME_CODE, ["12;456"]),
        (InputKind.ONE_TIME_CODE, ["１２３４５６"]),  # noqa: RUF001 - wide digits
        (InputKind.DROPDOWN, ["c"]),
        (InputKind.RADIO, ["a", "b"]),
        (InputKind.CHECKBOXES, ["a", "c"]),
        (InputKind.TEXT, ["a", "b"]),
    ],
)
def test_an_answer_of_another_shape_is_refused(kind: InputKind, texts: list[str]) -> None:
    answers = read_answers(asking(kind), {"x": texts})
    assert [n.field for n in answers.notices] == ["x"]
    assert "x" not in answers.values


def test_a_settled_address_cannot_be_replaced_by_sending_another() -> None:
    page = password_reset_page(stage=VerificationStage.CODE_SENT, email="ada@acme.example")
    answers = read_answers(
        page, {"email": ["eve@acme.example"], "emailVerificationCode": ["123456"]}
    )
    assert answers.values == {"emailVerificationCode": ("123456",)}


def test_a_form_of_an_unproved_address_has_no_password_to_read() -> None:
    page = sign_up_page(stage=VerificationStage.ADDRESS_WANTED, password_rules=RULES)
    answers = read_answers(page, {"email": ["a@b.example"], "newPassword": ["Secret-1234"]})
    assert answers.values == {"email": ("a@b.example",)}


@pytest.mark.parametrize(
    ("sent", "action"),
    [
        (["next"], "next"),
        (["createAccount"], "createAccount"),
        (["x"], None),
        ([], None),
        (["next", "createAccount"], None),
    ],
)
def test_only_an_action_of_the_page_counts_as_pressed(sent: list[str], action: str | None) -> None:
    assert pressed(sign_in_page(), {"action": sent}) == action


def test_a_link_that_is_not_offered_cannot_be_pressed() -> None:
    page = sign_in_page(offers_sign_up=False)
    assert pressed(page, {"action": ["createAccount"]}) is None


def test_a_page_shown_again_keeps_what_was_typed_but_no_password() -> None:
    notices = (Notice("UserMessageIfInvalidPassword"),)
    sent = {"email": ["ada@\x00acme"], "password": ["Secret-1234"]}
    page = refill(sign_in_page(), sent, notices=notices)
    assert [f.value for f in page.fields] == ["ada@acme", ""]
    assert page.notices == notices


def test_a_page_shown_again_keeps_what_was_chosen_and_what_is_settled() -> None:
    chosen = refill(asking(InputKind.CHECKBOXES), {"x": ["b"]}, notices=())
    assert [o.is_selected for o in chosen.fields[0].options] == [False, True]
    page = password_reset_page(stage=VerificationStage.CODE_SENT, email="ada@acme.example")
    again = refill(page, {"email": ["eve@acme.example"]}, notices=())
    assert [f.value for f in again.all_fields] == ["ada@acme.example", ""]


def test_what_a_person_typed_is_not_in_the_repr() -> None:
    answers = read_answers(sign_in_page(), {"email": ["a@b.example"], "password": ["Secret-1"]})
    assert "Secret-1" not in repr(answers)
