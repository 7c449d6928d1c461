"""Write every generated page, and take away what is not generated any more."""

from scripts.reference.every_page import DOCS, GENERATED, every_page


def main() -> None:
    """Write what differs."""
    pages = every_page()
    for path, text in pages.items():
        file = DOCS / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
    for file in GENERATED.rglob("*.md"):
        if str(file.relative_to(DOCS)) not in pages:
            file.unlink()


if __name__ == "__main__":
    main()
