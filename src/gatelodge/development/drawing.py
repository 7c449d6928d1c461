"""The development pages' own templates; everything printed is escaped."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from minijinja import Environment
from starlette.responses import HTMLResponse, Response

from gatelodge.pages.security import page_headers


@dataclass(frozen=True, slots=True)
class Drawing:
    """Turns a template and values into an answer; build one with `new_drawing` and keep it."""

    environment: Environment
    static_urls: Mapping[str, str]

    def answer(
        self,
        template: str,
        *,
        status: int = 200,
        leads_to: tuple[str, ...] = (),
        **values: object,
    ) -> Response:
        """Return a page of the development server, whose forms may end at origins it `leads_to`."""
        text = self.environment.render_template(template, static=self.static_urls, **values)
        headers = dict(page_headers(is_development=True, form_action_sources=leads_to))
        del headers["Content-Type"]
        return HTMLResponse(text, status, headers=headers)


def new_drawing(static_urls: Mapping[str, str]) -> Drawing:
    """Compile the templates; `static_urls` are where the stylesheet and the mark are served."""
    own = files("gatelodge.development") / "templates"
    mark = files("gatelodge.pages") / "templates" / "mark.html"
    environment = Environment(
        templates={
            file.name: file.read_text("utf-8")
            for file in (*own.iterdir(), mark)
            if file.name.endswith(".html")
        },
        undefined_behavior="strict",
        auto_escape_callback=lambda _template: "html",
        trim_blocks=True,
        lstrip_blocks=True,
        debug=False,
    )
    environment.add_filter("value", _written)
    return Drawing(environment, static_urls)


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
