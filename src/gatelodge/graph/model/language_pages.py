"""`defaultPages` and `overridesPages`: the strings of a page in one language, as a file."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Asked,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Stream,
    Writable,
    WriteStream,
)
from gatelodge.graph.json_text import read_object
from gatelodge.graph.model.user_flow_access import READ, WRITE
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.language import PageOverride
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.pages.language_page import MAX_PAGE_OCTETS, parse_language_page
from gatelodge.pages.packaged import packaged_page
from gatelodge.pages.page import PageId
from gatelodge.storage.stores import Stores

_NOTHING = b'{"LocalizedStrings":[],"LocalizedCollections":[]}'
_SIGN_IN = (
    PageId.SIGN_UP_OR_SIGN_IN,
    PageId.LOCAL_SIGN_IN,
    PageId.SIGN_IN_BY_CODE,
    PageId.SIGN_IN_BY_PHONE,
    PageId.CHANGE_PASSWORD,
)
_SIGN_UP = (PageId.LOCAL_SIGN_UP, PageId.SOCIAL_SIGN_UP, PageId.PASSKEY)
_ALWAYS = (
    PageId.PROVIDER_CHOICE,
    PageId.PHONE_FACTOR,
    PageId.AUTHENTICATOR,
    PageId.PASSKEY_FACTOR,
    PageId.EMAIL_FACTOR,
    PageId.FACTOR_CHOICE,
    PageId.RECOVERY_CODE,
    PageId.RECOVERY_CODES,
    PageId.AGE,
    PageId.CONSENT,
    PageId.ERROR,
    PageId.SIGN_OUT,
    PageId.SIGNED_OUT,
)
_RESET = (PageId.PASSWORD_RESET, PageId.NEW_PASSWORD)
_OWN_ACCOUNT = (
    PageId.PROFILE_UPDATE,
    PageId.REAUTHENTICATION,
    PageId.EMAIL_CHANGE,
    PageId.OWN_PASSWORD,
    PageId.IDENTITIES,
    PageId.PASSKEYS,
    PageId.FACTORS,
    PageId.SESSIONS,
    PageId.OWN_DATA,
    PageId.DELETION,
)
PAGES: Mapping[UserFlowType, tuple[PageId, ...]] = {
    UserFlowType.SIGN_UP: (
        *_SIGN_UP,
        PageId.PROVIDER_CHOICE_SIGN_UP,
        PageId.NEW_PASSWORD,
        PageId.TERMS,
        *_ALWAYS,
    ),
    UserFlowType.SIGN_IN: (*_SIGN_IN, *_RESET, PageId.TERMS, *_ALWAYS),
    UserFlowType.SIGN_UP_OR_SIGN_IN: (
        *_SIGN_IN,
        *_SIGN_UP,
        *_RESET,
        PageId.TERMS,
        *_ALWAYS,
    ),
    UserFlowType.PASSWORD_RESET: (*_RESET, *_ALWAYS),
    UserFlowType.PROFILE_UPDATE: (*_SIGN_IN, *_OWN_ACCOUNT, *_RESET, *_ALWAYS),
    UserFlowType.RESOURCE_OWNER: (),
}
"""Which pages each type of user flow can show."""

_ASKING: Mapping[UserFlowType, PageId] = {
    UserFlowType.SIGN_UP: PageId.LOCAL_SIGN_UP,
    UserFlowType.SIGN_UP_OR_SIGN_IN: PageId.LOCAL_SIGN_UP,
    UserFlowType.PROFILE_UPDATE: PageId.PROFILE_UPDATE,
    UserFlowType.PASSWORD_RESET: PageId.PASSWORD_RESET,
}
_VERSION = re.compile(r"\d+_\d+$", re.ASCII)


class _Language(Protocol):
    @property
    def flow(self) -> UserFlow: ...
    @property
    def id(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a user flow in one language."""

    flow: UserFlow
    language: str
    id: str

    @property
    def aliases(self) -> tuple[str, ...]:
        """Return what else the page is called: without `api.`, and what asks for attributes."""
        short = self.id.removeprefix("api.")
        is_asking = _ASKING.get(self.flow.user_flow_type) == self.id
        return (short, "selfasserted") if is_asking else (short,)

    @property
    def key(self) -> tuple[str, str, str]:
        """Return the key of what is overridden here."""
        return self.flow.id, self.language, self.id


async def pages_of(_: Stores, languages: Sequence[_Language]) -> Sequence[Sequence[Page]]:
    """Return the pages of each language."""
    return [
        [
            Page(flow=each.flow, language=each.id, id=page)
            for page in PAGES[each.flow.user_flow_type]
        ]
        for each in languages
    ]


def named_page(pages: Sequence[Page], name: str) -> Page | None:
    """Return the page of an id, which may lack `api.` and may end in the version of a layout."""
    key = key_of(name)
    short = _VERSION.sub("", key)
    exact = (each for each in pages if each.id == key)
    alike = (each for each in pages if short in each.aliases or each.id == short)
    return next(exact, None) or next(alike, None)


async def _default(_: Stores, page: Page) -> bytes:
    return packaged_page(page.language, page.id)


async def _overrides(stores: Stores, page: Page) -> bytes:
    found = await stores.page_overrides.get(*page.key)
    return _NOTHING if found is None else found.content.encode()


async def _put(situation: Situation, page: Page, octets: bytes) -> Change:
    if len(octets) > MAX_PAGE_OCTETS:
        raise Invalid(Problem("$value", f"A page may have at most {MAX_PAGE_OCTETS} octets."))
    parse_language_page(read_object(octets), only_overrides=True)
    override = PageOverride(
        directory_id=situation.directory.id,
        user_flow_key=key_of(page.flow.id),
        language_key=key_of(page.language),
        page_id=page.id,
        content=octets.decode(),
    )
    return Change(None, lambda stores: stores.page_overrides.put(override), after=page)


async def _removed(_: Situation, page: Page, __: Given) -> Change:
    async def write(stores: Stores) -> None:
        if await stores.page_overrides.get(*page.key) is not None:
            await stores.page_overrides.remove(*page.key)

    return Change(None, write, after=page)


async def _all_removed(situation: Situation, language: _Language, _: Given) -> Change:
    pages = (await pages_of(situation.stores, (language,)))[0]

    async def write(stores: Stores) -> None:
        for page in pages:
            if await stores.page_overrides.get(*page.key) is not None:
                await stores.page_overrides.remove(*page.key)

    return Change(None, write)


_PROPERTIES: tuple[Property, ...] = (
    Property(
        name="id",
        type=Primitive.STRING,
        writable=Writable.NEVER,
        asked=Asked.EVERYTHING,
        doc="The name of the page.",
    ),
)
_DOC = "A page of a user flow in one language; its strings are the file at `/$value`."


def _kind(stream: Stream) -> EntityType:
    return EntityType(
        name="userFlowLanguagePage", python=Page, doc=_DOC, properties=_PROPERTIES, stream=stream
    )


def _set(title: str, stream: Stream) -> EntitySet:
    return EntitySet(title=title, entity=_kind(stream), read=Read(access=READ), named=named_page)


DEFAULT_PAGES: EntitySet = _set(
    "Default pages",
    Stream(doc="The strings of the page.", access=READ, read=_default),
)
OVERRIDES_PAGES: EntitySet = _set(
    "Overridden pages",
    Stream(
        doc="The strings an administrator gave the page; those whose `Override` is false count"
        " for nothing.",
        access=READ,
        read=_overrides,
        write=WriteStream(
            access=WRITE,
            event=EventName.USER_FLOW_UPDATED,
            put=_put,
            delete=_removed,
            delete_all=_all_removed,
        ),
    ),
)
