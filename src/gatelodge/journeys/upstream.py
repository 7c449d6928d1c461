"""What is kept of the identity provider a sign-in rests on."""

from dataclasses import replace

from gatelodge.journeys.outcome import Back
from gatelodge.journeys.step import StepName
from gatelodge.model.federation import Arrival, Upstream
from gatelodge.model.identifier import DirectoryId, key_of
from gatelodge.model.interaction import Interaction
from gatelodge.model.user_flow import UserFlow

ACCESS_TOKEN = "identityProviderAccessToken"
"""The attribute that hands the provider's access token on."""


def upstream_of(arrival: Arrival) -> Upstream:
    """Return what sessions and grants remember of an arrival."""
    return Upstream(
        provider_id=arrival.provider_id,
        issuer=arrival.issuer,
        access_token=arrival.access_token,
    )


def is_still_offered(flow: UserFlow, word: Arrival | Upstream | None) -> bool:
    """Return whether a user flow still takes the word of a provider; None is nobody's word."""
    offered = {key_of(each) for each in flow.identity_providers}
    return word is None or key_of(word.provider_id) in offered


def choose_anew(interaction: Interaction) -> Back:
    """Return the way back to the first page, with nothing left of the provider chosen before."""
    facts = replace(interaction.facts, path=None, departure=None, arrival=None, collected={})
    return Back(to=StepName.CHOOSE, facts=facts)


def token_place(directory_id: DirectoryId) -> str:
    """Return where the sealed access token of a provider belongs."""
    return f"upstream/{directory_id}"
