"""From a page to HTML: templates compiled once, everything printed escaped."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from minijinja import Environment, safe

from gatelodge.model.page_template import PageTemplate
from gatelodge.pages.brand import Brand
from gatelodge.pages.language import FRAME, Strings
from gatelodge.pages.layout_version import has_old_verification
from gatelodge.pages.old_layout import with_old_names
from gatelodge.pages.page import FormPost, Page, PageId, Sentence
from gatelodge.pages.page_scripts import NamedScript
from gatelodge.pages.static_files import StaticFile
from gatelodge.pages.view import View, links_view, page_view

Variables = tuple[tuple[str, Mapping[str, Any]], ...]
"""Names and values that a page's source holds, in this order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renderer:
    """Turn pages into HTML; build one with `new_renderer` and keep it."""

    environment: Environment
    static_urls: Mapping[str, str]
    is_development: bool

    def render(
        self,
        page: Page,
        *,
        strings: Strings,
        brand: Brand,
        correlation_id: str,
        action_url: str = "",
        seal: str = "",
        nonce: str = "",
        variables: Variables = (),
        template: PageTemplate | None = None,
        scripts: Sequence[NamedScript] = (),
        version: str | None = None,
    ) -> str:
        """Write a page whose form, if it has one, goes to `action_url` together with `seal`.

        `seal` is readable by whoever has the page: it proves, it does not hide. `nonce` lets the
        script of a page run that leads somewhere by itself. `variables` are written into the
        source for programs that read it; no browser runs them. `template` is somebody else's page
        around the form, `scripts` are the administrator's own. `version` is that of
        the layout, None for the newest.
        """
        return self._document(
            "page.html",
            strings=strings,
            brand=brand,
            correlation_id=correlation_id,
            page=_view(page, strings, brand, version),
            template=template,
            scripts=scripts,
            action_url=action_url,
            seal=seal,
            nonce=nonce,
            variables=[(name, safe(_literal(value))) for name, value in variables],
        )

    def render_form_post(
        self,
        form_post: FormPost,
        *,
        strings: Strings,
        brand: Brand,
        correlation_id: str,
        nonce: str,
    ) -> str:
        """Write the page that posts itself to the application; `nonce` lets its script run."""
        return self._document(
            "form_post.html",
            strings=strings,
            brand=brand,
            correlation_id=correlation_id,
            page={
                name: strings.text(PageId.FORM_POST, Sentence(string_id))
                for name, string_id in _FORM_POST_TEXTS.items()
            },
            action_url=form_post.action_url,
            parameters=form_post.parameters,
            frames=form_post.frames,
            nonce=nonce,
            template=None,
            scripts=(),
        )

    def _document(
        self,
        name: str,
        *,
        strings: Strings,
        brand: Brand,
        correlation_id: str,
        **values: Any,  # noqa: ANN401 - what one template prints
    ) -> str:
        development = None
        if self.is_development:
            development = strings.text(FRAME, Sentence("development"))
        return self.environment.render_template(
            name,
            frame="frame.html" if values["template"] is None else "template.html",
            language=strings.tag,
            direction=strings.direction,
            links=links_view(brand, strings),
            brand=brand,
            correlation_id=correlation_id,
            static=self.static_urls,
            development=development,
            **values,
        )


def new_renderer(
    static_files: Mapping[str, StaticFile], *, static_path: str, is_development: bool
) -> Renderer:
    """Compile the templates; `static_path` is where the static files are served, without `/`."""
    folder = files("gatelodge.pages") / "templates"
    environment = Environment(
        templates={
            file.name: file.read_text("utf-8")
            for file in folder.iterdir()
            if file.name.endswith(".html")
        },
        undefined_behavior="strict",
        auto_escape_callback=_always_html,
        trim_blocks=True,
        lstrip_blocks=True,
        debug=False,
    )
    urls = {name: f"{static_path}/{file.name}" for name, file in static_files.items()}
    return Renderer(environment=environment, static_urls=urls, is_development=is_development)


def _view(page: Page, strings: Strings, brand: Brand, version: str | None) -> View:
    view = page_view(page, strings, brand)
    is_old = version is not None and has_old_verification(page.id, version)
    return with_old_names(view) if is_old else view


def _literal(value: Mapping[str, Any]) -> str:
    """Return JSON without blanks that ends no element, whatever the texts in it."""
    return json.dumps(value, separators=(",", ":")).translate(_IN_MARKUP)


def _always_html(_template: str) -> str:
    return "html"


_IN_MARKUP = {ord(each): f"\\u{ord(each):04x}" for each in "<>&"}
_FORM_POST_TEXTS = {
    "heading": "heading",
    "title": "heading",
    "intro": "initial_intro",
    "button": "button_continue",
}
