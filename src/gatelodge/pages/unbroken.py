"""Dates and numbers that stay on one line, on however narrow a page."""

_NO_BREAK_AFTER = str.maketrans({"-": "\N{NON-BREAKING HYPHEN}", " ": "\N{NO-BREAK SPACE}"})


def unbroken(text: str) -> str:
    """Return a text as it is shown in a sentence, where no line ends within it."""
    return text.translate(_NO_BREAK_AFTER)
