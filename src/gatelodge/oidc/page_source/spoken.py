"""Which user flows let scripts use their pages."""

from gatelodge.oidc.provider import Provider
from gatelodge.oidc.standard_claims import is_strict


def is_spoken(provider: Provider) -> bool:
    """Return whether pages carry what scripts need and their requests are answered.

    The directory's switch says so, and a user flow with an issuer of its own is strict: never.
    """
    is_on = provider.directory.switches.speaks_page_protocol
    return is_on and provider.user_flow is not None and not is_strict(provider)
