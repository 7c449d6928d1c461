"""Tokens only on a second factor, where the user flow asks for one at this moment."""

from datetime import datetime

from gatelodge.journeys.factor_rules import is_demanded, state_of
from gatelodge.journeys.outcome import Unproved
from gatelodge.model.grant import Grant
from gatelodge.model.interaction import Interaction
from gatelodge.model.second_factor import MULTIPLE_FACTORS
from gatelodge.model.user_flow import SecondFactorState, UserFlow
from gatelodge.storage.stores import Stores


async def use_up_factor(
    stores: Stores, flow: UserFlow | None, interaction: Interaction, grant: Grant, now: datetime
) -> None:
    """Use up the proof of the account's second factor; raise `Unproved` when it is not there.

    What the interaction believes of itself does not count, only the stored proof.
    """
    if flow is not None and not is_demanded(flow, interaction.facts):
        return
    if await stores.proofs.consume_second_factor(interaction.id, grant.account_id, now) is None:
        raise Unproved(grant.account_id)


def lacks_factor(flow: UserFlow, grant: Grant) -> bool:
    """Return whether a grant was made before its user flow began to ask everybody for a factor."""
    is_asked = state_of(flow) is SecondFactorState.ON
    return is_asked and MULTIPLE_FACTORS not in grant.amr
