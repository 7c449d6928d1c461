"""Lifetimes and bounds that no setting changes."""

from gatelodge.connectors.answer import LONGEST_MESSAGE
from gatelodge.connectors.call import TRIES, TRY_LONGEST_S
from gatelodge.connectors.circuit import FAILURES_THAT_OPEN, MOST_AT_ONCE, OPEN_S
from gatelodge.crypto.passwords import MAX_PASSWORD_CHARACTERS
from gatelodge.crypto.totp import DRIFT_STEPS
from gatelodge.graph.model.page_scripts import (
    LARGEST_SCRIPT_OCTETS,
    LARGEST_SCRIPTS_OCTETS,
    LONGEST_FETCHING_S,
)
from gatelodge.journeys.check_password import PASSWORD_LIFETIME
from gatelodge.journeys.factor_rules import RECENT
from gatelodge.journeys.factor_secrets import RECOVERY_CODES
from gatelodge.journeys.perform.resume_session import LONGEST_SESSION
from gatelodge.journeys.retries import MOST_REFUSED_FORMS
from gatelodge.journeys.send_budgets import (
    FACTORS_OF_ONE_ACCOUNT,
    PROVED_FROM_ONE_PLACE,
    SIGN_INS_FROM_ONE_PLACE,
)
from gatelodge.model import lockout, one_time_code
from gatelodge.model.grant import CODE_LIFETIME_S, REPLAY_WINDOW_S, SPA_REFRESH_LIFETIME_S
from gatelodge.model.interaction import INTERACTION_LIFETIME_S
from gatelodge.model.password_rules import rules_of
from gatelodge.model.terms_of_use import MOST_KEPT
from gatelodge.model.trace import MOST_ENTRIES
from gatelodge.model.user_flow import VERSIONS, PasswordComplexity, PasswordConfiguration
from gatelodge.oidc import jwks
from gatelodge.oidc.client_keys import FRESH, LONGEST, READ_AGAIN
from gatelodge.oidc.discovery import MAX_AGE_S
from gatelodge.oidc.error_limit import MOST_OF_A_CODE, MOST_OF_A_DIRECTORY
from gatelodge.oidc.grants.client_credentials import GRAPH_LIFETIME_S
from gatelodge.oidc.respond import REPEAT_WINDOW_S
from gatelodge.operations.guard import MAX_BODY_OCTETS
from gatelodge.operations.key_rotation import FAREWELL, OVERLAP
from gatelodge.operations.listening import GRACE_S
from gatelodge.outbound import LARGEST_OCTETS
from gatelodge.pages.template import LARGEST_TEMPLATE_OCTETS
from gatelodge.pages.template_scripts import MOST_SCRIPTS
from scripts.reference.markdown import code, page, section, table

INTRO = """\
Lifetimes of tokens, sessions and codes are settings of a user flow. What follows is the same for
all."""


def limits_page() -> str:
    """Return the page."""
    rows = (
        ("an interaction, from the authorization request to its end", _s(INTERACTION_LIFETIME_S)),
        ("an authorization code", _s(CODE_LIFETIME_S)),
        ("a rotated refresh token is answered again with the same tokens", _s(REPLAY_WINDOW_S)),
        ("the last form of a journey is answered again", _s(REPEAT_WINDOW_S)),
        ("refreshing in a browser application, from the sign-in", _s(SPA_REFRESH_LIFETIME_S)),
        ("a session, however often it is used", _s(LONGEST_SESSION.total_seconds())),
        ("an access token for the Graph API", _s(GRAPH_LIFETIME_S)),
        ("one try to reach an API connector", _s(TRY_LONGEST_S)),
        ("tries to reach an API connector", str(TRIES)),
        ("octets of an API connector's answer", str(LARGEST_OCTETS)),
        ("characters of the message in it", str(LONGEST_MESSAGE)),
        ("failed calls in a row before it is left alone", str(FAILURES_THAT_OPEN)),
        ("an API connector is left alone", _s(OPEN_S)),
        ("calls of one API connector at once, in one process", str(MOST_AT_ONCE)),
        ("octets of a page of somebody's own", str(LARGEST_TEMPLATE_OCTETS)),
        ("scripts of such a page", str(MOST_SCRIPTS)),
        ("octets of one of them", str(LARGEST_SCRIPT_OCTETS)),
        ("octets of all of them together", str(LARGEST_SCRIPTS_OCTETS)),
        ("until all of them have come", _s(LONGEST_FETCHING_S)),
        ("versions of terms of use an account keeps", str(MOST_KEPT)),
        ("entries in the trace of a journey", str(MOST_ENTRIES)),
        ("digits of a code sent by mail", str(one_time_code.CODE_DIGITS)),
        ("a password, where expiration is not switched off", _s(PASSWORD_LIFETIME.total_seconds())),
        ("forms a step refuses before the journey ends", str(MOST_REFUSED_FORMS)),
        ("failed sign-ins before a name is locked", str(lockout.MAX_FAILURES)),
        ("the first lock", _s(lockout.FIRST_LOCKOUT_S)),
        ("the longest lock", _s(lockout.LONGEST_LOCKOUT_S)),
        ("wrong second factors before they are locked", str(lockout.FACTOR_RULES.most_failures)),
        ("the first lock of second factors", _s(lockout.FACTOR_RULES.first_s)),
        ("codes for a second factor of one account, in an hour", str(FACTORS_OF_ONE_ACCOUNT)),
        (
            "codes for signing in that one place has sent, in an hour",
            str(SIGN_INS_FROM_ONE_PLACE),
        ),
        (
            "codes for proving addresses that one place has sent, in an hour",
            str(PROVED_FROM_ONE_PLACE),
        ),
        ("recovery codes in a set", str(RECOVERY_CODES)),
        ("half minutes the clocks of server and authenticator may differ", str(DRIFT_STEPS)),
        (
            "who somebody is counts as shown just now, for changing factors",
            _s(RECENT.total_seconds()),
        ),
        ("characters of a password", str(MAX_PASSWORD_CHARACTERS)),
        ("octets of a request", str(MAX_BODY_OCTETS)),
        ("metadata may be cached", _s(MAX_AGE_S)),
        ("our keys may be cached", _s(jwks.MAX_AGE_S)),
        ("a client's keys at `jwks_uri` are taken as they were read", _s(FRESH.total_seconds())),
        (
            "they are read again for a key nobody knows, at most every",
            _s(READ_AGAIN.total_seconds()),
        ),
        ("the last ones count while they cannot be read", _s(LONGEST.total_seconds())),
        (
            "errors of one code that have an audit event each, in a minute and process",
            str(MOST_OF_A_CODE),
        ),
        ("such events of one directory, in a minute and process", str(MOST_OF_A_DIRECTORY)),
        ("a new signing key is published before it signs", _s(int(OVERLAP.total_seconds()))),
        ("an old key verifies after it last signed", _s(int(FAREWELL.total_seconds()))),
        ("requests in flight after `SIGTERM`", _s(GRACE_S)),
    )
    return page(
        "Limits",
        INTRO,
        table(("what", "limit"), rows),
        section("Passwords", PASSWORDS, _complexities()),
        section("Versions of user flow types", _versions()),
    )


PASSWORDS = """\
`complexityLevel` of a user flow's `passwordComplexityConfiguration`. The 3,000 most common
passwords, and a password that is little more than a name of the person, are refused at every
level. The level `custom` has the rules of `customConfiguration`: lengths from 4 to 256, kinds from
2 to 4 or none, or digits only."""


def _s(seconds: float) -> str:
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        count, rest = divmod(seconds, size)
        if count and not rest:
            return f"{count:g} {word}{'' if count == 1 else 's'}"
    return f"{seconds:g} seconds"


def _complexities() -> str:
    return table(
        ("level", "least", "most", "kinds of character"),
        [
            (code(each), str(rule.minimum), str(rule.maximum), str(rule.classes or "any"))
            for each in PasswordComplexity
            if each is not PasswordComplexity.CUSTOM
            for rule in (rules_of(PasswordConfiguration(complexity_level=each)),)
        ],
    )


def _versions() -> str:
    rows = [(code(each), ", ".join(f"{it:g}" for it in has)) for each, has in VERSIONS.items()]
    return table(("type", "userFlowTypeVersion"), rows)
