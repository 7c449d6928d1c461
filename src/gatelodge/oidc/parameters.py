"""Raw parameters of a request: from a query or a form to a mapping, once and strictly."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_QUERY_CHARACTERS = 32_768
MAX_BODY_OCTETS = 65_536
MAX_PARAMETERS = 100
FORM = "application/x-www-form-urlencoded"


class MalformedParameters(Exception):
    """What arrived is no set of parameters; `reason` may be told, `status` is HTTP's."""

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Parameters(Mapping[str, str]):
    """Parameters by name. One sent without a value counts as not sent (RFC 6749 §3.1)."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: value for name, value in values.items() if value}

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        # Values are codes, secrets and passwords; names are enough to understand a log.
        return f"Parameters({', '.join(self._values)})"


def query_parameters(request: Request) -> Parameters:
    """Return the parameters of the query. Raises `MalformedParameters`."""
    raw: bytes = request.scope["query_string"]
    if len(raw) > MAX_QUERY_CHARACTERS:
        raise MalformedParameters("the query is too long", status=414)
    return parse_parameters(raw)


async def form_parameters(request: Request) -> Parameters:
    """Return the parameters of a form body; the query is not looked at.

    Raises `MalformedParameters` as `form_body` does, and for anything that is not a form in
    UTF-8 (400).
    """
    return parse_parameters(await form_body(request))


async def form_body(request: Request) -> bytes:
    """Return the body of a form as it was sent.

    Raises `MalformedParameters` for another media type (415) and a body over 64 KiB (413).
    """
    media_type, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != FORM or charset not in {"", "utf-8", "utf8"}:
        raise MalformedParameters(f"the body has to be {FORM} in UTF-8", status=415)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_OCTETS:
            raise MalformedParameters("the body is too long", status=413)
    return bytes(body)


async def request_parameters(request: Request) -> Parameters:
    """Return the parameters of the body of a POST, and of the query otherwise."""
    return await form_parameters(request) if request.method == "POST" else query_parameters(request)


def parse_parameters(raw: bytes) -> Parameters:
    """Return the parameters of an urlencoded text.

    Raises `MalformedParameters` for a name that comes twice, whether we know it or not (RFC 6749
    §3.1), for NUL, for invalid UTF-8 and for more than a hundred parameters.
    """
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_PARAMETERS,
        )
    except UnicodeDecodeError as error:
        raise MalformedParameters("it is not UTF-8") from error
    except ValueError as error:
        raise MalformedParameters("there are too many parameters") from error
    values = dict(pairs)
    if len(values) != len(pairs):
        raise MalformedParameters("a parameter is there twice")
    if any("\0" in name or "\0" in value for name, value in pairs):
        raise MalformedParameters("a parameter contains NUL")
    return Parameters(values)
