"""A browser without scripts: fills in real forms, keeps cookies, follows redirects."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

MOST_REDIRECTS = 10


@dataclass(slots=True)
class Form:
    """A form as it stands on a page: where it goes, what it holds, what can be pressed."""

    action: str = ""
    method: str = "get"
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.ids: set[str] = set()
        self.texts: dict[str, str] = {}
        self._open: list[str | None] = []
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.add(found["id"])
        if tag not in {"input", "meta", "link", "img", "br", "hr"}:
            self._open.append(found.get("id"))
        if tag == "form":
            self.forms.append(Form(found.get("action", ""), found.get("method", "get").lower()))
        if self.forms:
            self._collect(tag, found)

    def _collect(self, tag: str, found: Mapping[str, str]) -> None:
        form, name = self.forms[-1], found.get("name")
        if tag == "button" and name:
            form.buttons[found.get("id", "")] = (name, found.get("value", ""))
        elif tag == "select" and name:
            self._select = name
            form.names[found.get("id", name)] = name
        elif tag == "option" and self._select and "selected" in found:
            form.values.append((self._select, found.get("value", "")))
        elif tag == "input" and name:
            form.names[found.get("id", name)] = name
            is_box = found.get("type") in {"checkbox", "radio"}
            if found.get("type") != "submit" and (not is_box or "checked" in found):
                form.values.append((name, found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for each in self._open:
            if each:
                self.texts[each] = self.texts.get(each, "") + data


class Shown:
    """A page somebody is looking at."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.url = str(response.url)
        reader = _Reader()
        reader.feed(response.text)
        self.form = reader.forms[0] if reader.forms else Form()
        if "/interaction/" in self.form.action:
            # Scripts are shown pages at other addresses; this is where people find them again.
            self.url = urljoin(self.url, self.form.action)
        self.ids = reader.ids
        self._texts = reader.texts

    def __contains__(self, element_id: str) -> bool:
        return element_id in self.ids

    @property
    def text(self) -> str:
        """Return everything there is to read, on one line."""
        without = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", self.response.text, flags=re.S)
        return " ".join(html.unescape(without).split())

    def text_of(self, element_id: str) -> str:
        """Return what an element says."""
        return " ".join(self._texts.get(element_id, "").split())

    def value_of(self, element_id: str) -> str:
        """Return what a field holds."""
        name = self.form.names[element_id]
        return dict(self.form.values).get(name, "")


@dataclass(frozen=True, slots=True)
class Arrived:
    """The browser was sent to an application, with these parameters."""

    url: str
    parameters: Mapping[str, str]
    method: str = "GET"

    @property
    def code(self) -> str:
        """Return the authorization code."""
        assert "code" in self.parameters, self.parameters
        return self.parameters["code"]

    @property
    def error_code(self) -> str:
        """Return the AADB2C code of an error."""
        return self.parameters.get("error_description", "").partition(":")[0]


class Browser:
    """Keeps cookies, follows redirects on the server's origin and stops at any other."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.origin = str(client.base_url).rstrip("/")

    def open(self, url: str, **query: str) -> Shown | Arrived:
        """Open an address."""
        return self.follow(self.client.get(url, params=query or None))

    def press(self, page: Shown, button_id: str, **values: str | list[str]) -> Shown | Arrived:
        """Fill in fields by their ids and press a button of the page's form."""
        return self.follow(self.send(page, button_id, **values))

    def send(self, page: Shown, button_id: str, **values: str | list[str]) -> httpx.Response:
        """Fill in, press, and return the bare answer."""
        filled = self.filled(page, button_id, **values)
        return self.client.post(urljoin(page.url, page.form.action), data=filled)

    def filled(
        self, page: Shown, button_id: str, **values: str | list[str]
    ) -> dict[str, list[str]]:
        """Return what a form sends when a button is pressed."""
        form = page.form
        assert button_id in form.buttons, f"{button_id} is not on the page: {sorted(form.buttons)}"
        filled = {form.names[name]: value for name, value in values.items()}
        sent: dict[str, list[str]] = {}
        for name, value in form.values:
            sent.setdefault(name, []).append(value)
        for name, given in filled.items():
            sent[name] = [given] if isinstance(given, str) else given
        name, value = form.buttons[button_id]
        sent[name] = [value]
        return sent

    def follow(self, response: httpx.Response) -> Shown | Arrived:
        """Go where an answer leads."""
        for _ in range(MOST_REDIRECTS):
            if (leads := _leads_to(response)) is None:
                return _form_post(response) or Shown(response)
            target = urljoin(str(response.url), leads)
            if not target.startswith(self.origin + "/"):
                return arrived_at(target)
            response = self.client.get(target)
        raise AssertionError("too many redirects")


def _leads_to(response: httpx.Response) -> str | None:
    """Return where an answer leads by itself: a redirect, or a page that is left at once."""
    if response.is_redirect:
        return str(response.headers["location"])
    delay, _, target = str(response.headers.get("refresh", "")).partition("; url=")
    return target if delay == "0" else None


def arrived_at(url: str) -> Arrived:
    """Read the parameters of a redirect to an application."""
    parts = urlsplit(url)
    parameters = parts.fragment or parts.query
    read = parse_qs(parameters, keep_blank_values=True, strict_parsing=bool(parameters))
    return Arrived(url, {name: values[0] for name, values in read.items()})


def _form_post(response: httpx.Response) -> Arrived | None:
    if 'id="auto"' not in response.text:
        return None
    form = Shown(response).form
    return Arrived(form.action, dict(form.values), "POST")


def page(answer: Shown | Arrived) -> Shown:
    """Demand that the browser shows a page."""
    assert isinstance(answer, Shown), answer
    return answer


def arrival(answer: Shown | Arrived) -> Arrived:
    """Demand that the browser was sent to the application."""
    assert isinstance(answer, Arrived), answer.text
    return answer
