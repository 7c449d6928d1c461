"""Which specifications are followed, and how far."""

from scripts.conformance.modules import DOES_NOT_APPLY, PLANS
from scripts.reference.markdown import code, page, section, table

INTRO = """\
What is implemented now. *Part* says which."""

SPECIFICATIONS = (
    (
        "OAuth 2.0, RFC 6749",
        "part",
        "code, implicit, password, client credentials, refresh, device, on behalf of",
    ),
    ("Bearer tokens, RFC 6750", "part", "header and form body; never from the query"),
    ("Token revocation, RFC 7009", "yes", "any token ends its whole grant"),
    ("Token introspection, RFC 7662", "yes", "for the audience of a token and its client"),
    ("Client assertions, RFC 7523", "yes", "RS256, PS256, ES256; registered keys and certificates"),
    ("JWT bearer grant, RFC 7523", "part", "on behalf of a user, as Microsoft's libraries ask"),
    ("Device authorization, RFC 8628", "yes", "the person always signs in anew"),
    ("Pushed requests, RFC 9126", "yes", "can be demanded of an application"),
    ("Issuer in responses, RFC 9207", "yes", "in every answer and error"),
    ("DPoP, RFC 9449", "yes", "nonces where a directory's switch demands them"),
    (
        "Dynamic registration, RFC 7591",
        "yes",
        "by a permission, where a directory's switch allows it",
    ),
    ("Registration management, RFC 7592", "yes", "for the bearer of the client's own token"),
    ("PKCE, RFC 7636", "yes", "S256; `plain` only where a directory's switch allows it"),
    (
        "JSON Web Token, RFC 7519",
        "yes",
        "ID and access tokens, signed with RS256 or ES256",
    ),
    ("JSON Web Key, RFC 7517", "yes", "`discovery/v2.0/keys`"),
    ("Native applications, RFC 8252", "yes", "loopback redirect on any port"),
    (
        "Security best current practice, RFC 9700",
        "yes",
        "exact redirect URIs, rotation, PKCE for public clients",
    ),
    (
        "Multiple response types",
        "yes",
        "`code`, `id_token`, `token`, any combination; see below",
    ),
    ("Form post response mode", "yes", ""),
    (
        "OpenID Connect Core 1.0",
        "part",
        "code, implicit and hybrid flow, userinfo; no request objects, pushed requests instead;"
        " `claims` and the claims of scopes where the user flow is an issuer of its own",
    ),
    ("OpenID Connect Discovery 1.0", "yes", "one document for each user flow"),
    (
        "RP-Initiated Logout 1.0",
        "yes",
        "asks the person first when there is no `id_token_hint`",
    ),
    ("Front-Channel Logout 1.0", "yes", "at `web.logoutUrl`, with `iss` and `sid`"),
    ("Back-Channel Logout 1.0", "yes", "at `web.backChannelLogoutUrl`, tried six times"),
    (
        "OData JSON 4.01",
        "part",
        "query options as the Graph reference says",
    ),
    ("TLS 1.2 and 1.3", "yes", ""),
    ("Argon2, RFC 9106", "yes", "argon2id"),
    (
        "Content Security Policy 3",
        "yes",
        "no inline script; a nonce for the one page with a script",
    ),
    (
        "WCAG 2.2 AA",
        "yes",
        "every page is checked with axe-core",
    ),
)

NOTE = """\
A response type with `id_token` or `token` in it is answered only when the application's
`implicitGrantSettings` allow it."""


def specifications_page() -> str:
    """Return the page."""
    rows = table(("specification", "followed", "notes"), SPECIFICATIONS)
    return page("Specifications", INTRO, rows, NOTE, _conformance())


def _conformance() -> str:
    names = {name for plan in PLANS.values() for name in plan}
    applies = len(names - set(DOES_NOT_APPLY))
    intro = (
        f"The OpenID Foundation's plans for providers have {len(names)} tests of different names."
        f" {applies} of them apply, and each has a test of ours of the same name. These do not:"
    )
    rows = [(code(name), reason) for name, reason in DOES_NOT_APPLY.items()]
    return section("Conformance plans", intro, table(("test of the suite", "why not"), rows))
