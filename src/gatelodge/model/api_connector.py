"""API connectors: web hooks a user flow asks on its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from gatelodge.model.identifier import DirectoryId


class ConnectorPoint(StrEnum):
    """Where on its way a user flow asks; the values are what a connector is told."""

    POST_FEDERATION_SIGNUP = "PostFederationSignup"
    POST_ATTRIBUTE_COLLECTION = "PostAttributeCollection"
    PRE_TOKEN_ISSUANCE = "PreTokenIssuance"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """What may be told of a certificate; the moments are whole seconds since 1970."""

    thumbprint: str
    not_before: int
    not_after: int
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicAuthentication:
    """A name and a sealed password in the `Authorization` header."""

    username: str
    password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificateAuthentication:
    """A certificate shown when the connection is made."""

    certificate_list: tuple[ClientCertificate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConnector:
    """A web hook and how we prove ourselves to it.

    `password` and `private_key` are sealed at `place`; `private_key` has a line for each of
    `certificates`: its key followed by itself, both as PEM. The one to be used next comes last.
    """

    directory_id: DirectoryId
    id: str
    display_name: str
    target_url: str
    username: str | None = None
    password: str | None = None
    certificates: tuple[ClientCertificate, ...] = ()
    private_key: str | None = None
    revision: int = 0

    @property
    def place(self) -> str:
        """Return where the sealed secrets belong."""
        return f"api_connector/{self.directory_id}/{self.id}"

    def shown_at(self, moment: datetime) -> str | None:
        """Return the sealed line of the certificate that is shown then, None when none is valid."""
        keys, second = (self.private_key or "").split(), moment.timestamp()
        valid = (
            key
            for certificate, key in zip(self.certificates, keys, strict=False)
            if certificate.not_before <= second < certificate.not_after
        )
        return next(iter([*valid][::-1]), None)

    @property
    def authentication_configuration(
        self,
    ) -> BasicAuthentication | ClientCertificateAuthentication | None:
        """Return how we prove ourselves, as Graph shows it."""
        if self.username is not None:
            return BasicAuthentication(username=self.username, password=self.password)
        if self.certificates:
            return ClientCertificateAuthentication(certificate_list=self.certificates)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorFacts:
    """What connectors answered in an interaction.

    `block_message` is the sentence of the page the interaction ends at; `claims` are values for
    the tokens, by attribute id.
    """

    block_message: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)


NOTHING_ANSWERED = ConnectorFacts()
