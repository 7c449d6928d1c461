"""Which issuer a discovery document may name (OpenID Connect Discovery 1.0 §4.3)."""

import pytest

from gatelodge.federation.metadata import read_metadata
from gatelodge.federation.trouble import NotIdentified, Trouble

KNOWN = "/.well-known/openid-configuration"
ENTRA = "https://login.microsoftonline.com"
TENANT = "8f4c3d1e-7a26-4b0f-9c55-0d1e2f3a4b5c"


def _read(issuer: str, address: str) -> str:
    document = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "jwks_uri": f"{issuer}/keys",
    }
    return read_metadata(document, address, is_development=False).issuer


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        ("https://accounts.google.com", f"https://accounts.google.com{KNOWN}"),
        ("https://op.example/", f"https://op.example{KNOWN}"),
        ("https://op.example/a/b/", f"https://op.example/a/b{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/{TENANT}/v2.0{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/contoso.example/v2.0{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/contoso.example/v2.0{KNOWN}?appid=us"),
    ],
)
def test_an_issuer_is_known_by_the_address_of_its_document(issuer: str, address: str) -> None:
    assert _read(issuer, address) == issuer


@pytest.mark.parametrize(
    ("issuer", "address"),
    [
        ("https://op.example/victim", f"https://op.example/evil{KNOWN}"),
        ("https://op.example", f"https://op.example/evil{KNOWN}"),
        ("https://op.example/evil", f"https://op.example{KNOWN}"),
        ("https://op.example", f"https://op.example:8443{KNOWN}"),
        ("https://op.example", f"https://op.example{KNOWN}?p=evil"),
        ("https://op.example", "https://op.example/files/openid-configuration"),
        (f"{ENTRA}/{TENANT}/v2.0", f"https://op.example/{TENANT}/v2.0{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}.op.example/{TENANT}/v2.0{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"{ENTRA}/x/../{TENANT}/v2.0{KNOWN}"),
        (f"{ENTRA}/{TENANT}/v2.0", f"https://login.microsoftonline.us/{TENANT}/v2.0{KNOWN}"),
        (f"{ENTRA}/{{tenantid}}/v2.0", f"{ENTRA}/common/v2.0{KNOWN}"),
    ],
)
def test_nobody_speaks_for_an_issuer_that_lives_at_another_address(
    issuer: str, address: str
) -> None:
    with pytest.raises(NotIdentified) as refused:
        _read(issuer, address)
    assert refused.value.trouble is Trouble.MISCONFIGURED
