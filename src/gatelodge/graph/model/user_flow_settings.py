"""The settings of a user flow."""

from gatelodge.graph.edm import (
    ComplexType,
    Enumeration,
    Primitive,
    Property,
)
from gatelodge.graph.model.user_flow_references import CONNECTOR_POINTS
from gatelodge.model.age import AgeGating, MinorsPolicy, OnBlock
from gatelodge.model.own_account import AccountConfiguration
from gatelodge.model.terms_of_use import TermsOfUse
from gatelodge.model.user_flow import (
    AuthenticationMethod,
    CustomPassword,
    OneTimeCodeConfiguration,
    PasskeyConfiguration,
    PasswordComplexity,
    PasswordConfiguration,
    PolicyClaim,
    SecondFactor,
    SecondFactorConfiguration,
    SecondFactorState,
    SessionConfiguration,
    SessionScope,
    TokenClaims,
    TokenLifetimes,
    UserFlowType,
)

USER_FLOW_TYPE = Enumeration("userFlowType", UserFlowType, "What a user flow is for.")


def conditional_access_problem(is_enforced: bool) -> str | None:
    """Return why conditional access cannot be enforced."""
    return "must be false: conditional access is not available." if is_enforced else None


AUTHENTICATION_METHODS = Property(
    name="authenticationMethods",
    type=Enumeration(
        "userFlowAuthenticationMethods", AuthenticationMethod, "Ways to sign in to local accounts."
    ),
    doc="How users of local accounts sign in: by their address and a password, by their address "
    "and a code sent there, by a telephone number and a code sent there, by a name of their choice "
    "and a password, or not at all.",
)

_METHOD = Enumeration(
    "userFlowMultifactorAuthenticationMethod",
    SecondFactor,
    "Second factors.",
    later=frozenset({SecondFactor.PASSKEY}),
)
SECOND_FACTOR = ComplexType(
    name="userFlowMultifactorAuthenticationConfiguration",
    doc="Whether a second factor is asked for, and which.",
    python=SecondFactorConfiguration,
    properties=(
        Property(
            name="multifactorAuthenticationState",
            type=Enumeration(
                "userFlowMultifactorAuthenticationState",
                SecondFactorState,
                "When a second factor is asked for.",
            ),
            doc="When a second factor is asked for: never, always, or from devices and networks "
            "the user has not signed in from before.",
        ),
        Property(
            name="multifactorAuthenticationMethod",
            type=_METHOD,
            doc="The second factor; it has no effect while the state is off.",
        ),
        Property(
            name="alternativeMethods",
            type=_METHOD,
            is_collection=True,
            doc="Further second factors, of which users choose.",
        ),
        Property(
            name="areRecoveryCodesIssued",
            type=Primitive.BOOLEAN,
            doc="Whether who sets an authenticator or a passkey up is given ten codes for the day "
            "it is lost.",
        ),
    ),
)

ONE_TIME_CODE = ComplexType(
    name="userFlowOneTimeCodeConfiguration",
    doc="The codes that prove an address.",
    python=OneTimeCodeConfiguration,
    properties=(
        Property(
            name="codeLifetimeInMinutes",
            type=Primitive.INT32,
            minimum=1,
            maximum=20,
            doc="How long a code can be used, in minutes.",
        ),
        Property(
            name="maximumVerificationAttempts",
            type=Primitive.INT32,
            minimum=1,
            maximum=5,
            doc="How often one code may be typed.",
        ),
        Property(
            name="maximumCodesPerHour",
            type=Primitive.INT32,
            minimum=1,
            maximum=10,
            doc="How many codes one address is sent in an hour, over all user flows.",
        ),
        Property(
            name="isOfferedAtSignIn",
            type=Primitive.BOOLEAN,
            doc="Whether who signs in with an address may use a code in place of the password.",
        ),
        Property(
            name="isLinkIncluded",
            type=Primitive.BOOLEAN,
            doc="Whether the mail with a code for signing in has a link that spares typing it.",
        ),
    ),
)

PASSKEYS = ComplexType(
    name="userFlowPasskeyConfiguration",
    doc="Passkeys, which users' own devices keep. A passkey is both factors at once.",
    python=PasskeyConfiguration,
    properties=(
        Property(
            name="isSignInAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether who has a passkey may sign in with it.",
        ),
        Property(
            name="isOfferedAtSignUp",
            type=Primitive.BOOLEAN,
            doc="Whether who signs up is offered to make a passkey; it may be left for later.",
        ),
    ),
)

OWN_ACCOUNT = ComplexType(
    name="userFlowAccountConfiguration",
    doc="What profile edit lets users do with their account, besides attributes.",
    python=AccountConfiguration,
    properties=(
        Property(
            name="isEmailChangeAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether users may change their address; the new one is proved by a code.",
        ),
        Property(
            name="isPasswordChangeAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether users may change their password by typing the old one.",
        ),
        Property(
            name="areIdentitiesManageable",
            type=Primitive.BOOLEAN,
            doc="Whether users see what they sign in with and may unlink identities.",
        ),
        Property(
            name="arePasskeysManageable",
            type=Primitive.BOOLEAN,
            doc="Whether users see their passkeys and may make and remove them.",
        ),
        Property(
            name="areFactorsManageable",
            type=Primitive.BOOLEAN,
            doc="Whether users see their second factors and may add and remove them; only where "
            "the user flow asks for any.",
        ),
        Property(
            name="areSessionsManageable",
            type=Primitive.BOOLEAN,
            doc="Whether users see where they are signed in and may sign out everywhere.",
        ),
        Property(
            name="isDataDownloadAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether users may download all that is stored about them.",
        ),
        Property(
            name="isAccountDeletionAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether users may delete their account.",
        ),
        Property(
            name="isIdentityLinkingAllowed",
            type=Primitive.BOOLEAN,
            doc="Whether who comes from a provider may connect it to the account they sign in to, "
            "and who manages identities may link providers.",
        ),
        Property(
            name="reauthenticationIntervalInMinutes",
            type=Primitive.INT32,
            minimum=1,
            maximum=1440,
            doc="How old a sign-in may be before such a task asks for the password again.",
        ),
    ),
)

AGE_GATING = ComplexType(
    name="userFlowAgeGatingConfiguration",
    doc="Whether people are asked for their age, and what becomes of minors.",
    python=AgeGating,
    properties=(
        Property(
            name="isAgeGatingEnabled",
            type=Primitive.BOOLEAN,
            doc="Whether people are asked for date of birth and country, and judged each time.",
        ),
        Property(
            name="minorsPolicy",
            type=Enumeration("userFlowMinorsPolicy", MinorsPolicy, "Who of the minors is let in."),
            doc="Who of the minors is let in.",
        ),
        Property(
            name="onBlock",
            type=Enumeration(
                "userFlowMinorBlocked", OnBlock, "Who is told that a minor was not let in."
            ),
            doc="Whether the application is told that somebody was not let in, or the person.",
        ),
    ),
)

TERMS_OF_USE = ComplexType(
    name="userFlowTermsOfUseConfiguration",
    doc="What people accept before they go on.",
    python=TermsOfUse,
    properties=(
        Property(
            name="isAcceptanceRequired",
            type=Primitive.BOOLEAN,
            doc="Whether people accept the terms of use, at sign-up or at their next sign-in.",
        ),
        Property(
            name="version",
            type=Primitive.STRING,
            max_length=64,
            doc="The version in force; a new one is asked for again, of everybody.",
        ),
        Property(
            name="termsOfUseUrl",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=1024,
            doc="Where the terms of use are, by https.",
        ),
        Property(
            name="privacyStatementUrl",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=1024,
            doc="Where the privacy statement is, by https.",
        ),
    ),
)

TOKEN_CLAIMS = ComplexType(
    name="userFlowTokenClaimsConfiguration",
    doc="How tokens name their issuer, their subject and the user flow they come from.",
    python=TokenClaims,
    properties=(
        Property(
            name="isIssuerEntityUserFlow",
            type=Primitive.BOOLEAN,
            doc="Whether the issuer's name contains the user flow.",
        ),
        Property(
            name="isSubjectClaimSupported",
            type=Primitive.BOOLEAN,
            doc="Whether `sub` is the user's object id; if not, it is a fixed sentence, and `oid` "
            "is always in the tokens.",
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
            name="isKeepMeSignedInEnabled",
            type=Primitive.BOOLEAN,
            doc="Whether people may stay signed in after they close the browser.",
        ),
        Property(
            name="keepMeSignedInDays",
            type=Primitive.INT32,
            minimum=1,
            maximum=90,
            doc="How long those people stay signed in, in days.",
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

CUSTOM_PASSWORD = ComplexType(
    name="userFlowPasswordCustomConfiguration",
    doc="The password rules of the level custom.",
    python=CustomPassword,
    properties=(
        Property(
            name="minimumLength",
            type=Primitive.INT32,
            minimum=4,
            maximum=256,
            doc="The fewest characters.",
        ),
        Property(
            name="maximumLength",
            type=Primitive.INT32,
            minimum=4,
            maximum=256,
            doc="The most characters; not below the fewest.",
        ),
        Property(
            name="minimumCharacterClassesRequired",
            type=Primitive.INT32,
            minimum=2,
            maximum=4,
            also=(0,),
            doc="How many of lower case, upper case, digits and symbols are needed; 0 for none.",
        ),
        Property(
            name="restrictToNumbersOnly",
            type=Primitive.BOOLEAN,
            doc="Whether only digits are allowed; then the classes do not count.",
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
            name="allowExpiredPasswordReset",
            type=Primitive.BOOLEAN,
            doc="Whether who signs in with a password that is too old, or has to be changed, "
            "chooses a new one; if not, that person cannot sign in.",
        ),
        Property(
            name="complexityLevel",
            type=Enumeration(
                "userFlowPasswordComplexity",
                PasswordComplexity,
                "Named sets of password rules.",
                later=frozenset({PasswordComplexity.NIST}),
            ),
            doc="The rules a new password has to follow.",
        ),
        Property(
            name="customConfiguration",
            type=CUSTOM_PASSWORD,
            doc="The rules of the level custom; other levels have their own.",
        ),
    ),
)

API_CONNECTORS = ComplexType(
    name="userFlowApiConnectorConfiguration",
    doc="The API connectors a user flow calls; empty unless they are asked for by `$expand`.",
    navigations=CONNECTOR_POINTS,
)
