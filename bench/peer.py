"""Another program doing the same, in the same run on the same cores."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.connection import Answer
from bench.operations import Begin
from bench.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A running peer; `operations` are by the name of the one of ours that does the same.

    `conditions` is what its figures would mean nothing without.
    """

    name: str
    conditions: str
    warm_up_s: float = 1
    target: Target
    operations: Mapping[str, Begin]


@dataclass(slots=True)
class Jar:
    """The cookies of one browser; all of them go everywhere."""

    cookies: dict[str, str] = field(default_factory=dict)

    def keep(self, answer: Answer) -> Answer:
        """Take the cookies of an answer; return the answer."""
        for name, value in answer.headers:
            if name.lower() == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return answer

    def header(self) -> str:
        """Return the cookies as they are sent."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def authorization(target: Target, scope: str) -> tuple[dict[str, str], str]:
    """Return the parameters of a request for authorization, and the verifier of its challenge."""
    verifier = secrets.token_urlsafe(32)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
    return {
        "client_id": target.facts["client_id"],
        "response_type": "code",
        "redirect_uri": target.facts["redirect_uri"],
        "scope": scope,
        "state": "s" * 16,
        "nonce": "n" * 16,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }, verifier
