"""RFC 7523 and OIDC Core §9: clients that prove themselves by a signature."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from joserfc.jwk import OctKey

from gatelodge.crypto.client_keys import client_key_of_certificate
from gatelodge.crypto.digest import base64url
from gatelodge.oidc.client_assertion import ASSERTION_TYPE
from tests.protocol.world import API_URI, ORIGIN, WEB, World, basic, refusal
from tests.world.clock import BEGINNING
from tests.world.makers import DOMAIN, SECRET, TENANT
from tests.world.signatures import EC, OTHER_EC, RSA, a_client_key, an_assertion, signed

ENDPOINT = f"{ORIGIN}/{TENANT}/b2c_1_susi/oauth2/v2.0/token"
ISSUER = f"{ORIGIN}/{TENANT}/v2.0/"


@pytest.fixture(autouse=True)
async def registered(world: World) -> None:
    """Let the web application have keys and no secret."""
    keys = (a_client_key(EC), a_client_key(RSA))
    await world.change_application(WEB, password_credentials=(), key_credentials=keys)


async def ask(world: World, assertion: str, **more: Any) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "scope": f"{API_URI}/.default",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion,
        **more,
    }
    kept = {name: value for name, value in form.items() if value is not None}
    return await world.token(**kept)


def claims(world: World, audience: Any = ENDPOINT, **changes: Any) -> dict[str, Any]:
    return an_assertion(WEB.app_id, audience, world.clock(), **changes)


@pytest.mark.parametrize(
    "audience",
    [
        ENDPOINT,
        ISSUER,
        f"{ORIGIN}/{DOMAIN}/b2c_1_susi/oauth2/v2.0/token",
        f"{ORIGIN}/{TENANT}/oauth2/v2.0/token?p=b2c_1_susi",
        f"{ORIGIN}/tfp/{TENANT}/b2c_1_susi/oauth2/v2.0/token",
    ],
)
async def test_every_name_of_ours_is_an_audience(world: World, audience: str) -> None:
    response = await ask(world, signed(claims(world, audience)))
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(("key", "algorithm"), [(EC, "ES256"), (RSA, "RS256"), (RSA, "PS256")])
async def test_each_algorithm_works_with_its_kind_of_key(
    world: World, key: Any, algorithm: str
) -> None:
    assertion = signed(claims(world), key, algorithm, kid=f"key-{key.thumbprint()[:8]}")
    assert (await ask(world, assertion)).status_code == 200


async def test_an_assertion_counts_once_and_a_new_one_counts_again(world: World) -> None:
    assertion = signed(claims(world))
    assert (await ask(world, assertion)).status_code == 200
    assert refusal(await ask(world, assertion))[:2] == (401, "invalid_client")
    assert (await ask(world, signed(claims(world)))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "somebody"},
        {"sub": "somebody"},
        {"iss": None},
        {"iss": ["somebody"]},
        {"sub": {}},
        {"aud": None},
        {"aud": [ENDPOINT]},
        {"aud": [ENDPOINT, "https://other.example"]},
        {"aud": "https://other.example"},
        {"aud": ENDPOINT + "/"},
        {"aud": f"{ORIGIN}/{TENANT}/b2c_1_edit/oauth2/v2.0/token"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 257},
        {"exp": None},
        {"exp": int(BEGINNING.timestamp())},
        {"exp": int(BEGINNING.timestamp()) + 31_536_000},
        {"exp": 10**400},
        {"exp": "soon"},
        {"exp": True},
        {"nbf": int(BEGINNING.timestamp()) + 3600},
        {"iat": int(BEGINNING.timestamp()) + 3600},
    ],
)
async def test_an_assertion_that_says_something_else_is_refused(
    world: World, changes: dict[str, Any]
) -> None:
    assertion = signed(
        {**claims(world), **changes} if "aud" in changes else claims(world, **changes)
    )
    response = await ask(world, assertion, client_id=WEB.app_id)
    assert refusal(response)[:2] == (401, "invalid_client")


@pytest.mark.parametrize(
    ("key", "algorithm", "header"),
    [
        (OTHER_EC, "ES256", {}),
        (OTHER_EC, "ES256", {"jwk": OTHER_EC.as_dict(private=False)}),
        (OTHER_EC, "ES256", {"jku": "https://evil.example/keys"}),
        (EC, "ES256", {"kid": "another"}),
        (EC, "ES256", {"x5t": "another"}),
        (EC, "ES256", {"typ": "dpop+jwt"}),
        (OctKey.import_key(b"x" * 32), "HS256", {}),
    ],
)
async def test_a_signature_that_no_key_of_the_client_made_is_refused(
    world: World, key: Any, algorithm: str, header: dict[str, Any]
) -> None:
    response = await ask(world, signed(claims(world), key, algorithm, **header))
    assert refusal(response)[:2] == (401, "invalid_client")


async def test_an_unsigned_or_garbled_assertion_is_refused(world: World) -> None:
    head, body, signature = signed(claims(world)).split(".")
    none = "eyJhbGciOiJub25lIn0"
    listed = base64url(b'{"alg":"ES256","typ":["JWT"]}')
    garbled = (
        f"{listed}.{body}.{signature}",
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{head}.{body}",
        "x",
        "a.b.c",
    )
    for each in (*garbled, f"{head}.{body}.{signature[:-4]}AAAA", "x" * 20_000, "ä.ä.ä"):
        for named in ({"client_id": WEB.app_id}, {}):
            response = await ask(world, each, **named)
            assert refusal(response)[:2] == (401, "invalid_client"), each


@pytest.mark.parametrize("subject", [None, "", 7, ["x"]])
async def test_an_assertion_that_is_to_name_the_client_has_to(world: World, subject: Any) -> None:
    response = await ask(world, signed(claims(world, sub=subject)))
    assert refusal(response)[:2] == (401, "invalid_client")


async def test_an_application_that_is_switched_off_gets_nothing_for_its_assertion(
    world: World,
) -> None:
    await world.change_application(WEB, is_enabled=False)
    response = await ask(world, signed(claims(world)), client_id=WEB.app_id)
    assert refusal(response)[1:] == ("unauthorized_client", "AADB2C90092")


async def test_a_key_counts_only_while_it_lives(world: World) -> None:
    until = BEGINNING + timedelta(minutes=5)
    await world.change_application(WEB, key_credentials=(a_client_key(EC, end_at=until),))
    assert (await ask(world, signed(claims(world)))).status_code == 200
    world.clock.move(minutes=5)
    assert refusal(await ask(world, signed(claims(world))))[1] == "invalid_client"


async def test_one_way_of_authentication_at_a_time(world: World) -> None:
    assertion = signed(claims(world))
    both = (
        {"client_secret": SECRET, "client_id": WEB.app_id},
        {"headers": basic(WEB.app_id, SECRET)},
        {"client_assertion_type": "urn:other"},
        {"client_assertion_type": None},
    )
    for more in both:
        assert refusal(await ask(world, assertion, **more))[:2] == (401, "invalid_client")
    none = await world.token(
        grant_type="client_credentials", scope=f"{API_URI}/.default", client_id=WEB.app_id
    )
    assert refusal(none)[1] == "invalid_client"


async def test_a_certificate_is_named_by_its_thumbprints(world: World) -> None:
    private = RSA.private_key
    assert private is not None
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(RSA.public_key)
        .serial_number(7)
        .not_valid_before(BEGINNING)
        .not_valid_after(BEGINNING + timedelta(days=30))
        .sign(private, SHA256())
    )
    for encoding in (Encoding.PEM, Encoding.DER):
        key = client_key_of_certificate(
            certificate.public_bytes(encoding), key_id="cert", display_name=None
        )
        await world.change_application(WEB, key_credentials=(key,))
        for header in (
            {"x5t": key.thumbprint},
            {"x5t#S256": key.thumbprint_s256, "alg": "PS256"},
            {"x5t#S256": f"{key.thumbprint_s256}=", "alg": "PS256"},
        ):
            algorithm = header.pop("alg", None) or "RS256"
            assertion = signed(claims(world), RSA, algorithm, **header)
            assert (await ask(world, assertion)).status_code == 200
