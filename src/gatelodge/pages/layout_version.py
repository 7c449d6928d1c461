"""What a version of a page's layout stands for, where older ones differ from the newest."""

from collections.abc import Mapping

from gatelodge.pages.page import PageId

_Numbers = tuple[int, ...]
_SELF_ASSERTED = "2.1.26"
_UNIFIED, _SELECTION, _FACTOR, _EXCEPTION = "2.1.14", "1.2.5", "1.2.12", "1.2.5"
_OLD_SELF_ASSERTED = ("1.2.0", "2.1.20", _SELF_ASSERTED)
_VERSIONS: Mapping[PageId, tuple[str, ...]] = {
    PageId.SIGN_UP_OR_SIGN_IN: ("2.1.9", _UNIFIED),
    PageId.LOCAL_SIGN_UP: _OLD_SELF_ASSERTED,
    PageId.SOCIAL_SIGN_UP: _OLD_SELF_ASSERTED,
    PageId.PASSWORD_RESET: _OLD_SELF_ASSERTED,
    PageId.EMAIL_CHANGE: _OLD_SELF_ASSERTED,
    PageId.PROVIDER_CHOICE: (_SELECTION,),
    PageId.PROVIDER_CHOICE_SIGN_UP: (_SELECTION,),
    PageId.PHONE_FACTOR: (_FACTOR,),
    PageId.ERROR: (_EXCEPTION,),
}
_FIRST_WITHOUT_BODY: Mapping[PageId, _Numbers] = {PageId.SIGN_UP_OR_SIGN_IN: (2, 1, 10)}
_FIRST_SELF_ASSERTED_WITHOUT_BODY: _Numbers = (2, 1, 21)
_FIRST_WITH_CONTROL: _Numbers = (2,)


def versions_of(page: PageId) -> tuple[str, ...]:
    """Return the versions of a page's layout that differ, the newest last."""
    return _VERSIONS.get(page, (_SELF_ASSERTED,))


def known_version(page: PageId, version: str) -> str:
    """Return a version that was chosen, the newest in place of one there is no more."""
    known = versions_of(page)
    return version if version in known else known[-1]


def runs_scripts_of_body(page: PageId, version: str) -> bool:
    """Return whether scripts of a template's body run as well as those of its head."""
    is_older = len(versions_of(page)) > 1
    first = _FIRST_WITHOUT_BODY.get(page, _FIRST_SELF_ASSERTED_WITHOUT_BODY)
    return is_older and _numbers(version) < first


def has_old_verification(page: PageId, version: str) -> bool:
    """Return whether the code for an address is asked for under the names of the first layouts."""
    return _VERSIONS.get(page) is _OLD_SELF_ASSERTED and _numbers(version) < _FIRST_WITH_CONTROL


def _numbers(version: str) -> _Numbers:
    return tuple(int(each) for each in version.split("."))
