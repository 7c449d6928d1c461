"""Every address the server answers at, and the development API."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_type_hints

from starlette.responses import Response
from starlette.routing import Route

from gatelodge.development.description import describe
from gatelodge.development.routes import development_routes
from gatelodge.development.seed import derive_seed
from gatelodge.oidc.routes import Endpoints, oidc_routes
from scripts.reference.markdown import code, first_line, page, section, table
from scripts.reference.source import SOURCE

ADDRESSES = """\
`{tenant}` is the tenant's id or its domain; `{policy}` is the id of a user flow. Both are
compared without case. Without `{policy}` in the path the query parameter `p` names the user
flow; without either the address is the directory's own, where only Graph's audience is served.
Discovery answers with endpoints in the style it was asked in. `/tfp` and `/te` are prefixes of
older clients."""

DEVELOPMENT = """\
These addresses exist in development mode only; a production server answers 404. They take no
password, so they listen on loopback and refuse what a page of another site makes a browser
send."""

OTHERS = (
    ("/beta/…, /v1.0/…", "the Graph API, its [own reference](README.md)"),
    ("/beta/$metadata, /v1.0/$metadata", "the entity model of the Graph API (CSDL)"),
    ("/openapi.json", "the Graph API as OpenAPI 3.1"),
    ("/docs", "the same as a page to browse"),
    ("/healthz", "200 as long as the process answers at all"),
    ("/readyz", "200 when the database answers, 503 when it does not"),
    ("/metrics", "text for Prometheus; labels are route templates, never paths"),
    ("/metadata/endpoints", "where tools built for the cloud find its parts"),
    ("/common/discovery/instance", "instance discovery: this host speaks for itself"),
    ("/common/userrealm/{user}", "404: nobody is federated elsewhere"),
    ("/subscriptions, /tenants", "an empty list, for tools that ask"),
    ("/static/…", "stylesheet and images, named by their content"),
)


async def _nothing(_request: object) -> Response:
    return Response()


def addresses_page() -> str:
    """Return the page about addresses."""
    names = [each.name for each in fields(Endpoints)]
    routes = oidc_routes(Endpoints(**dict.fromkeys(names, _nothing)))
    return page(
        "Addresses",
        ADDRESSES,
        section("OpenID Connect", table(("address", "methods"), _provider_rows(routes))),
        section("Everything else", table(("address", "answers"), _plain(OTHERS))),
    )


def _plain(rows: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(", ".join(code(each) for each in path.split(", ")), said) for path, said in rows]


def _provider_rows(routes: Sequence[Route]) -> list[tuple[str, str]]:
    return [
        (code(each.path), ", ".join(_methods(each)))
        for each in routes
        if not each.path.startswith(("/tfp", "/te/"))
    ]


def _methods(route: Route) -> list[str]:
    methods = (route.methods or set()) - {"HEAD", "OPTIONS"}
    # What applications call takes every method only to say that it wants a POST.
    return ["POST"] if "PATCH" in methods else sorted(methods)


def development_page() -> str:
    """Return the page about the development API."""
    hints = get_type_hints(development_routes)
    parts: dict[str, Any] = {
        name: object.__new__(kind) for name, kind in hints.items() if name != "return"
    }
    rows = []
    for route in development_routes(**parts):
        owner = type(route.endpoint.__self__)  # type: ignore[attr-defined]
        said = first_line(owner.__doc__).partition("`: ")[2]
        if not route.path.endswith("/"):
            rows.append((code(route.path), ", ".join(_methods(route)), said))
    return page(
        "Development API",
        DEVELOPMENT,
        table(("address", "methods", "answer"), rows),
        section("Messages", MESSAGES),
        section("Clock", CLOCK),
        section("`dev.json`", DEV_JSON, _description()),
    )


MESSAGES = """\
`GET /_dev/messages?to=ADDRESS&since=ID&wait_s=N`: every parameter may be left out. `to` is
compared without case; `since` leaves out a message and everything older; `wait_s`, at most 30,
waits for one to arrive. The answer is a JSON list, the newest message first, each with `id`,
`channel`, `to`, `subject`, `text`, `html`, `code` and `sent_at`. `DELETE` empties the inbox."""

CLOCK = """\
`PUT /_dev/clock` with `{"offset_s": 3600}` moves the server's clock an hour ahead of the real
one, for everything that expires: codes, tokens, sessions, locks. `GET` answers `offset_s` and
`now`. `POST /_dev/reset` brings clock and tenant back to the seeded state."""

DEV_JSON = """\
Written into the data directory when the server is ready, and removed when it stops. Its
members:"""


def _description() -> str:
    found = describe(derive_seed("1"), origin="https://localhost:8443", ca_file=SOURCE / "ca.pem")
    return table(("member", "holds"), _members(found, ""))


def _members(value: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, held in value.items():
        if isinstance(held, dict):
            rows += _members(held, f"{prefix}{name}.")
        else:
            rows.append((code(f"{prefix}{name}"), _held(name, held)))
    return rows


def _held(name: str, held: object) -> str:
    match name, held:
        case "users", [dict(first), *_] as people:
            return f"{len(people)} people, each with {', '.join(code(each) for each in first)}"
        case _, list() | tuple():
            return ", ".join(code(each) for each in held)
        case "ca_file", _:
            return "path of the authority's certificate"
        case _, str() if name.endswith(("_id", "_secret")):
            return "from the seed"
        case _:
            return code(str(held).replace(derive_seed("1").tenant_id, "{tenant_id}"))
