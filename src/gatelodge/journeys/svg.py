"""Write a picture as SVG 1.1: shapes and text at places, nothing else, and no script or style."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


@dataclass(slots=True)
class Svg:
    """A picture under way; coordinates are pixels from the upper left corner."""

    width: int
    height: int
    title: str
    _parts: list[str] = field(default_factory=list)

    def add(self, element: str, text: str | None = None, **attributes: object) -> None:
        """Add an element; `_` in the name of an attribute stands for a hyphen."""
        given = "".join(
            f" {name.replace('_', '-')}={quoteattr(str(value))}"
            for name, value in attributes.items()
        )
        end = "/>" if text is None else f">{escape(text)}</{element}>"
        self._parts.append(f"<{element}{given}{end}")

    def text(self, x: float, y: float, text: str, **attributes: object) -> None:
        """Add one line of text; `y` is its base line."""
        self.add("text", text, x=x, y=y, **attributes)

    def __str__(self) -> str:
        """Return the whole file."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}"'
            f' viewBox="0 0 {self.width} {self.height}" role="img" font-family={quoteattr(FONT)}'
            ' font-size="13">'
        )
        backdrop = f'<rect width="{self.width}" height="{self.height}" fill="#ffffff"/>'
        title = f"<title>{escape(self.title)}</title>"
        return "\n".join((head, title, backdrop, *self._parts, "</svg>", ""))


def wrapped(text: str, longest: int) -> list[str]:
    """Break a text into lines of at most so many characters, between words."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > longest:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
