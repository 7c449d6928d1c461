"""The way to a provider: the authorization request we make as its client (RFC 6749 §4.1.1)."""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl, urlencode, urlsplit

from gatelodge.crypto.digest import base64url
from gatelodge.crypto.seal import Sealer
from gatelodge.federation.connection import Connection


@dataclass(frozen=True, slots=True)
class Marks:
    """What one departure is recognised by.

    All of it follows from `state` under the master key, so that none of it has to be stored and
    nobody who sees the state can make the rest.
    """

    sealer: Sealer
    state: str

    @property
    def nonce(self) -> str:
        """Return what the ID token has to repeat (OIDC Core §3.1.2.1)."""
        return self.sealer.mac("upstream nonce", self.state)

    @property
    def code_verifier(self) -> str:
        """Return what the code is redeemed with (RFC 7636 §4.1)."""
        return self.sealer.mac("upstream code verifier", self.state)


def authorization_address(connection: Connection, marks: Marks, redirect_uri: str) -> str:
    """Return where the person goes; `state` is added by whoever knows which browser it is."""
    query = {
        "client_id": connection.client_id,
        "response_type": connection.response_type,
        "redirect_uri": redirect_uri,
        "scope": connection.scope,
    }
    if connection.response_mode is not None and connection.response_mode != "query":
        query["response_mode"] = connection.response_mode
    if connection.issuer is not None:
        query["nonce"] = marks.nonce
    if connection.response_type == "code" and connection.has_proof_key:
        challenge = base64url(sha256(marks.code_verifier.encode()).digest())
        query |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    return with_query(connection.authorization_endpoint, query)


def with_query(address: str, query: dict[str, str]) -> str:
    """Return an address with parameters added; ours take the place of any it had."""
    parts = urlsplit(address)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in query]
    return parts._replace(query=urlencode([*kept, *query.items()]), fragment="").geturl()
