"""An administrator's page around our form: cleaned, and cut where the form goes."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

import nh3

from gatelodge.errors import Invalid, Problem
from gatelodge.pages.security import origin_of

LARGEST_TEMPLATE_OCTETS = 262_144

_TAGS = {
    *("a", "abbr", "address", "article", "aside", "b", "blockquote", "br", "caption", "center"),
    *("code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption"),
    *("figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "img", "ins"),
    *("kbd", "li", "link", "main", "mark", "nav", "ol", "p", "picture", "pre", "q", "s"),
    *("section", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "video"),
}
_EVERYWHERE = {"class", "dir", "id", "lang", "role", "style", "title", "aria-label", "aria-hidden"}
_ATTRIBUTES = {
    "*": _EVERYWHERE,
    "a": {"href", "target"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"alt", "height", "src", "width", "loading"},
    "link": {"href", "media", "rel", "type"},
    "ol": {"start", "type"},
    "source": {"media", "src", "type"},
    "style": {"media"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "video": {"autoplay", "height", "loop", "muted", "playsinline", "poster", "src", "width"},
}
_ADDRESSES = frozenset({"href", "src", "poster"})
_PLACE = "api"
_VOID = frozenset({"br", "col", "hr", "img", "link", "source"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CutTemplate:
    """What comes before and after our form, and the origins its files come from."""

    before: str
    after: str
    sources: tuple[str, ...]


def cut_template(html: str, page_uri: str, *, is_development: bool) -> CutTemplate:
    """Clean a template and cut it at its one element with the id `api`.

    Scripts, forms, frames and everything else that acts is left out; addresses become absolute
    and are https, or http in development. Raises `Invalid` when there is no such element, or
    several.
    """
    schemes = {"https", "mailto"} | ({"http"} if is_development else set())
    collected: dict[str, None] = {}

    def judged(tag: str, name: str, value: str) -> str | None:
        if tag == "link" and name == "rel":
            return "stylesheet" if "stylesheet" in value.lower().split() else None
        if name not in _ADDRESSES:
            return value
        try:
            address = urljoin(page_uri, value)
        except ValueError:
            return None
        is_loaded = tag != "a" and name in _ATTRIBUTES.get(tag, ())
        if is_loaded and (origin := origin_of(address)) is not None:
            collected[origin] = None
        return address

    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "noscript", "title", "template", "iframe", "object"},
        attributes=_ATTRIBUTES,
        attribute_filter=judged,
        url_schemes=schemes,
        link_rel=None,
        set_tag_attribute_values={"a": {"rel": "noopener noreferrer"}},
        strip_comments=True,
    )
    start, end = _place_of(clean)
    sources = tuple(each for each in collected if each.partition(":")[0] in schemes)
    return CutTemplate(before=clean[:start], after=clean[end:], sources=sources)


def _place_of(html: str) -> tuple[int, int]:
    finder = _Finder(html)
    finder.feed(html)
    finder.close()
    if finder.count != 1 or finder.end is None:
        sentence = 'The page must have exactly one element <div id="api"></div>.'
        raise Invalid(Problem("pageUri", sentence))
    return finder.start, finder.end


class _Finder(HTMLParser):
    """Finds where the element with the id `api` begins and ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._lines = [0]
        for line in html.split("\n")[:-1]:
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._depth = 0
        self._inside: int | None = None
        self.count = 0
        self.start = 0
        self.end: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        self._depth += 1
        if tag == "div" and dict(attrs).get("id") == _PLACE:
            self.count += 1
            if self._inside is None:
                self._inside, self.start = self._depth, self._offset()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if self._inside == self._depth and self.end is None:
            self.end = self._offset() + len(f"</{tag}>")
        self._depth -= 1

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
