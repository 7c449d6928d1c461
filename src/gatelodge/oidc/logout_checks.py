"""Everything a request to sign out has to pass, in order, one function for each rule.

An error is shown to the person and ends nothing (OIDC RP-Initiated Logout 1.0 §4).
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from gatelodge.crypto.key_set import Unverifiable
from gatelodge.model.application import Application
from gatelodge.model.session import Session
from gatelodge.oidc.errors import Code, Displayed
from gatelodge.oidc.parameters import Parameters
from gatelodge.oidc.provider import Provider, Providers
from gatelodge.oidc.redirect_uris import match_redirect_uri
from gatelodge.oidc.return_address import encode_parameters
from gatelodge.oidc.steps import user_flow_of
from gatelodge.oidc.subject import account_named


@dataclass(slots=True, kw_only=True)
class Leaving:
    """A request on its way through the checks; each fills in what it has found good.

    `claims` are those of the ID token that was sent as a hint, `target` is where the person goes.
    """

    provider: Provider
    providers: Providers
    parameters: Parameters
    session: Session | None
    now: datetime
    claims: Mapping[str, Any] = field(default_factory=dict)
    application: Application | None = None
    target: str | None = None

    @property
    def wants_hint(self) -> bool:
        """Return whether the user flow signs nobody out without an ID token."""
        configuration = user_flow_of(self.provider).single_sign_on_session_configuration
        return configuration.enforce_id_token_hint_on_logout

    @property
    def is_proved(self) -> bool:
        """Return whether the hint shows that the person who is signed in here is meant."""
        subject = account_named(self.claims) if self.claims else None
        return (
            subject is not None
            and self.session is not None
            and (subject == self.session.account_id)
        )


LogoutCheck: TypeAlias = Callable[[Leaving], Awaitable[None]]


async def check_hint_is_there(leaving: Leaving) -> None:
    """Demand an ID token where the user flow is configured to (B2C: AADB2C90272)."""
    if leaving.wants_hint and "id_token_hint" not in leaving.parameters:
        raise Displayed(Code.HINT_MISSING)


async def check_hint_is_ours(leaving: Leaving) -> None:
    """Demand that a hint was signed by this directory (RP-Initiated Logout §2)."""
    if (hint := leaving.parameters.get("id_token_hint")) is None:
        return
    try:
        leaving.claims = leaving.provider.key_set.verify(hint)
    except Unverifiable as error:
        raise Displayed(Code.HINT_SIGNATURE_WRONG) from error
    if not str(leaving.claims.get("iss", "")).startswith(f"{leaving.provider.origin}/"):
        raise Displayed(Code.HINT_OF_ANOTHER_ISSUER)


async def check_hint_is_of_the_client(leaving: Leaving) -> None:
    """Demand that hint and `client_id` name one application (RP-Initiated Logout §2)."""
    client_id = leaving.parameters.get("client_id")
    if leaving.claims and client_id is not None and client_id.lower() != leaving.claims.get("aud"):
        raise Displayed(Code.HINT_OF_ANOTHER_AUDIENCE)


async def check_hint_is_an_id_token(leaving: Leaving) -> None:
    """Demand an ID token: an access token is in more hands (RP-Initiated Logout §2)."""
    if "azp" in leaving.claims or "idtyp" in leaving.claims:
        raise Displayed(Code.HINT_MALFORMED)


async def check_target(leaving: Leaving) -> None:
    """Demand an address that the application registered (RP-Initiated Logout §3)."""
    if (target := leaving.parameters.get("post_logout_redirect_uri")) is None:
        return
    leaving.application = await _application(leaving)
    if not _is_registered(leaving.application, target) and not _is_allowed_to_all(leaving, target):
        raise Displayed(Code.LOGOUT_URI_MALFORMED)
    if (state := leaving.parameters.get("state")) is not None:
        separator = "&" if "?" in target else "?"
        target = f"{target}{separator}{encode_parameters([('state', state)])}"
    leaving.target = target


async def check_hint_is_young(leaving: Leaving) -> None:
    """Take an old hint only for the session it tells of (RP-Initiated Logout §2)."""
    is_over = leaving.claims and int(leaving.claims.get("exp", 0)) <= leaving.now.timestamp()
    is_needed = leaving.session is not None or leaving.wants_hint
    if is_over and is_needed and not leaving.is_proved:
        raise Displayed(Code.HINT_EXPIRED)


LOGOUT_CHECKS: tuple[LogoutCheck, ...] = (
    check_hint_is_there,
    check_hint_is_ours,
    check_hint_is_of_the_client,
    check_hint_is_an_id_token,
    check_target,
    check_hint_is_young,
)
"""In order. What passes them is asked of the person, unless the hint proves who is meant."""


async def _application(leaving: Leaving) -> Application | None:
    """Return whose address it has to be: the hint's, the named or the session's application."""
    client_id = leaving.claims.get("aud") or leaving.parameters.get("client_id")
    if client_id is None and leaving.session is not None:
        client_id = leaving.session.client_id
    if client_id is None:
        return None
    return await leaving.providers.application(leaving.provider, str(client_id))


def _is_registered(application: Application | None, target: str) -> bool:
    if application is None:
        return False
    registration = application.details.registration
    own = () if registration is None else registration.post_logout_redirect_uris
    is_known = target in own or target == application.web_logout_url
    return is_known or match_redirect_uri(application, target) is not None


def _is_allowed_to_all(leaving: Leaving, target: str) -> bool:
    is_https = target.startswith("https://") and target.isascii() and target.isprintable()
    return leaving.provider.directory.switches.redirects_after_logout_unchecked and is_https
