"""Fetching the scripts of an administrator's page, once, when the address of the page is given."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from gatelodge.crypto.digest import is_same
from gatelodge.errors import Invalid, Problem
from gatelodge.graph.change import Situation
from gatelodge.model.identifier import key_of
from gatelodge.model.page_script import PageScript, ScriptPlace
from gatelodge.outbound import Answer, NotAllowed, NotReached
from gatelodge.pages.template_scripts import LARGEST_SCRIPT_OCTETS, SCRIPT_TYPES, FoundScript

_STRONGEST = ("sha512", "sha384", "sha256")


@dataclass(frozen=True, slots=True)
class ReadScripts:
    """The scripts of a template: where each is, and what they say, each once."""

    places: tuple[ScriptPlace, ...]
    scripts: tuple[PageScript, ...]


async def read_scripts(
    situation: Situation, user_flow_id: str, page_id: str, found: Sequence[FoundScript]
) -> ReadScripts:
    """Return the scripts a template names; raises `Invalid` when one of them cannot be had."""
    places: list[ScriptPlace] = []
    scripts: dict[str, PageScript] = {}
    for each in found:
        text = each.text if each.src is None else await _fetched(situation, each, each.src)
        digest = hashlib.sha256(text.encode()).hexdigest()
        places.append(
            ScriptPlace(
                digest=digest,
                is_module=each.is_module,
                timing=each.timing,
                is_in_head=each.is_in_head,
            )
        )
        scripts[digest] = PageScript(
            directory_id=situation.directory.id,
            user_flow_key=key_of(user_flow_id),
            page_id=page_id,
            digest=digest,
            text=text,
        )
    return ReadScripts(tuple(places), tuple(scripts.values()))


async def _fetched(situation: Situation, script: FoundScript, address: str) -> str:
    try:
        answer = await situation.outbound.send(
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
        text = answer.body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(address, "is not written in UTF-8") from error
    if "\0" in text:
        raise _wrong(address, "holds a character no script has")
    return text


def _is_intact(content: bytes, integrity: str) -> bool:
    """Return whether content has one of the strongest digests it may have (SRI §3.3.4)."""
    wanted = [word.partition("?")[0] for word in integrity.split()]
    for algorithm in _STRONGEST:
        digests = [each for each in wanted if each.startswith(f"{algorithm}-")]
        if digests:
            found = b64encode(hashlib.new(algorithm, content).digest()).decode()
            return any(is_same(each, f"{algorithm}-{found}") for each in digests)
    return True


def _wrong(address: str, sentence: str) -> Invalid:
    return Invalid(Problem("pageUri", f"The script {address[:200]} {sentence}."))
