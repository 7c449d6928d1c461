"""What is known of identity providers: where a person was sent, and who came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The provider a person chose; `state` is the digest of what its answer has to bring back.

    It is None until the person has left for the provider.
    """

    provider_id: str
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Who a provider said that the person is.

    `issuer` and `subject` together name one person for ever, and nothing else does.
    `attributes` are by the ids of built-in attributes; nobody here has proved them.
    `access_token` is the provider's, sealed, where the user flow hands it on.
    """

    provider_id: str
    issuer: str
    subject: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    access_token: str | None = None

    @property
    def key(self) -> str:
        """Return issuer and subject as one text; an issuer has no blank in it."""
        return f"{self.issuer} {self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The provider a sign-in rests on, as sessions and grants remember it.

    `issuer` is the claim `idp`; `access_token` the provider's, sealed, the claim
    `idp_access_token`.
    """

    provider_id: str
    issuer: str
    access_token: str | None = None


def without_token(upstream: Upstream) -> Upstream:
    """Return what a session remembers: a token of the provider is handed on once."""
    return replace(upstream, access_token=None)
