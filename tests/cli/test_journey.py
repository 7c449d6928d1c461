"""`gatelodge journey`: a type needs no database, a user flow does."""

import pytest

from gatelodge.cli import main
from gatelodge.journeys.catalogue import journey_for
from gatelodge.model.user_flow import UserFlowType


def test_the_steps_of_a_type_are_listed_and_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    main(["journey", "PASSWORDreset"])
    listed = capsys.readouterr().out.splitlines()
    steps = [str(each.name) for each in journey_for(UserFlowType.PASSWORD_RESET)]
    assert [line.split()[0] for line in listed] == steps
    main(["journey", "passwordReset", "--svg"])
    drawn = capsys.readouterr().out
    assert drawn.startswith("<svg ")
    assert all(f">{each}<" in drawn for each in steps)


@pytest.mark.parametrize(
    "words",
    [
        ("journey",),
        ("journey", "B2C_1_susi"),
        ("journey", "signIn", "--correlation-id", "x"),
        ("journey", "B2C_1_susi", "--data", "/nowhere"),
        ("journey", "signIn", "--data", "/a", "--config", "/b"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_looked_up_is_told_in_one_line(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(words)
    assert left.value.code == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
