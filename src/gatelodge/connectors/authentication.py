"""How we prove ourselves to a connector: a password, or a certificate shown when connecting."""

import ssl
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from gatelodge.crypto.client_certificate import load_into
from gatelodge.crypto.seal import Sealer
from gatelodge.model.api_connector import ApiConnector
from gatelodge.outbound import new_tls_context
from gatelodge.randomness import Randomness

_MOST_CONTEXTS = 64
"""Loading a certificate costs more than a call; so many are kept loaded."""


def basic_header(connector: ApiConnector, sealer: Sealer) -> dict[str, str]:
    """Return the header with name and password (RFC 7617), if the connector has them."""
    if connector.username is None or connector.password is None:
        return {}
    password = sealer.unseal(connector.password, connector.place).decode()
    pair = f"{connector.username}:{password}".encode()
    return {"Authorization": f"Basic {b64encode(pair).decode()}"}


@dataclass(slots=True)
class Contexts:
    """TLS contexts by what is loaded into them: the certificate of one connector, never two's."""

    sealer: Sealer
    randomness: Randomness
    authorities: Path | None = None
    _loaded: OrderedDict[str, ssl.SSLContext] = field(default_factory=OrderedDict)

    def context(self, connector: ApiConnector, sealed: str) -> ssl.SSLContext:
        """Return the context that shows a certificate of the connector, `sealed` with its key."""
        key = sha256(f"{connector.place}|{sealed}".encode()).hexdigest()
        if (found := self._loaded.get(key)) is not None:
            self._loaded.move_to_end(key)
            return found
        made = new_tls_context(self.authorities)
        load_into(
            made,
            self.sealer.unseal(sealed, connector.place),
            self.randomness.opaque(),
        )
        self._loaded[key] = made
        if len(self._loaded) > _MOST_CONTEXTS:
            self._loaded.popitem(last=False)
        return made
