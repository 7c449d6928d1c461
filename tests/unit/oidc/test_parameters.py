"""From octets to parameters, once and strictly."""

import pytest

from gatelodge.oidc.parameters import MalformedParameters, Parameters, parse_parameters


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", {}),
        (b"a=1&b=2", {"a": "1", "b": "2"}),
        (b"a=%C3%A4+%26%3D", {"a": "ä &="}),
        (b"a=1;b=2", {"a": "1;b=2"}),
        (b"a", {}),
        (b"a=&b=", {}),
        (b"=1", {"": "1"}),
        (b"a=%zz", {"a": "%zz"}),
    ],
)
def test_what_a_form_says(raw: bytes, expected: dict[str, str]) -> None:
    assert dict(parse_parameters(raw)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"a=1&a=2",
        b"a=&a=",
        b"%61=1&a=2",
        b"a=%00",
        b"%00=a",
        b"a=%FF",
        b"\xff=1",
        b"a=%ED%A0%80",
        b"a=%C0%80",
        b"&".join(b"p%d=" % number for number in range(101)),
    ],
)
def test_what_is_no_form(raw: bytes) -> None:
    with pytest.raises(MalformedParameters):
        parse_parameters(raw)


def test_values_are_not_shown_in_logs() -> None:
    assert repr(Parameters({"client_secret": "s3cret"})) == "Parameters(client_secret)"
