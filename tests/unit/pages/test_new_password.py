import pytest

from gatelodge.model.password_rules import Breach, PasswordRules
from gatelodge.pages.language import load_packaged_strings
from gatelodge.pages.new_password import MISMATCH, TOO_COMMON, breach_notice, rules_sentence
from gatelodge.pages.page import Notice, PageId, Sentence

ENGLISH = load_packaged_strings()["en"]
STRONG = PasswordRules(minimum=8, maximum=64, classes=3)
PAGES = (PageId.LOCAL_SIGN_UP, PageId.NEW_PASSWORD)


@pytest.mark.parametrize(
    ("rules", "string_id"),
    [
        (PasswordRules(minimum=8, maximum=64), "password_rules_length"),
        (STRONG, "password_rules_classes"),
        (PasswordRules(minimum=4, maximum=6, is_digits_only=True), "password_rules_digits"),
        (PasswordRules(minimum=15, maximum=256), "password_rules_phrase"),
    ],
)
@pytest.mark.parametrize("page_id", PAGES)
def test_every_set_of_rules_has_its_sentence(
    page_id: PageId, rules: PasswordRules, string_id: str
) -> None:
    sentence = rules_sentence(rules)
    assert sentence.string_id == string_id
    text = ENGLISH.text(page_id, sentence)
    assert str(rules.minimum) in text
    assert "{" not in text


@pytest.mark.parametrize(
    "notice", [*(breach_notice(each, STRONG) for each in Breach), TOO_COMMON, MISMATCH]
)
@pytest.mark.parametrize("page_id", PAGES)
def test_every_shortcoming_has_its_sentence(page_id: PageId, notice: Notice) -> None:
    assert "{" not in ENGLISH.text(page_id, Sentence(notice.string_id, notice.values))
