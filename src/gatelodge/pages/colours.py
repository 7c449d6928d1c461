"""Colours that can be read: an administrator's, moved as far as reading them takes."""

from typing import TypeAlias

from gatelodge.model.branding import Branding

Colour: TypeAlias = tuple[int, int, int]

_TEXT = 4.5
"""The contrast of text with what is behind it (WCAG 2.2, 1.4.3)."""

_LIGHT, _DARK, _WHITE, _BLACK = "#f5f3ee", "#121815", "#ffffff", "#000000"
_STEPS = 40


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(_read(one)), _luminance(_read(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_on(ground: str, colour: str) -> str:
    """Return the colour, or the nearest one towards black or white that can be read on `ground`."""
    towards = _WHITE if _luminance(_read(ground)) < 0.18 else _BLACK
    for step in range(_STEPS + 1):
        found = _mixed(colour, towards, step / _STEPS)
        if contrast(ground, found) >= _TEXT:
            return found
    return towards


def style_sheet(branding: Branding) -> str:
    """Return the rules that give a look its colours, or nothing where it has none of its own."""
    light: list[str] = []
    dark: list[str] = []
    if branding.background_color is not None:
        light += _front(branding.background_color)
        dark += _front(_mixed(branding.background_color, _BLACK, 0.25))
    if branding.accent_color is not None:
        light += _accent(readable_on(_LIGHT, branding.accent_color), deeper=_BLACK)
        dark += _accent(readable_on(_DARK, branding.accent_color), deeper=_WHITE)
    if not light:
        return ""
    inner = ";".join(dark)
    return f":root{{{';'.join(light)}}}\n@media (prefers-color-scheme: dark){{:root{{{inner}}}}}\n"


def _front(colour: str) -> list[str]:
    words = _written_on(colour)
    return [
        f"--front-from:{colour.lower()}",
        f"--front-to:{readable_on(words, _mixed(colour, _WHITE, 0.08))}",
        f"--on-front:{words}",
    ]


def _accent(colour: str, *, deeper: str) -> list[str]:
    return [
        f"--pine:{colour}",
        f"--pine-deep:{_mixed(colour, deeper, 0.2)}",
        f"--on-pine:{_written_on(colour)}",
        f"--link:{colour}",
        f"--focus:{colour}",
    ]


def _written_on(colour: str) -> str:
    # One of the two always has a contrast of 4.58 or more.
    return max((_WHITE, _BLACK), key=lambda each: contrast(colour, each))


def _mixed(one: str, other: str, share: float) -> str:
    pairs = zip(_read(one), _read(other), strict=True)
    red, green, blue = (round(a + (b - a) * share) for a, b in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _read(colour: str) -> Colour:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Colour) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
