"""Names of claims that only the server itself writes."""

RESERVED_CLAIMS = frozenset(
    [
        "iss",
        "sub",
        "aud",
        "exp",
        "nbf",
        "iat",
        "ver",
        "auth_time",
        "nonce",
        "tfp",
        "acr",
        "amr",
        "azp",
        "at_hash",
        "c_hash",
        "s_hash",
        "scp",
        "roles",
        "tid",
        "appid",
        "idtyp",
        "uti",
        "jti",
        "sid",
        "typ",
        "cnf",
        "events",
    ]
)
"""What no attribute may be called in a token."""
