"""The six user flows of the seeded tenant and the custom attribute they know."""

from dataclasses import replace
from datetime import datetime

from gatelodge.development.seed import LOYALTY_NUMBER, USER_FLOWS, Seed
from gatelodge.model.attribute import AttributeAssignment, UserAttribute
from gatelodge.model.identifier import DirectoryId, UserFlowId
from gatelodge.model.new_user_flow import new_user_flow
from gatelodge.model.user_flow import VERSIONS, UserFlow, UserFlowType


def loyalty_number(seed: Seed) -> UserAttribute:
    """Return the custom attribute, which tokens carry as `extension_LoyaltyNumber`."""
    owner = seed.extensions.client_id.replace("-", "")
    return UserAttribute(
        directory_id=DirectoryId(seed.tenant_id),
        id=f"extension_{owner}_{LOYALTY_NUMBER}",
        display_name="Loyalty number",
        description="Number on the customer's card",
    )


def seeded_flows(seed: Seed, now: datetime) -> tuple[UserFlow, ...]:
    """Return one user flow of every type; they ask for the number where a profile is edited."""
    return tuple(_flow(each, seed, now) for each in USER_FLOWS)


def _flow(user_flow_type: UserFlowType, seed: Seed, now: datetime) -> UserFlow:
    flow = new_user_flow(
        directory_id=DirectoryId(seed.tenant_id),
        id=UserFlowId(USER_FLOWS[user_flow_type]),
        user_flow_type=user_flow_type,
        user_flow_type_version=VERSIONS[user_flow_type][-1],
        created_at=now,
    )
    number = loyalty_number(seed)
    flow = replace(flow, application_claims=(*flow.application_claims, number.id))
    if user_flow_type is UserFlowType.SIGN_UP_OR_SIGN_IN:
        return replace(flow, identity_providers=(seed.pretend_provider_id,))
    if user_flow_type is not UserFlowType.PROFILE_UPDATE:
        return flow
    asked = AttributeAssignment(id=number.id, display_name=number.display_name, is_optional=True)
    return replace(flow, attributes=(*flow.attributes, asked))
