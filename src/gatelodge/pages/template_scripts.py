"""The scripts of an administrator's page: found, and told apart from what is no script."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from gatelodge.errors import Invalid, Problem
from gatelodge.model.page_script import ScriptTiming

MOST_SCRIPTS = 20
SCRIPT_TYPES = frozenset(
    {
        "application/ecmascript",
        "application/javascript",
        "application/x-javascript",
        "text/ecmascript",
        "text/javascript",
    }
)
_MODULE = "module"
_OF_HEAD = frozenset(
    {"html", "head", "meta", "title", "link", "style", "script", "base", "noscript"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundScript:
    """A script as it stands in a page: `src` is an absolute address, or else `text` is all of it.

    `integrity` is what the page says about the content at the address (SRI §3.1).
    """

    text: str
    src: str | None
    integrity: str
    is_module: bool
    timing: ScriptTiming
    is_in_head: bool


def scripts_in(
    html: str, page_uri: str, *, is_development: bool, from_body: bool
) -> tuple[FoundScript, ...]:
    """Return the scripts of a page in order, those in its body only if asked for.

    Raises `Invalid` for one that is loaded by anything but https (or http in development), and for
    more than there may be.
    """
    finder = _Finder(page_uri)
    finder.feed(html)
    finder.close()
    found = tuple(each for each in finder.found if from_body or each.is_in_head)
    if len(found) > MOST_SCRIPTS:
        raise Invalid(Problem("pageUri", f"The page must have at most {MOST_SCRIPTS} scripts."))
    schemes = ("https://", "http://") if is_development else ("https://",)
    if any(each.src is not None and not each.src.startswith(schemes) for each in found):
        raise Invalid(Problem("pageUri", "The scripts of the page must be loaded by https."))
    return found


class _Finder(HTMLParser):
    """Reads a page for its scripts; the first thing that is not of a head begins the body."""

    def __init__(self, page_uri: str) -> None:
        super().__init__()
        self._page_uri = page_uri
        self._is_in_head = True
        self._open: Mapping[str, str] | None = None
        self._text: list[str] = []
        self.found: list[FoundScript] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _OF_HEAD:
            self._is_in_head = False
        if tag == "script":
            self._open, self._text = {name: value or "" for name, value in attrs}, []

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self._is_in_head = False
        if tag == "script" and self._open is not None:
            self.found.extend(self._script(self._open, "".join(self._text)))
            self._open = None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._text.append(data)

    def _script(self, attributes: Mapping[str, str], text: str) -> Iterator[FoundScript]:
        kind = attributes.get("type", "").strip().lower()
        is_module = kind == _MODULE
        is_script = is_module or not kind or kind in SCRIPT_TYPES
        if not is_script or "nomodule" in attributes or not (text.strip() or "src" in attributes):
            return
        yield FoundScript(
            text=text,
            src=self._address(attributes["src"]) if "src" in attributes else None,
            integrity=attributes.get("integrity", ""),
            is_module=is_module,
            timing=_timing(attributes, is_module=is_module),
            is_in_head=self._is_in_head,
        )

    def _address(self, src: str) -> str:
        try:
            return urljoin(self._page_uri, src.strip())
        except ValueError as error:
            raise Invalid(Problem("pageUri", "A script's address cannot be read.")) from error


def _timing(attributes: Mapping[str, str], *, is_module: bool) -> ScriptTiming:
    """Return when a script runs; one that stands in the page waits for nothing (HTML §4.12.1)."""
    is_loaded = "src" in attributes
    if "async" in attributes and (is_loaded or is_module):
        return ScriptTiming.ASYNCHRONOUS
    is_deferred = "defer" in attributes and is_loaded and not is_module
    return ScriptTiming.DEFERRED if is_deferred else ScriptTiming.AT_ONCE
