"""The AADB2C codes."""

from gatelodge.oidc.errors import WORDINGS, Code
from scripts.reference.error_remedies import REMEDIES
from scripts.reference.markdown import code, page, table
from scripts.reference.source import users_of

INTRO = """\
An application finds the code at the beginning of `error_description`, and OAuth's word in
`error`. The word is the usual one; where RFC 6749 wants another at an endpoint, that one is
sent. Branch on the code, never on the sentence. A name in braces is replaced by the value of
the request. *Raised in* names the modules; a code without one is known and worded but nothing
raises it yet.

Errors are shown to the person, not sent to the application, as long as it is not certain that
the redirect URI belongs to the application. Each carries a correlation id, under which it is found
in Graph's `/auditLogs/signIns`. Errors at a tenant that does not exist belong to nobody's log."""


def error_codes_page() -> str:
    """Return the page."""
    users = users_of("Code", declared_in="oidc/errors.py")
    rows = [
        (
            code(each.value),
            code(WORDINGS[each].error),
            WORDINGS[each].sentence,
            REMEDIES[each].when,
            REMEDIES[each].to_do,
            ", ".join(code(module) for module in users.get(each.name, ())),
        )
        for each in Code
    ]
    return page(
        "Error codes",
        INTRO,
        table(("code", "error", "sentence", "when", "what to do", "raised in"), rows),
    )
