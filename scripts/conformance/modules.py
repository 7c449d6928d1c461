"""Which tests the suite's plans have, by the suite's names, and which of them do not apply here.

Every other one has a test of ours of the same name; `tests/protocol/conformance` is held to it.
"""

from collections.abc import Mapping
from types import MappingProxyType

_FOR_EVERYBODY = (
    "oidcc-server",
    "oidcc-response-type-missing",
    "oidcc-idtoken-signature",
    "oidcc-scope-profile",
    "oidcc-scope-email",
    "oidcc-scope-address",
    "oidcc-scope-phone",
    "oidcc-scope-all",
    "oidcc-ensure-other-scope-order-succeeds",
    "oidcc-alternate-happy-flow",
    "oidcc-display-page",
    "oidcc-display-popup",
    "oidcc-prompt-login",
    "oidcc-prompt-none-not-logged-in",
    "oidcc-prompt-none-logged-in",
    "oidcc-max-age-1",
    "oidcc-max-age-10000",
    "oidcc-ensure-request-with-unknown-parameter-succeeds",
    "oidcc-id-token-hint",
    "oidcc-login-hint",
    "oidcc-ui-locales",
    "oidcc-claims-locales",
    "oidcc-ensure-request-with-acr-values-succeeds",
    "oidcc-ensure-registered-redirect-uri",
    "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
    "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
    "oidcc-claims-essential",
    "oidcc-ensure-request-object-with-redirect-uri",
)
_USERINFO = ("oidcc-userinfo-get", "oidcc-userinfo-post-header", "oidcc-userinfo-post-body")
_CODE = (
    "oidcc-codereuse",
    "oidcc-codereuse-30seconds",
    "oidcc-server-client-secret-post",
    "oidcc-refresh-token",
    "oidcc-ensure-request-with-valid-pkce-succeeds",
)
_WITHOUT_NONCE = "oidcc-ensure-request-without-nonce-succeeds-for-code-flow"
_DEMANDS_NONCE = "oidcc-ensure-request-without-nonce-fails"
_DISCOVERY = "oidcc-discovery-endpoint-verification"
_BASIC = (
    *_FOR_EVERYBODY,
    *_USERINFO,
    *_CODE,
    "oidcc-idtoken-unsigned",
    _WITHOUT_NONCE,
    "oidcc-ensure-post-request-succeeds",
)
_IMPLICIT = (*_FOR_EVERYBODY, *_USERINFO, _DEMANDS_NONCE)
_HYBRID = (*_FOR_EVERYBODY, *_USERINFO, *_CODE, _WITHOUT_NONCE, _DEMANDS_NONCE)
_LOGOUT = "oidcc-rp-initiated-logout"

PLANS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "oidcc-basic-certification-test-plan": _BASIC,
        "oidcc-config-certification-test-plan": (_DISCOVERY,),
        "oidcc-implicit-certification-test-plan": _IMPLICIT,
        "oidcc-hybrid-certification-test-plan": _HYBRID,
        "oidcc-formpost-basic-certification-test-plan": _BASIC,
        "oidcc-formpost-implicit-certification-test-plan": _IMPLICIT,
        "oidcc-formpost-hybrid-certification-test-plan": _HYBRID,
        "oidcc-rp-initiated-logout-certification-test-plan": (
            _LOGOUT,
            f"{_LOGOUT}-discovery-endpoint-verification",
            f"{_LOGOUT}-bad-post-logout-redirect-uri",
            f"{_LOGOUT}-modified-id-token-hint",
            f"{_LOGOUT}-no-id-token-hint",
            f"{_LOGOUT}-no-params",
            f"{_LOGOUT}-no-post-logout-redirect-uri",
            f"{_LOGOUT}-no-state",
            f"{_LOGOUT}-only-state",
            f"{_LOGOUT}-query-added-to-post-logout-redirect-uri",
            f"{_LOGOUT}-bad-id-token-hint",
        ),
        "oidcc-frontchannel-rp-initiated-logout-certification-test-plan": (
            "oidcc-frontchannel-logout-discovery-endpoint-verification",
            "oidcc-frontchannel-rp-initiated-logout",
        ),
        "oidcc-backchannel-rp-initiated-logout-certification-test-plan": (
            "oidcc-backchannel-logout-discovery-endpoint-verification",
            "oidcc-backchannel-rp-initiated-logout",
        ),
        "oidcc-session-management-certification-test-plan": (
            "oidcc-session-management-discovery-endpoint-verification",
            "oidcc-session-management-rp-initiated-logout",
        ),
        "oidcc-dynamic-certification-test-plan": (
            "oidcc-server",
            _DISCOVERY,
            "oidcc-idtoken-rs256",
            "oidcc-idtoken-unsigned",
            "oidcc-userinfo-rs256",
            "oidcc-ensure-redirect-uri-in-authorization-request",
            "oidcc-redirect-uri-query-OK",
            "oidcc-redirect-uri-query-mismatch",
            "oidcc-redirect-uri-query-added",
            "oidcc-redirect-uri-regfrag",
            "oidcc-registration-logo-uri",
            "oidcc-registration-policy-uri",
            "oidcc-registration-tos-uri",
            "oidcc-registration-jwks-uri",
            "oidcc-registration-sector-uri",
            "oidcc-registration-sector-bad",
            "oidcc-server-rotate-keys",
            "oidcc-refresh-token-rp-key-rotation",
            "oidcc-request-uri-unsigned",
            "oidcc-request-uri-signed-rs256",
            "oidcc-ensure-request-object-with-redirect-uri",
            "oidcc-refresh-token",
            "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
        ),
    }
)

_PUSHED = (
    "`request_uri_parameter_supported` is false: a request lies nowhere but with us, where its"
    " client pushes it (RFC 9126)"
)
_FRAMES = (
    "there is no `check_session_iframe`: it reads a cookie in another site's frame, which browsers"
    " no longer give it; front-channel and back-channel logout tell of a session's end"
)
DOES_NOT_APPLY: Mapping[str, str] = MappingProxyType(
    {
        "oidcc-request-uri-unsigned": _PUSHED,
        "oidcc-request-uri-signed-rs256": _PUSHED,
        "oidcc-session-management-discovery-endpoint-verification": _FRAMES,
        "oidcc-session-management-rp-initiated-logout": _FRAMES,
    }
)
"""What is left out on purpose, and why."""
