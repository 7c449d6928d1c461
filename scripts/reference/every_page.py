"""Every generated page, by its path below `docs/`."""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from scripts.reference.addresses import addresses_page, development_page
from scripts.reference.audit_events import audit_events_page
from scripts.reference.command_line import command_line_page
from scripts.reference.database import database_page
from scripts.reference.error_codes import error_codes_page
from scripts.reference.journeys import journeys_page
from scripts.reference.limits import limits_page
from scripts.reference.map import map_page
from scripts.reference.markdown import NOTE, page
from scripts.reference.page_protocol import page_protocol_page
from scripts.reference.pages import pages_page
from scripts.reference.settings import settings_page
from scripts.reference.specifications import specifications_page

DOCS = Path(__file__).resolve().parents[2] / "docs"
GENERATED = DOCS / "reference"

PAGES: Mapping[str, Callable[[], str]] = {
    "reference/addresses.md": addresses_page,
    "reference/audit-events.md": audit_events_page,
    "reference/command-line.md": command_line_page,
    "reference/development-api.md": development_page,
    "reference/error-codes.md": error_codes_page,
    "reference/journeys.md": journeys_page,
    "reference/limits.md": limits_page,
    "reference/page-protocol.md": page_protocol_page,
    "reference/pages.md": pages_page,
    "reference/settings.md": settings_page,
    "reference/specifications.md": specifications_page,
    "reference/tables.md": database_page,
    "explanation/map.md": map_page,
}


def every_page() -> Mapping[str, str]:
    """Return the text of every generated page."""
    found = {path: make() for path, make in PAGES.items()} | _graph_pages()
    return {**found, "reference/README.md": _contents(found)}


def _graph_pages() -> dict[str, str]:
    """Return what the entity model says of itself; each page marked as generated."""
    if find_spec("gatelodge.graph.reference") is None:
        return {}
    pages = import_module("gatelodge.graph.reference").pages
    return {
        f"reference/{path}": text if text.startswith(NOTE) else f"{NOTE}\n\n{text}"
        for path, text in pages().items()
    }


def _contents(found: Mapping[str, str]) -> str:
    listed = [
        f"- [{_title(text)}]({path.removeprefix('reference/')})"
        for path, text in sorted(found.items())
        if path.startswith("reference/")
    ]
    return page(
        "Reference",
        "Written by `make docs` from the code these pages describe.",
        "\n".join(listed),
    )


def _title(text: str) -> str:
    return next(line[2:] for line in text.splitlines() if line.startswith("# "))
