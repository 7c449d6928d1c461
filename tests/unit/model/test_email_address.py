import pytest

from gatelodge.model.email_address import parse_email_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ada@acme.example", "ada@acme.example"),
        ("Ada.Lovelace+news@ACME.Example", "Ada.Lovelace+news@acme.example"),
        ("o'brien@acme.example", "o'brien@acme.example"),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a_b-c@1.acme.example", "a_b-c@1.acme.example"),
        (f"{'a' * 64}@acme.example", f"{'a' * 64}@acme.example"),
    ],
)
def test_an_ordinary_address_is_accepted(text: str, address: str) -> None:
    assert parse_email_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@acme.example",
        "ada@",
        "ada@localhost",
        '"a@b"@c.example',
        "a@b@c.example",
        "a(comment)@b.example",
        "=?utf-8?q?x=40evil.example=3e?=@b.example",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@b.example,evil@d.example",
        "a b@c.example",
        " ada@acme.example",
        "ada@acme.example\n",
        "ada@acme.example\r\nBcc: evil@d.example",
        "ada\x00@acme.example",
        "a%b.example@c.example",
        "b.example!a@c.example",
        "<a@b.example>",
        ".a@b.example",
        "a..b@c.example",
        "a.@b.example",
        "a@-b.example",
        "a@b-.example",
        "a@b..example",
        "a@b.example.",
        "a@bücher.example",
        "ädä@acme.example",
        "а@acme.example",  # noqa: RUF001 - a Cyrillic letter
        f"{'a' * 65}@acme.example",
        f"a@{'b' * 64}.example",
        f"a@{'b.' * 130}example",
    ],
)
def test_an_address_that_could_be_read_in_two_ways_is_refused(text: str) -> None:
    assert parse_email_address(text) is None
