"""Fetching an administrator's page, once, when its address is given."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Situation
from gatelodge.graph.model.page_scripts import read_scripts
from gatelodge.model.identifier import key_of
from gatelodge.model.page_script import PageScript
from gatelodge.model.page_template import PageTemplate
from gatelodge.model.user_flow import UserFlow
from gatelodge.model.web_address import web_address_problem
from gatelodge.outbound import Answer, NotAllowed, NotReached
from gatelodge.pages.layout_version import runs_scripts_of_body
from gatelodge.pages.page import PageId
from gatelodge.pages.template import LARGEST_TEMPLATE_OCTETS, cut_template
from gatelodge.pages.template_scripts import FoundScript, scripts_in
from gatelodge.storage.stores import Stores

_CULTURE = "{Culture:RFC5646}"


class _Layout(Protocol):
    @property
    def flow(self) -> UserFlow: ...
    @property
    def id(self) -> str: ...
    @property
    def page_uri(self) -> str | None: ...
    @property
    def version(self) -> str: ...


@dataclass(frozen=True, slots=True)
class FetchedTemplate:
    """A template, and what its scripts say."""

    template: PageTemplate
    scripts: tuple[PageScript, ...]

    async def put(self, stores: Stores) -> None:
        """Store both in place of what there may be."""
        await stores.page_templates.put(self.template)
        for each in self.scripts:
            await stores.page_scripts.add(each)


async def fetched_template(situation: Situation, layout: _Layout) -> FetchedTemplate:
    """Return the template at the address of a layout, in the user flow's own language.

    Its scripts are read where the user flow runs them, and looked at nowhere else.

    Raises `Invalid` when there is none that can be used.
    """
    tag = layout.flow.default_language_tag or "en"
    address = (layout.page_uri or "").replace(_CULTURE, tag)
    rest = web_address_problem(address, is_development=situation.is_development)
    if rest is not None:
        raise _wrong(f"The value of 'pageUri' {rest}")
    html = _html_of(await _answer(situation, address))
    cut = cut_template(html, address, is_development=situation.is_development)
    found = _scripts_in(situation, layout, html, address)
    read = await read_scripts(situation, layout.flow.id, layout.id, found)
    template = PageTemplate(
        directory_id=situation.directory.id,
        user_flow_key=key_of(layout.flow.id),
        page_id=layout.id,
        before=cut.before,
        after=cut.after,
        sources=cut.sources,
        fetched_at=situation.now,
        scripts=read.places,
    )
    return FetchedTemplate(template, read.scripts)


def _scripts_in(
    situation: Situation, layout: _Layout, html: str, address: str
) -> Sequence[FoundScript]:
    if not layout.flow.is_java_script_enabled:
        return ()
    return scripts_in(
        html,
        address,
        is_development=situation.is_development,
        from_body=runs_scripts_of_body(PageId(layout.id), layout.version),
    )


async def _answer(situation: Situation, address: str) -> Answer:
    try:
        return await situation.outbound.send(
            "GET",
            address,
            headers={"Accept": "text/html"},
            largest_octets=LARGEST_TEMPLATE_OCTETS,
        )
    except NotAllowed as error:
        raise _wrong("The page is at an address this server does not go to.") from error
    except NotReached as error:
        raise _wrong(f"The page could not be fetched: {error}.") from error


def _html_of(answer: Answer) -> str:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or media_type != "text/html":
        sentence = f"The address answered {answer.status} with {media_type or 'no type'},"
        raise _wrong(f"{sentence} not 200 with text/html.")
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong("The page is not written in UTF-8.") from error


def _wrong(sentence: str) -> Invalid:
    return Invalid(Problem("pageUri", sentence))
