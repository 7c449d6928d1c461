"""The settings of a user flow."""

from gatelodge.graph.edm import (
    ComplexType,
    Enumeration,
    Primitive,
    Property,
)
from gatelodge.model.user_flow import (
    PasswordComplexity,
    PasswordConfiguration,
    PolicyClaim,
    SessionConfiguration,
    SessionScope,
    TokenClaims,
    TokenLifetimes,
    UserFlowType,
)

USER_FLOW_TYPE = Enumeration("userFlowType", UserFlowType, "What a user flow is for.")

TOKEN_CLAIMS = ComplexType(
    name="userFlowTokenClaimsConfiguration",
    doc="How tokens name their issuer and the user flow they come from.",
    python=TokenClaims,
    properties=(
        Property(
            name="isIssuerEntityUserFlow",
            type=Primitive.BOOLEAN,
            doc="Whether the issuer's name contains the user flow.",
        ),
        Property(
            name="claimTypeForUserFlowId",
            type=Enumeration(
                "userFlowIdClaimType", PolicyClaim, "Claims that can name a user flow."
            ),
            doc="The claim that holds the user flow's id.",
        ),
    ),
)

TOKEN_LIFETIMES = ComplexType(
    name="userFlowTokenLifetimeConfiguration",
    doc="How long tokens live.",
    python=TokenLifetimes,
    properties=(
        Property(
            name="accessAndIdTokenLifetimeInMinutes",
            type=Primitive.INT32,
            minimum=5,
            maximum=1440,
            doc="Lifetime of access and ID tokens, in minutes.",
        ),
        Property(
            name="refreshTokenLifetimeInDays",
            type=Primitive.INT32,
            minimum=1,
            maximum=90,
            doc="Lifetime of one refresh token, in days.",
        ),
        Property(
            name="rollingRefreshTokenLifetimeInDays",
            type=Primitive.INT32,
            minimum=1,
            maximum=365,
            also=(-1,),
            doc="Days after which refreshing ends, however often it is done; -1 means never.",
        ),
    ),
)

SESSION = ComplexType(
    name="userFlowSingleSignOnSessionConfiguration",
    doc="How long, and for whom, a browser stays signed in.",
    python=SessionConfiguration,
    properties=(
        Property(
            name="isSessionLifetimeAbsolute",
            type=Primitive.BOOLEAN,
            doc="Whether the session ends in any case, or only when it is not used.",
        ),
        Property(
            name="sessionLifetimeInMinutes",
            type=Primitive.INT32,
            minimum=15,
            maximum=1440,
            doc="Lifetime of the session, in minutes.",
        ),
        Property(
            name="sessionScope",
            type=Enumeration(
                "userFlowSessionScope", SessionScope, "Which requests a session serves."
            ),
            doc="Which other requests the session serves.",
        ),
        Property(
            name="enforceIdTokenHintOnLogout",
            type=Primitive.BOOLEAN,
            doc="Whether signing out needs an ID token as a hint.",
        ),
    ),
)

PASSWORD = ComplexType(
    name="userFlowPasswordConfiguration",
    doc="Rules for new passwords, and what happens when one is forgotten.",
    python=PasswordConfiguration,
    properties=(
        Property(
            name="isSelfServicePasswordResetAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether a forgotten password is reset inside this user flow.",
        ),
        Property(
            name="complexityLevel",
            type=Enumeration(
                "userFlowPasswordComplexity", PasswordComplexity, "Named sets of password rules."
            ),
            doc="The rules a new password has to follow.",
        ),
    ),
)

API_CONNECTORS = ComplexType(
    name="userFlowApiConnectorConfiguration",
    doc="The API connectors a user flow calls; always empty here.",
)
