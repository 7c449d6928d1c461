"""Name a custom attribute."""

import re

from gatelodge.model.identifier import ClientId

MAX_ATTRIBUTES = 100
"""Custom attributes a directory may have."""

_UNFIT = re.compile(r"[^A-Za-z0-9_]", re.ASCII)


def attribute_name_problem(display_name: str) -> str | None:
    """Return what is wrong with a display name, or None: an id is made of its ASCII letters."""
    if not _UNFIT.sub("", display_name) or not display_name.isprintable():
        return "must contain a letter or digit of ASCII and nothing that cannot be printed."
    return None


def attribute_id(extensions_app_id: ClientId, display_name: str) -> str:
    """Return `extension_{application}_{name}`, fit to be a claim and a part of an address."""
    return f"extension_{extensions_app_id.replace('-', '')}_{_UNFIT.sub('', display_name)}"
