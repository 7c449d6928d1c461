"""A browser that is answered from the package: pages, static files, and nothing else."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

from gatelodge.pages.security import form_action_source, page_headers
from tests.pages.specimens import NONCE, STATIC_FILES, html_of

ORIGIN = "https://login.example"
APPLICATION = "https://app.example/callback"
ELSEWHERE = '<!DOCTYPE html><html lang="en"><title>Elsewhere</title></html>'


@dataclass
class Answering:
    """Answer the requests of one tab; keep the bodies of what it posts, by address."""

    posts: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, route: Route) -> None:
        request = route.request
        name = request.url.rpartition("/")[2]
        static = next((each for each in STATIC_FILES.values() if each.name == name), None)
        if request.method == "POST":
            self.posts.append((request.url, request.post_data or ""))
            route.fulfill(body="posted", content_type="text/plain")
        elif not request.url.startswith(ORIGIN):
            route.fulfill(body=ELSEWHERE, content_type="text/html")
        elif static is not None:
            route.fulfill(body=static.content, content_type=static.media_type)
        else:
            headers = page_headers(
                is_development=True,
                form_action_sources=(form_action_source(APPLICATION),),
                nonce=NONCE if name == "form_post" else None,
                has_own_script=True,
            )
            route.fulfill(body=html_of(name), headers=dict(headers))


def answer(tab: Page) -> Answering:
    """Take over every request of `tab`."""
    answering = Answering()
    tab.route("**/*", answering)
    return answering
