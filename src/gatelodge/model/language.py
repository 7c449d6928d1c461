"""Languages of a user flow's pages, and what an administrator says on them in other words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from gatelodge.model.identifier import DirectoryId, key_of

BUILT_IN_LANGUAGES: Mapping[str, str] = {
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fi": "Suomi",
    "fr": "Français",
    "gu": "ગુજરાતી",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "it": "Italiano",
    "ja": "日本語",
    "kn": "ಕನ್ನಡ",
    "ko": "한국어",
    "ml": "മലയാളം",
    "mr": "मराठी",
    "ms": "Bahasa Melayu",
    "nb": "Norsk bokmål",
    "nl": "Nederlands",
    "pa": "ਪੰਜਾਬੀ",
    "pl": "Polski",
    "pt-br": "Português (Brasil)",
    "pt-pt": "Português (Portugal)",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sv": "Svenska",
    "ta": "தமிழ்",
    "te": "తెలుగు",
    "th": "ไทย",
    "tr": "Türkçe",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
}
"""What every user flow may speak, each by its own name."""

MAX_LANGUAGES = 100
"""Languages a user flow may have besides the built-in ones."""

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSetting:
    """What an administrator said about a language; built-in ones are silent until then."""

    id: str
    is_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOverride:
    """The strings of a page in one language of a user flow, as they were sent."""

    directory_id: DirectoryId
    user_flow_key: str
    language_key: str
    page_id: str
    content: str


def is_language_tag(tag: str) -> bool:
    """Return whether a tag names a language, perhaps with script and region (RFC 5646 §2.1)."""
    return _TAG.fullmatch(tag) is not None


def language_name(tag: str) -> str:
    """Return what a language is called: by itself if it is built in, else after its tag."""
    built_in = BUILT_IN_LANGUAGES.get(key_of(tag))
    if built_in is not None:
        return built_in
    language, _, rest = tag.partition("-")
    name = BUILT_IN_LANGUAGES.get(key_of(language), language)
    return f"{name} ({rest})" if rest else name
