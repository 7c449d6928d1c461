"""`branding` of the organization: colours, words and pictures of the pages, by language."""

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from gatelodge.crypto.digest import digest_of_octets
from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Access,
    Asked,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Navigation,
    Primitive,
    Property,
    Read,
    Stream,
    Update,
    Writable,
    WriteStream,
)
from gatelodge.model.audit import EventName
from gatelodge.model.branding import (
    DEFAULT_LOCALE,
    LARGEST_OCTETS,
    BrandImage,
    Branding,
    BrandPicture,
    picture_type,
)
from gatelodge.model.identifier import key_of
from gatelodge.model.language import is_language_tag
from gatelodge.model.web_address import web_address_problem
from gatelodge.storage.stores import Stores

ReadOctets: TypeAlias = Callable[[Stores, Branding], Coroutine[Any, Any, bytes | None]]

_COLOR = re.compile(r"#[0-9a-fA-F]{6}", re.ASCII)
_MEDIA_TYPES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/x-icon",
    "image/vnd.microsoft.icon",
    "image/*",
    "application/octet-stream",
)
_PICTURES: Mapping[BrandImage, str] = {
    BrandImage.BANNER_LOGO: "The logo beside the name, 10 to 36 pixels high as a rule.",
    BrandImage.SQUARE_LOGO: "A square logo, used where there is no banner.",
    BrandImage.SQUARE_LOGO_DARK: "The square logo in the dark.",
    BrandImage.FAVICON: "The picture on the tab of the browser.",
    BrandImage.BACKGROUND_IMAGE: "The picture beside the form on wide screens.",
}


def _access(*permissions: str, roles: tuple[str, ...]) -> Access:
    return Access(application=permissions, delegated=permissions, roles=roles)


_READ = _access(
    "OrganizationalBranding.Read.All",
    "OrganizationalBranding.ReadWrite.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
    roles=("Directory Readers", "Global Reader", "Global Administrator"),
)
_WRITE = _access(
    "OrganizationalBranding.ReadWrite.All",
    "Organization.ReadWrite.All",
    roles=("Organizational Branding Administrator", "Global Administrator"),
)


def _color_problem(color: str) -> str | None:
    return None if _COLOR.fullmatch(color) else "must be a colour like #0a5f8f."


def _text(name: str, doc: str, longest: int, **more: Any) -> Property:  # noqa: ANN401
    return Property(
        name=name, type=Primitive.STRING, is_nullable=True, max_length=longest, doc=doc, **more
    )


def _octets_of(name: BrandImage) -> ReadOctets:
    async def read(stores: Stores, branding: Branding) -> bytes | None:
        found = await stores.brand_pictures.get(branding.id, name)
        return None if found is None else found.content

    return read


def _put(name: BrandImage) -> Callable[[Situation, Branding, bytes], Coroutine[Any, Any, Change]]:
    async def put(situation: Situation, branding: Branding, octets: bytes) -> Change:
        if len(octets) > LARGEST_OCTETS[name]:
            raise Invalid(Problem(name, f"It may have at most {LARGEST_OCTETS[name]} octets."))
        if (media_type := picture_type(octets)) is None:
            raise Invalid(Problem(name, "It must be a PNG, JPEG, GIF, WebP or ICO picture."))
        picture = BrandPicture(
            directory_id=situation.directory.id,
            locale=branding.id,
            name=name,
            media_type=media_type,
            digest=digest_of_octets(octets),
            content=octets,
        )

        async def write(stores: Stores) -> None:
            if await stores.brandings.get(branding.id) is None:
                await stores.brandings.add(branding)
            await stores.brand_pictures.put(picture)

        return Change(None, write, after=branding)

    return put


def _taken(name: BrandImage) -> Callable[[Situation, Branding, Given], Coroutine[Any, Any, Change]]:
    async def take(_: Situation, branding: Branding, __: Given) -> Change:
        async def write(stores: Stores) -> None:
            if await stores.brand_pictures.get(branding.id, name) is not None:
                await stores.brand_pictures.remove(branding.id, name)

        return Change(None, write, after=branding)

    return take


_STREAMS = tuple(
    Stream(
        name=name,
        doc=doc,
        access=_READ,
        read=_octets_of(name),
        media_types=_MEDIA_TYPES,
        media_type_of=picture_type,
        write=WriteStream(
            access=_WRITE, event=EventName.DIRECTORY_UPDATED, put=_put(name), delete=_taken(name)
        ),
    )
    for name, doc in _PICTURES.items()
)


async def _changed(situation: Situation, branding: Branding, given: Given) -> Change:
    changed = merged(branding, {name: each for name, each in given.items() if name != "id"})
    _check(situation, changed)

    async def write(stores: Stores) -> None:
        if await stores.brandings.get(changed.id) is None:
            await stores.brandings.add(changed)
        else:
            await stores.brandings.save(changed)

    return Change(changed, write)


def _check(situation: Situation, branding: Branding) -> None:
    addresses = {
        "customTermsOfUseUrl": branding.custom_terms_of_use_url,
        "customPrivacyAndCookiesUrl": branding.custom_privacy_and_cookies_url,
    }
    for name, address in addresses.items():
        if address is not None:
            rest = web_address_problem(address, is_development=situation.is_development)
            if rest is not None:
                raise Invalid(Problem(name, f"The value of '{name}' {rest}"))


async def _removed(_: Situation, branding: Branding, __: Given) -> Change:
    async def write(stores: Stores) -> None:
        if await stores.brandings.get(branding.id) is not None:
            await stores.brandings.remove(branding.id)

    return Change(None, write)


async def _new(situation: Situation, given: Given) -> Change:
    locale = given["id"]
    if locale != DEFAULT_LOCALE and not is_language_tag(locale):
        raise Invalid(Problem("id", "The value of 'id' must be a language like fr or pt-BR, or 0."))
    stores = situation.stores
    if await stores.brandings.get(locale) is not None:
        raise AlreadyExists("this locale", target="id")
    made = Branding(directory_id=situation.directory.id, **{**given, "id": key_of(locale)})
    _check(situation, made)
    return Change(made, lambda stores: stores.brandings.add(made))


async def _of_directory(stores: Stores, owners: Sequence[Any]) -> Sequence[Sequence[Branding]]:
    found = await stores.brandings.get(DEFAULT_LOCALE)
    none_yet = Branding(directory_id=stores.directory_id, id=DEFAULT_LOCALE)
    return [[found or none_yet] for _ in owners]


async def _in_every_locale(stores: Stores, owners: Sequence[Any]) -> Sequence[Sequence[Branding]]:
    every = await stores.brandings.every()
    return [every for _ in owners]


_PROPERTIES: tuple[Property, ...] = (
    Property(
        name="id",
        type=Primitive.STRING,
        is_required=True,
        writable=Writable.ON_CREATE,
        asked=Asked.EVERYTHING,
        doc="The language, or 0 for what counts in every language that says nothing else.",
    ),
    _text("backgroundColor", "The colour of the front, `#rrggbb`.", 7, judge=_color_problem),
    _text(
        "accentColor",
        "The colour of what is pressed, `#rrggbb`; it is made darker or lighter as far as"
        " reading it takes. An extension of ours.",
        7,
        judge=_color_problem,
    ),
    _text("signInPageText", "What is said below the form where people sign in.", 1024),
    _text("usernameHintText", "What is said about the name people sign in with.", 64),
    _text("customTermsOfUseText", "What the link to the terms of use is called.", 128),
    _text("customTermsOfUseUrl", "Where the terms of use are.", 1024),
    _text("customPrivacyAndCookiesText", "What the link about privacy is called.", 128),
    _text("customPrivacyAndCookiesUrl", "Where privacy is explained.", 1024),
)
_UPDATE = Update(access=_WRITE, event=EventName.DIRECTORY_UPDATED, prepare=_changed, is_silent=True)
_DELETE = Delete(access=_WRITE, event=EventName.DIRECTORY_UPDATED, prepare=_removed)

LOCALIZATION = EntityType(
    name="organizationalBrandingLocalization",
    python=Branding,
    doc="What the pages look like in one language.",
    properties=_PROPERTIES,
    streams=_STREAMS,
)
BRANDING = EntityType(
    name="organizationalBranding",
    python=Branding,
    doc="What the pages look like, where a language says nothing else.",
    properties=tuple(
        replace(each, is_required=False, writable=Writable.NEVER) if each.name == "id" else each
        for each in _PROPERTIES
    ),
    streams=_STREAMS,
    navigations=(
        Navigation(
            name="localizations",
            doc="The look in each language.",
            related=_in_every_locale,
            is_contained=True,
            to=EntitySet(
                title="Branding by language",
                entity=LOCALIZATION,
                read=Read(access=_READ),
                create=Create(
                    access=_WRITE,
                    event=EventName.DIRECTORY_UPDATED,
                    prepare=_new,
                    example={"id": "fr", "signInPageText": "Bienvenue"},
                ),
                update=_UPDATE,
                delete=_DELETE,
            ),
        ),
    ),
)
ORGANIZATION_BRANDING = Navigation(
    name="branding",
    doc="What the pages look like.",
    related=_of_directory,
    is_contained=True,
    is_collection=False,
    to=EntitySet(
        title="Branding",
        entity=BRANDING,
        read=Read(access=_READ),
        update=_UPDATE,
        delete=_DELETE,
    ),
)
