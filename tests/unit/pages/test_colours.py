import pytest

from gatelodge.pages.colours import contrast, readable_on, style_sheet
from tests.world.makers import a_branding

COLOURS = ["#000000", "#ffffff", "#ffee00", "#0a5f8f", "#777777", "#ff0000", "#1d6a4f"]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#777777", "#777777", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("ground", ["#f5f3ee", "#121815", "#ffffff", "#000000"])
@pytest.mark.parametrize("colour", COLOURS)
def test_whatever_is_chosen_can_be_read(ground: str, colour: str) -> None:
    assert contrast(ground, readable_on(ground, colour)) >= 4.5


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable_on("#ffffff", "#0a5f8f") == "#0a5f8f"


@pytest.mark.parametrize("colour", COLOURS)
def test_what_is_written_on_a_colour_can_be_read(colour: str) -> None:
    sheet = style_sheet(a_branding(accent_color=colour, background_color=colour))
    for part in sheet.split("@media"):
        said = dict(each.split(":") for each in part[part.index("--") :].rstrip("}\n").split(";"))
        assert contrast(said["--pine"], said["--on-pine"]) >= 4.5
        assert contrast(said["--front-from"], said["--on-front"]) >= 4.5
        assert contrast(said["--front-to"], said["--on-front"]) >= 4.5


def test_a_look_without_colours_needs_no_style_sheet() -> None:
    assert style_sheet(a_branding(accent_color=None)) == ""
