"""An ID token of ours, sent back to say who is meant (OIDC Core §3.1.2.1)."""

from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.application import Application
from gatelodge.oidc.errors import Code
from gatelodge.oidc.provider import Provider
from gatelodge.oidc.subject import account_named


class HintRefused(Exception):
    """The hint is not an ID token of this directory for this application."""

    def __init__(self, code: Code) -> None:
        super().__init__(str(code))
        self.code = code


def hinted_subject(provider: Provider, application: Application, hint: str) -> str:
    """Return whom an ID token is about; it may have expired. Raises `HintRefused`.

    Another user flow of the directory may have issued it: profile edit is begun with the token of
    a sign-in.
    """
    try:
        claims = provider.key_set.verify(hint)
    except Unverifiable as error:
        raise HintRefused(Code.SIGN_IN_HINT_SIGNATURE_WRONG) from error
    if not str(claims.get("iss", "")).startswith(f"{provider.origin}/"):
        raise HintRefused(Code.SIGN_IN_HINT_OF_ANOTHER_ISSUER)
    if "azp" in claims or "idtyp" in claims:
        raise HintRefused(Code.SIGN_IN_HINT_MALFORMED)
    if claims.get("aud") != application.app_id:
        raise HintRefused(Code.SIGN_IN_HINT_OF_ANOTHER_AUDIENCE)
    return account_named(claims)
