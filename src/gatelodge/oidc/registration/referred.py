"""What metadata refer to: documents at the application's own addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from gatelodge.oidc.registration.client_metadata import ClientMetadata
from gatelodge.oidc.registration.refusal import wrong_metadata
from gatelodge.outbound import Answer, NotAllowed, NotReached


class Fetch(Protocol):
    """Sends one request to an address somebody else wrote down."""

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Return the answer. Raises `NotAllowed` or `NotReached`."""
        ...


@dataclass(frozen=True, slots=True)
class Referred:
    """Reads the documents an application refers to, once, while it registers."""

    outbound: Fetch

    async def check_sector(self, metadata: ClientMetadata) -> None:
        """Demand that the sector knows every redirect URI (Registration §5).

        Raises `RegistrationRefused`.
        """
        if (url := metadata.sector_identifier_uri) is None:
            return
        known = await self._document("sector_identifier_uri", url)
        if not isinstance(known, list) or not set(metadata.redirect_uris) <= {
            each for each in known if isinstance(each, str)
        }:
            raise wrong_metadata("'sector_identifier_uri' does not name every redirect URI.")

    async def keys(self, metadata: ClientMetadata) -> list[dict[str, Any]]:
        """Return the keys the application signs with. Raises `RegistrationRefused`."""
        found: object = metadata.jwks
        if metadata.jwks_uri is not None:
            found = await self._document("jwks_uri", metadata.jwks_uri)
        if found is None:
            return []
        keys = found.get("keys") if isinstance(found, dict) else None
        if not isinstance(keys, list) or not all(isinstance(each, dict) for each in keys):
            raise wrong_metadata("The keys are no JSON Web Key Set.")
        return [each for each in keys if each.get("use", "sig") == "sig"]

    async def _document(self, name: str, url: str) -> object:
        try:
            answer = await self.outbound.send("GET", url, headers={"Accept": "application/json"})
            if answer.status != 200:
                raise wrong_metadata(f"'{name}' was answered with {answer.status}.")
            return msgspec.json.decode(answer.body)
        except (NotAllowed, NotReached) as error:
            raise wrong_metadata(f"'{name}' could not be read: {error}.") from error
        except (ValueError, RecursionError) as error:
            raise wrong_metadata(f"'{name}' leads to no JSON.") from error
