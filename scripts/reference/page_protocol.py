"""What scripts written for B2C find in the pages, and where they send it."""

from collections.abc import Iterator
from typing import Any

from gatelodge.oidc.page_protocol.routes import page_protocol_routes
from gatelodge.oidc.page_protocol.verdict import CODES
from scripts.reference.markdown import code, page, section, table

INTRO = """\
Programs that know B2C's pages read values out of their source, and send what they would have
typed to addresses of their own. A directory answers them while its switch `speaks_page_protocol`
is on, which it is in development mode; without it none of this is there. A user flow that is an
issuer of its own is strict and never answers. [The guide](../guide/b2c-test-scripts.md) shows a
whole run."""

SOURCE = """\
Every page then holds a block of type `text/plain`, which no browser runs: `SETTINGS`, `CONTENT`,
`CP` and `SA_FIELDS`, each one line of JSON behind `var NAME = ` and before a semicolon. `<`, `>`
and `&` are written as `\\u003c` and so on. There is no semicolon inside `SETTINGS`. The first page
is the answer to the authorization request itself, without a redirect in between."""

VARIABLES = (
    (
        "SETTINGS.csrf",
        "the token of this page, also in the cookie `x-ms-cpim-csrf`; every page has another one",
    ),
    (
        "SETTINGS.transId",
        "`StateProperties=…`, the value of `tx`; the cookie `x-ms-cpim-trans`"
        " names the same, and counts where `tx` is missing",
    ),
    ("SETTINGS.api", "the name of the page in `api/{api}/…`"),
    (
        "SETTINGS.hosts",
        "`tenant` is the path below which the addresses lie, `policy` the value of `p`",
    ),
    ("SETTINGS.config", "texts: what the page offers"),
    ("CONTENT", "every sentence of the page by its string id"),
    ("CP.list", "identity providers on the page: `id` is a claims exchange"),
    (
        "SA_FIELDS.AttributeFields",
        "what the page asks for, with what it will ask for once an"
        " address is proved; `ID` is the name to send it under",
    ),
)

RULES = """\
A form needs the page's token in the header `X-CSRF-TOKEN`, a GET needs it as `csrf_token`. Both
have to come from the browser the journey began in, and from no other site (`Sec-Fetch-Site`, or
`Origin` where that is missing). What does not is answered with HTTP 400 or 403 and changes
nothing. A form that was looked at is answered with HTTP 200 and a JSON object of texts:
`{"status":"200"}`, or `status` `400` with `errorCode` and `message`.

Nothing counts here without the proof the form on the page would need. `confirmed` leads on when
the step of the page is done; when it is not, the journey ends with `AADB2C90255`. The token of a
page is worth nothing for another one."""

ANSWERS = {
    "SelfAsserted": "`request_type=RESPONSE` takes the answers of a page;"
    " `VERIFICATION_REQUEST` and `VALIDATION_REQUEST` with `claim_id`, `claim_value` and"
    " `user_input` have a code sent and compare it",
    "SelfAsserted/DisplayControlAction/vbeta/{control}/{action}": "`SendCode` and `VerifyCode` of"
    " `emailVerificationControl`",
    "api/{api}/{action}": "`confirmed`: the next page or the way to the application;"
    " `unified?local=signup` and `unified?claimsexchange=…`: a link or a provider of the first"
    " page; `forgotPassword`; `error` and `cancelled`: giving up",
    "Phonefactor/verify": "`VERIFICATION_REQUEST` with `auth_type` `onewaysms` or `dialphone`, and"
    " `VALIDATION_REQUEST` with `verification_code`; `status` is 200, 429 too often, 448 out of"
    " reach or 449 wrong",
    "client/perftrace": "taken and forgotten",
}


def page_protocol_page() -> str:
    """Return the page."""
    codes = ((code(text), code(found)) for text, found in CODES.items())
    return page(
        "Page protocol",
        INTRO,
        section("In the source", SOURCE, table(("name", "holds"), _named())),
        section("Addresses", RULES, table(("address", "method", "takes"), _addresses())),
        section(
            "Error codes",
            "Any other sentence goes by its string id.",
            table(("sentence", "`errorCode`"), codes),
        ),
    )


def _named() -> Iterator[tuple[str, str]]:
    yield from ((code(name), text) for name, text in VARIABLES)


def _addresses() -> Iterator[tuple[str, str, str]]:
    nobody: Any = None
    for route in page_protocol_routes(nobody):
        below = route.path.removeprefix("/{tenant}/{policy}/")
        if below != route.path:
            methods = sorted((route.methods or set()) - {"HEAD"})
            yield code(route.path), ", ".join(methods), ANSWERS[below]
