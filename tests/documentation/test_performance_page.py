"""The page about performance shows what was measured, and nothing written by hand among it."""

import json

from bench.page import BEGIN, END, FIGURES, PAGE, written


def test_the_figures_of_the_page_are_those_of_the_run() -> None:
    page = PAGE.read_text()
    assert page.count(BEGIN) == page.count(END) == 1
    assert written(page, json.loads(FIGURES.read_text())) == page


def test_a_figure_changed_by_hand_is_noticed() -> None:
    page = PAGE.read_text()
    begun = page.index(BEGIN)
    forged = page[:begun] + page[begun:].replace("client credentials", "client wishes", 1)
    assert written(forged, json.loads(FIGURES.read_text())) != forged
