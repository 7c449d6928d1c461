"""What scripts call the pages: `SETTINGS.api`, and the segment before `confirmed`."""

from gatelodge.pages.page import PageId

COMBINED = "CombinedSigninAndSignup"
SELF_ASSERTED = "SelfAsserted"
PHONE_FACTOR = "Phonefactor"
PROVIDER_CHOICE = "IdpSelections"

API_NAMES = frozenset({COMBINED, SELF_ASSERTED, PHONE_FACTOR, PROVIDER_CHOICE})

_NAMES = {
    PageId.SIGN_UP_OR_SIGN_IN: COMBINED,
    PageId.LOCAL_SIGN_IN: COMBINED,
    PageId.PROVIDER_CHOICE: PROVIDER_CHOICE,
    PageId.PROVIDER_CHOICE_SIGN_UP: PROVIDER_CHOICE,
    PageId.PHONE_FACTOR: PHONE_FACTOR,
}


def api_name(page_id: PageId) -> str:
    """Return the name of a page among scripts."""
    return _NAMES.get(page_id, SELF_ASSERTED)
