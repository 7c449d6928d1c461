"""What is kept of the identity provider a sign-in rests on."""

from gatelodge.model.federation import Arrival, Upstream
from gatelodge.model.identifier import DirectoryId

ACCESS_TOKEN = "identityProviderAccessToken"
"""The attribute that hands the provider's access token on."""


def upstream_of(arrival: Arrival) -> Upstream:
    """Return what sessions and grants remember of an arrival."""
    return Upstream(
        provider_id=arrival.provider_id,
        issuer=arrival.issuer,
        access_token=arrival.access_token,
    )


def token_place(directory_id: DirectoryId) -> str:
    """Return where the sealed access token of a provider belongs."""
    return f"upstream/{directory_id}"
