"""`languages` of a user flow: which of them its pages speak."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Asked,
    Create,
    Delete,
    EntitySet,
    EntityType,
    Navigation,
    Primitive,
    Property,
    Put,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.language_pages import (
    DEFAULT_PAGES,
    OVERRIDES_PAGES,
    pages_of,
)
from gatelodge.graph.model.user_flow_access import READ, WRITE, kept
from gatelodge.model.audit import EventName
from gatelodge.model.identifier import key_of
from gatelodge.model.language import (
    BUILT_IN_LANGUAGES,
    MAX_LANGUAGES,
    LanguageSetting,
    is_language_tag,
    language_name,
)
from gatelodge.model.user_flow import UserFlow
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of a user flow."""

    flow: UserFlow
    id: str
    is_enabled: bool
    display_name: str


def _shown(flow: UserFlow, setting: LanguageSetting) -> Language:
    return Language(
        flow=flow,
        id=setting.id,
        is_enabled=setting.is_enabled,
        display_name=language_name(setting.id),
    )


async def _of_flows(_: Stores, flows: Sequence[UserFlow]) -> Sequence[Sequence[Language]]:
    return [[_shown(flow, each) for each in flow.all_languages()] for flow in flows]


def _closed(flow: UserFlow) -> str | None:
    if flow.is_language_customization_enabled:
        return None
    return "Languages are there once 'isLanguageCustomizationEnabled' of the user flow is true."


def language_tag_problem(tag: str) -> str | None:
    """Return what is wrong with a tag, or None."""
    return None if is_language_tag(tag) else "must be a language tag, like 'es' or 'es-ES'."


LANGUAGE = EntityType(
    name="userFlowLanguageConfiguration",
    python=Language,
    doc="A language the pages of a user flow can have.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            is_required=True,
            writable=Writable.ON_CREATE,
            asked=Asked.EVERYTHING,
            judge=language_tag_problem,
            doc="The tag of the language (RFC 5646).",
        ),
        Property(
            name="isEnabled",
            type=Primitive.BOOLEAN,
            asked=Asked.EQUALITY,
            doc="Whether a browser that asks for the language gets it; the default language is "
            "always enabled.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            is_nullable=True,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="What the language is called.",
        ),
    ),
    navigations=(
        Navigation(
            name="defaultPages",
            doc="What pages say as long as nobody has other words for it.",
            to=DEFAULT_PAGES,
            related=pages_of,
            is_contained=True,
        ),
        Navigation(
            name="overridesPages",
            doc="What pages say in an administrator's words.",
            to=OVERRIDES_PAGES,
            related=pages_of,
            is_contained=True,
        ),
    ),
)


def with_language(flow: UserFlow, setting: LanguageSetting) -> UserFlow:
    """Return the user flow with what was said of a language; raises `Invalid`."""
    key = key_of(setting.id)
    if (problem := language_tag_problem(setting.id)) is not None:
        raise Invalid(Problem("id", f"The value of 'id' {problem}"))
    if key == flow.default_language_key and not setting.is_enabled:
        raise Invalid(Problem("isEnabled", "The default language cannot be disabled."))
    others = tuple(each for each in flow.languages if key_of(each.id) != key)
    custom = [each for each in others if key_of(each.id) not in BUILT_IN_LANGUAGES]
    if key not in BUILT_IN_LANGUAGES:
        if flow.is_b2x:
            sentence = "This kind of user flow has the built-in languages only."
            raise Invalid(Problem("id", sentence))
        if len(custom) >= MAX_LANGUAGES:
            sentence = f"A user flow may have {MAX_LANGUAGES} languages of its own."
            raise Invalid(Problem("id", sentence))
    return replace(flow, languages=(*others, setting))


async def _new(situation: Situation, given: Given) -> Change:
    flow: UserFlow = situation.owner
    if any(key_of(each.id) == key_of(given["id"]) for each in flow.languages):
        raise AlreadyExists("this language", target="id")
    return _put(flow, given)


def _put(flow: UserFlow, given: Given) -> Change:
    key = key_of(given["id"])
    tag = key if key in BUILT_IN_LANGUAGES else given["id"]
    setting = LanguageSetting(id=tag, is_enabled=given.get("is_enabled", True))
    return kept(with_language(flow, setting), _shown(flow, setting))


async def _replaced(situation: Situation, language: Language | None, given: Given) -> Change:
    if language is None:
        return _put(situation.owner, given)
    return _put(language.flow, {**given, "id": language.id})


async def _changed(_: Situation, language: Language, given: Given) -> Change:
    return _put(language.flow, {"is_enabled": language.is_enabled, **given, "id": language.id})


async def _removed(_: Situation, language: Language, __: Given) -> Change:
    flow, key = language.flow, key_of(language.id)
    if key in BUILT_IN_LANGUAGES:
        raise Invalid(Problem("id", "A built-in language cannot be deleted."))
    if key == flow.default_language_key:
        raise Invalid(Problem("id", "The default language cannot be deleted."))
    change = kept(
        replace(flow, languages=tuple(each for each in flow.languages if key_of(each.id) != key))
    )

    async def write(stores: Stores) -> None:
        await change.write(stores)
        for each in await stores.page_overrides.of_user_flow(flow.id):
            if each.language_key == key:
                await stores.page_overrides.remove(flow.id, key, each.page_id)

    return replace(change, write=write)


LANGUAGES = EntitySet(
    title="User flow languages",
    entity=LANGUAGE,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.USER_FLOW_UPDATED,
        prepare=_new,
        example={"id": "es-ES", "isEnabled": True},
    ),
    put=Put(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_replaced),
    update=Update(
        access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_changed, is_silent=True
    ),
    delete=Delete(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_removed),
)
USER_FLOW_LANGUAGES = Navigation(
    name="languages",
    doc="The languages the pages can have; reached once `isLanguageCustomizationEnabled` is true.",
    to=LANGUAGES,
    related=_of_flows,
    is_contained=True,
    is_given=True,
    closed=_closed,
)


def with_languages(flow: UserFlow, several: Sequence[Any]) -> UserFlow:
    """Return a new user flow with the languages it was given."""
    for given in several:
        flow = with_language(
            flow, LanguageSetting(id=given["id"], is_enabled=given.get("is_enabled", True))
        )
    return flow
