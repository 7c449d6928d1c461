"""Fetching the scripts of an administrator's page, once, when the address of the page is given."""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from gatelodge.crypto.digest import is_same
from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Situation
from gatelodge.model.identifier import key_of
from gatelodge.model.page_script import PageScript, ScriptPlace
from gatelodge.outbound import Answer, NotAllowed, NotReached, Outbound
from gatelodge.pages.template_scripts import SCRIPT_TYPES, FoundScript

LARGEST_SCRIPT_OCTETS = 524_288
LARGEST_SCRIPTS_OCTETS = 1_048_576
LONGEST_FETCHING_S = 10.0
_STRONGEST = ("sha512", "sha384", "sha256")
_CALLS_JQUERY = re.compile(r"(?<![\w$.])(?:\$|jQuery)\s*[.(]")
_IS_JQUERY = re.compile(r"\bjQuery (?:JavaScript Library )?v\d")


@dataclass(frozen=True, slots=True)
class ReadScripts:
    """The scripts of a template: how each is loaded, and what they say, each once."""

    places: tuple[ScriptPlace, ...]
    scripts: tuple[PageScript, ...]


async def read_scripts(
    situation: Situation, user_flow_id: str, page_id: str, found: Sequence[FoundScript]
) -> ReadScripts:
    """Return the scripts a template names; raises `Invalid` when one of them cannot be had.

    Where they call jQuery and bring none, it comes first, as it does in the cloud service.
    """
    texts = await fetched_texts(situation.outbound, found)
    of_template = [
        ScriptPlace(digest=_digest(text), is_module=each.is_module, timing=each.timing)
        for each, text in zip(found, texts, strict=True)
    ]
    if _lacks_jquery(texts):
        texts = [_jquery(), *texts]
        of_template.insert(0, ScriptPlace(digest=_digest(texts[0])))
    scripts = {
        digest: PageScript(
            directory_id=situation.directory.id,
            user_flow_key=key_of(user_flow_id),
            page_id=page_id,
            digest=digest,
            text=text,
        )
        for digest, text in ((_digest(text), text) for text in texts)
    }
    return ReadScripts(tuple(of_template), tuple(scripts.values()))


async def fetched_texts(
    outbound: Outbound, found: Sequence[FoundScript], *, longest_s: float = LONGEST_FETCHING_S
) -> list[str]:
    """Return what scripts say, in order; all of them together have `longest_s`."""
    try:
        async with asyncio.timeout(longest_s):
            texts = [
                each.text if each.src is None else await _fetched(outbound, each, each.src)
                for each in found
            ]
    except TimeoutError as error:
        sentence = f"The scripts of the page did not all come within {longest_s:g} seconds."
        raise Invalid(Problem("pageUri", sentence)) from error
    if any("\0" in each for each in texts):
        raise Invalid(Problem("pageUri", "A script of the page holds a character no script has."))
    if sum(len(each.encode()) for each in texts) > LARGEST_SCRIPTS_OCTETS:
        sentence = f"The scripts of the page have more than {LARGEST_SCRIPTS_OCTETS} octets."
        raise Invalid(Problem("pageUri", sentence))
    return texts


async def _fetched(outbound: Outbound, script: FoundScript, address: str) -> str:
    try:
        answer = await outbound.send(
            "GET",
            address,
            headers={"Accept": "text/javascript"},
            largest_octets=LARGEST_SCRIPT_OCTETS,
        )
    except NotAllowed as error:
        raise _wrong(address, "is at an address this server does not go to") from error
    except NotReached as error:
        raise _wrong(address, f"could not be fetched: {error}") from error
    return _text_of(answer, script, address)


def _text_of(answer: Answer, script: FoundScript, address: str) -> str:
    media_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.status != 200 or media_type not in SCRIPT_TYPES:
        raise _wrong(address, f"was answered {answer.status} with {media_type or 'no type'}")
    if not _is_intact(answer.body, script.integrity):
        raise _wrong(address, "is not what the page says it is (integrity)")
    try:
        return answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(address, "is not written in UTF-8") from error


def _is_intact(content: bytes, integrity: str) -> bool:
    """Return whether content has one of the strongest digests it may have (SRI §3.3.4)."""
    wanted = [word.partition("?")[0] for word in integrity.split()]
    for algorithm in _STRONGEST:
        digests = [each for each in wanted if each.startswith(f"{algorithm}-")]
        if digests:
            found = b64encode(hashlib.new(algorithm, content).digest()).decode()
            return any(is_same(each, f"{algorithm}-{found}") for each in digests)
    return True


def _lacks_jquery(texts: Sequence[str]) -> bool:
    return not any(map(_IS_JQUERY.search, texts)) and any(map(_CALLS_JQUERY.search, texts))


@lru_cache(maxsize=1)
def _jquery() -> str:
    return (files("xstatic.pkg.jquery") / "data" / "jquery.min.js").read_text("utf-8")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _wrong(address: str, sentence: str) -> Invalid:
    return Invalid(Problem("pageUri", f"The script {address[:200]} {sentence}."))
