"""Where the next page begins, as a token nobody can make up."""

from dataclasses import dataclass
from typing import Any

import msgspec

from gatelodge.crypto.digest import base64url, from_base64url, is_same
from gatelodge.crypto.seal import Sealer
from gatelodge.graph.call import Call
from gatelodge.graph.errors import bad_request
from gatelodge.graph.query import Options

End = tuple[str | int | float | bool, ...]


@dataclass(frozen=True, slots=True)
class Paging:
    """Writes and reads `$skiptoken`: bound to the directory, the list and the question."""

    sealer: Sealer

    def write(self, call: Call, options: Options, end: End) -> str:
        """Return the token for the page that begins after `end`."""
        place = base64url(msgspec.json.encode(end))
        return f"{place}.{self._mac(call, options, place)}"

    def read(self, call: Call, options: Options) -> End | None:
        """Return where the page begins, None for the first; raise `GraphError` 400 if altered."""
        if options.token is None:
            return None
        place, _, mac = options.token.partition(".")
        if not is_same(mac, self._mac(call, options, place)):
            raise bad_request(
                "The value of '$skiptoken' does not belong to this list.", "$skiptoken"
            )
        found: list[Any] = msgspec.json.decode(from_base64url(place))
        return tuple(found)

    def _mac(self, call: Call, options: Options, place: str) -> str:
        door = call.target.door.path
        directory_id = call.caller.directory.id
        return self.sealer.mac("skiptoken", directory_id, door, *options.scope, place)
