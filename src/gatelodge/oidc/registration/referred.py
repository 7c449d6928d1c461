"""What metadata refer to: documents at the application's own addresses."""

from dataclasses import dataclass

from gatelodge.oidc.client_keys import ClientKeys
from gatelodge.oidc.documents import Documents, Unreadable
from gatelodge.oidc.registration.client_metadata import ClientMetadata
from gatelodge.oidc.registration.refusal import wrong_metadata


@dataclass(frozen=True, slots=True)
class Referred:
    """Reads the documents an application refers to, while it registers."""

    documents: Documents
    keys: ClientKeys

    async def check_sector(self, metadata: ClientMetadata) -> None:
        """Demand that the sector knows every redirect URI (Registration §5).

        Raises `RegistrationRefused`.
        """
        if (url := metadata.sector_identifier_uri) is None:
            return
        try:
            known = await self.documents.read(url)
        except Unreadable as error:
            raise wrong_metadata(f"'sector_identifier_uri' {error}.") from error
        if not isinstance(known, list) or not set(metadata.redirect_uris) <= {
            each for each in known if isinstance(each, str)
        }:
            raise wrong_metadata("'sector_identifier_uri' does not name every redirect URI.")

    async def check_keys(self, metadata: ClientMetadata) -> None:
        """Demand a key we can use at `jwks_uri`; it is read again whenever the client signs.

        Raises `RegistrationRefused`.
        """
        if (url := metadata.jwks_uri) is None:
            return
        try:
            keys = await self.keys.read(url)
        except Unreadable as error:
            raise wrong_metadata(f"'jwks_uri' {error}.") from error
        if not keys:
            raise wrong_metadata("'jwks_uri' has no key of RSA with 2048 bits or P-256.")
