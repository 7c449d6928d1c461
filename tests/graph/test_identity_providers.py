"""`/identity/identityProviders`, and the same providers in their older shape."""

from typing import Any

import pytest

from tests.graph.plane import ORIGIN, Plane
from tests.world.makers import DOMAIN, TENANT, a_user_flow
from tests.world.saml import SamlProvider

PROVIDERS = "/beta/identity/identityProviders"
SECRET = "the-secret-of-the-provider"
GOOGLE: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.socialIdentityProvider",
    "displayName": "Google",
    "identityProviderType": "Google",
    "clientId": "us-at-google",
    "clientSecret": SECRET,
}
OPEN_ID: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.openIdConnectIdentityProvider",
    "displayName": "Partner of ours",
    "clientId": "us",
    "clientSecret": SECRET,
    "metadataUrl": "https://login.partner.example/.well-known/openid-configuration",
    "responseMode": "form_post",
    "responseType": "code",
    "scope": "openid profile",
    "claimsMapping": {"userId": "sub", "displayName": "name"},
}
APPLE: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.appleManagedIdentityProvider",
    "displayName": "Apple",
    "developerId": "UBF8T346G9",
    "serviceId": "com.example.shop",
    "keyId": "99P6D879C4",
    "certificateData": SECRET,
}
BUILT_IN: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.builtInIdentityProvider",
    "identityProviderType": "EmailPassword",
}


async def _added(plane: Plane, body: dict[str, Any], path: str = PROVIDERS) -> Any:
    answer = await plane.request("POST", path, json=body)
    assert answer.status_code == 201, answer.text
    assert SECRET not in answer.text
    return answer.json()


async def _secret(plane: Plane, provider_id: str) -> str:
    provider = await plane.database.read(TENANT).identity_providers.require(provider_id)
    return plane.sealer.unseal(provider.secret or "", provider.place).decode()


async def _refused(plane: Plane, body: dict[str, Any], path: str = PROVIDERS) -> str:
    answer = await plane.request("POST", path, json=body)
    assert answer.status_code == 400, answer.text
    return str(answer.json()["error"]["target"])


@pytest.mark.parametrize(
    ("body", "provider_id", "secret"),
    [
        (GOOGLE, "Google-OAUTH", "clientSecret"),
        (APPLE, "Apple-Managed-OIDC", "certificateData"),
        (BUILT_IN, "EmailPassword-OAUTH", None),
        ({**GOOGLE, "identityProviderType": "microsoft"}, "MSA-OIDC", "clientSecret"),
    ],
)
async def test_each_kind_has_the_id_of_the_cloud_and_shows_asterisks(
    plane: Plane, body: dict[str, Any], provider_id: str, secret: str | None
) -> None:
    made = await _added(plane, body)
    assert made["id"] == provider_id
    assert made["@odata.type"] == body["@odata.type"]
    read = (await plane.request("GET", f"{PROVIDERS}/{provider_id.lower()}")).json()
    listed = (await plane.request("GET", PROVIDERS)).json()["value"]
    for each in (made, read, *listed):
        assert each["@odata.type"] == body["@odata.type"]
        assert secret is None or each[secret] == "******"
    if secret is not None:
        assert await _secret(plane, provider_id) == SECRET


async def test_an_openid_provider_is_read_as_it_was_given(plane: Plane) -> None:
    made = await _added(plane, OPEN_ID)
    assert made["id"].startswith("OIDC-V1-Partner-of-ours-")
    expected = {**OPEN_ID, "clientSecret": "******", "domainHint": None}
    expected["claimsMapping"] |= {"givenName": None, "surname": None, "email": None}
    found = {name: value for name, value in made.items() if name in expected}
    assert found == expected


@pytest.mark.parametrize(
    "name", ["microsoft.graph.socialIdentityProvider", "#Graph.SOCIALidentityprovider"]
)
async def test_the_type_may_be_named_with_and_without_the_hash(plane: Plane, name: str) -> None:
    await _added(plane, {**GOOGLE, "@odata.type": name})


@pytest.mark.parametrize(
    ("body", "target"),
    [
        ({each: GOOGLE[each] for each in GOOGLE if each != "@odata.type"}, "@odata.type"),
        ({**GOOGLE, "@odata.type": "#microsoft.graph.identityProviderBase"}, "@odata.type"),
        ({**GOOGLE, "@odata.type": 7}, "@odata.type"),
        ({**GOOGLE, "identityProviderType": "MySpace"}, "identityProviderType"),
        ({**GOOGLE, "metadataUrl": "https://x.example"}, "metadataUrl"),
        ({**GOOGLE, "clientSecret": None}, "clientSecret"),
        ({**GOOGLE, "clientSecret": "******"}, "clientSecret"),
        ({**BUILT_IN, "identityProviderType": "Google"}, "identityProviderType"),
        ({**APPLE, "keyId": ""}, "keyId"),
        ({**APPLE, "certificateData": None}, "certificateData"),
        ({**APPLE, "certificateData": "******"}, "certificateData"),
        ({**OPEN_ID, "scope": "profile"}, "scope"),
        ({**OPEN_ID, "responseType": "token"}, "responseType"),
        ({**OPEN_ID, "responseMode": "fragment"}, "responseMode"),
        ({**OPEN_ID, "responseType": "id_token", "responseMode": "query"}, "responseMode"),
        ({**OPEN_ID, "metadataUrl": "http://login.partner.example/x"}, "metadataUrl"),
        ({**OPEN_ID, "metadataUrl": "http://127.0.0.1/x"}, "metadataUrl"),
        ({**OPEN_ID, "claimsMapping": {"userId": "sub"}}, "claimsMapping/displayName"),
        ({name: each for name, each in OPEN_ID.items() if name != "clientSecret"}, "clientSecret"),
    ],
)
async def test_what_is_wrong_is_named(plane: Plane, body: dict[str, Any], target: str) -> None:
    assert await _refused(plane, body) == target
    assert (await plane.request("GET", f"{PROVIDERS}/$count")).text == "0"


async def test_there_is_one_of_each_social_type(plane: Plane) -> None:
    await _added(plane, GOOGLE)
    again = await plane.request("POST", PROVIDERS, json=GOOGLE)
    assert again.status_code == 409
    await _added(plane, OPEN_ID)
    await _added(plane, OPEN_ID)


async def test_a_secret_that_was_read_can_be_sent_back_and_stays(plane: Plane) -> None:
    made = await _added(plane, GOOGLE)
    address = f"{PROVIDERS}/{made['id']}"
    back = {name: each for name, each in made.items() if name != "@odata.context"}
    answer = await plane.request("PATCH", address, json={**back, "displayName": "G"})
    assert answer.status_code == 204, answer.text
    assert await _secret(plane, made["id"]) == SECRET
    assert (await plane.request("GET", address)).json()["displayName"] == "G"
    answer = await plane.request("PATCH", address, json={"clientSecret": "another"})
    assert answer.status_code == 204
    assert await _secret(plane, made["id"]) == "another"


@pytest.mark.parametrize(
    ("body", "changes", "target"),
    [
        (GOOGLE, {"identityProviderType": "Amazon"}, "identityProviderType"),
        (GOOGLE, {"clientSecret": None}, "clientSecret"),
        (GOOGLE, {"id": "Amazon-OAUTH"}, "id"),
        (OPEN_ID, {"metadataUrl": "https://evil.example/"}, "metadataUrl"),
        (OPEN_ID, {"@odata.type": "#microsoft.graph.socialIdentityProvider"}, "@odata.type"),
        (OPEN_ID, {"claimsMapping": {"userId": None}}, "claimsMapping/userId"),
    ],
)
async def test_what_cannot_be_changed_is_refused(
    plane: Plane, body: dict[str, Any], changes: dict[str, Any], target: str
) -> None:
    made = await _added(plane, body)
    answer = await plane.request("PATCH", f"{PROVIDERS}/{made['id']}", json=changes)
    assert answer.status_code == 400
    assert answer.json()["error"]["target"] == target


async def test_a_part_of_the_claims_mapping_changes_alone(plane: Plane) -> None:
    made = await _added(plane, OPEN_ID)
    address = f"{PROVIDERS}/{made['id']}"
    await plane.request("PATCH", address, json={"claimsMapping": {"email": "mail"}})
    mapping = (await plane.request("GET", address)).json()["claimsMapping"]
    assert (mapping["userId"], mapping["email"]) == ("sub", "mail")


async def test_a_deleted_provider_is_gone(plane: Plane) -> None:
    made = await _added(plane, GOOGLE)
    address = f"{PROVIDERS}/{made['id']}"
    assert (await plane.request("DELETE", address)).status_code == 204
    assert (await plane.request("GET", address)).status_code == 404
    await _added(plane, GOOGLE)


@pytest.mark.parametrize("ending", ["", "()"])
@pytest.mark.parametrize("path", [PROVIDERS, "/v1.0/identityProviders"])
async def test_it_is_told_what_can_be_added(plane: Plane, path: str, ending: str) -> None:
    answer = await plane.request("GET", f"{path}/availableProviderTypes{ending}")
    assert answer.json()["@odata.context"].endswith("$metadata#Collection(Edm.String)")
    every = answer.json()["value"]
    assert {"Google", "AppleManaged", "OpenIdConnect"} <= set(every)
    query = '$search="o" AND "g"&$count=true&$skip=1&$top=1'
    part = (await plane.request("GET", f"{path}/availableProviderTypes{ending}?{query}")).json()
    found = [each for each in every if {"o", "g"} <= set(each.lower())]
    assert (part["@odata.count"], part["value"]) == (len(found), found[1:2])


async def test_secrets_cannot_be_asked_for(plane: Plane) -> None:
    await _added(plane, GOOGLE)
    for query in (
        "$select=clientSecret",
        f"$filter=clientSecret eq '{SECRET}'",
        "$orderby=clientSecret",
    ):
        answer = await plane.request("GET", f"{PROVIDERS}?{query}")
        assert answer.status_code == 400
        assert SECRET not in answer.text.replace(query, "")


async def test_the_older_shape_shows_the_same_providers(plane: Plane) -> None:
    old = "/v1.0/identityProviders"
    body = {"name": "Face", "type": "Facebook", "clientId": "us", "clientSecret": SECRET}
    made = await _added(plane, {**body, "@odata.type": "microsoft.graph.identityProvider"}, old)
    shown = {name: made[name] for name in ("id", "name", "type", "clientId", "clientSecret")}
    assert shown == {**body, "id": "Facebook-OAUTH", "clientSecret": "******"}
    assert (await plane.request("GET", f"{PROVIDERS}/Facebook-OAUTH")).json()[
        "displayName"
    ] == "Face"
    answer = await plane.request("PATCH", f"{old}/Facebook-OAUTH", json={"name": "Book"})
    assert answer.status_code == 204
    found = await plane.request("GET", f"{old}?$filter=name eq 'Book' and type eq 'Facebook'")
    assert [each["id"] for each in found.json()["value"]] == ["Facebook-OAUTH"]
    assert await _refused(plane, {**body, "clientSecret": ""}, old) == "clientSecret"
    assert await _refused(plane, {**body, "type": "EmailPassword"}, old) == "type"


async def test_an_openid_provider_has_an_older_shape_as_well(plane: Plane) -> None:
    old = "/v1.0/identityProviders"
    body = {name: each for name, each in OPEN_ID.items() if name != "displayName"}
    body |= {
        "@odata.type": "microsoft.graph.openIdConnectProvider",
        "name": "P",
        "type": "OpenIDConnect",
    }
    made = await _added(plane, body, old)
    assert made["@odata.type"] == "#microsoft.graph.openIdConnectProvider"
    assert (made["type"], made["metadataUrl"]) == ("OpenIdConnect", OPEN_ID["metadataUrl"])


async def test_one_that_a_user_flow_offers_stays(plane: Plane) -> None:
    made = await _added(plane, GOOGLE)
    flow = a_user_flow(identity_providers=(made["id"].lower(),))
    await plane.database.write(TENANT, lambda stores: stores.user_flows.add(flow))
    answer = await plane.request("DELETE", f"{PROVIDERS}/{made['id']}")
    assert answer.status_code == 409
    assert flow.id in answer.json()["error"]["message"]


OIDC: dict[str, Any] = {
    "@odata.type": "#microsoft.graph.oidcIdentityProvider",
    "displayName": "Contoso",
    "clientId": "us",
    "issuer": "https://login.contoso.example",
    "responseType": "code",
    "scope": "openid profile",
    "clientAuthentication": {
        "@odata.type": "#microsoft.graph.oidcClientSecretAuthentication",
        "clientSecret": "a secret of that provider",
    },
    "inboundClaimMapping": {"sub": "oid", "address": {"country": "land"}},
}
SAML = {
    "@odata.type": "#microsoft.graph.samlOrWsFedProvider",
    "displayName": "Old",
    "issuerUri": "urn:contoso:idp",
    "passiveSignInUri": "https://saml.contoso.example/in",
    "preferredAuthenticationProtocol": "saml",
}


async def test_a_provider_of_the_newer_type_is_kept_whole_without_its_secret(plane: Plane) -> None:
    made = await plane.request("POST", PROVIDERS, json=OIDC)
    assert made.status_code == 201, made.text
    assert "a secret" not in made.text
    path = f"{PROVIDERS}/{made.json()['id']}"
    shown = (await plane.request("GET", path)).json()
    assert shown["@odata.type"] == OIDC["@odata.type"]
    assert shown["clientAuthentication"]["clientSecret"] == "******"
    assert shown["wellKnownEndpoint"].startswith(OIDC["issuer"])
    assert shown["inboundClaimMapping"]["sub"] == "oid"
    assert shown["inboundClaimMapping"]["address"]["country"] == "land"
    before = await plane.database.read(TENANT).identity_providers.get(shown["id"])
    assert before is not None
    assert before.claims_mapping is not None
    assert (before.claims_mapping.user_id, before.claims_mapping.email) == ("oid", "email")
    shown.pop("@odata.context")
    back = await plane.request("PATCH", path, json=shown)
    assert back.status_code == 204, back.text
    after = await plane.database.read(TENANT).identity_providers.get(shown["id"])
    assert after == before
    body = {"inboundClaimMapping": {"email": "mail"}}
    assert (await plane.request("PATCH", path, json=body)).status_code == 204
    changed = (await plane.request("GET", path)).json()
    assert (changed["inboundClaimMapping"]["sub"], changed["inboundClaimMapping"]["email"]) == (
        None,
        "mail",
    )


@pytest.mark.parametrize(
    ("changes", "target"),
    [
        ({"issuer": "http://login.contoso.example"}, "issuer"),
        ({"issuer": "https://login.microsoftonline.com/x"}, "issuer"),
        ({"wellKnownEndpoint": "ftp://x"}, "wellKnownEndpoint"),
        ({"scope": "profile"}, "scope"),
        ({"clientAuthentication": {}}, "clientAuthentication/@odata.type"),
        (
            {
                "clientAuthentication": {
                    "@odata.type": "#microsoft.graph.oidcClientSecretAuthentication"
                }
            },
            "clientSecret",
        ),
    ],
)
async def test_what_is_wrong_with_a_provider_of_the_newer_type_is_named(
    plane: Plane, changes: dict[str, Any], target: str
) -> None:
    refused = await plane.request("POST", PROVIDERS, json=OIDC | changes)
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, target)


async def test_a_saml_provider_is_kept(plane: Plane) -> None:
    made = await plane.request("POST", PROVIDERS, json=SAML)
    assert made.status_code == 201, made.text
    path = f"{PROVIDERS}/{made.json()['id']}"
    body = {"signingCertificate": SamlProvider().pem * 2}
    assert (await plane.request("PATCH", path, json=body)).status_code == 204
    shown = (await plane.request("GET", path)).json()
    assert {**SAML, **body}.items() <= shown.items()
    for changes, target in (
        ({"preferredAuthenticationProtocol": "oauth"}, "preferredAuthenticationProtocol"),
        ({"passiveSignInUri": "http://x"}, "passiveSignInUri"),
        ({"signingCertificate": "AAAA"}, "signingCertificate"),
        ({"signingCertificate": "-----BEGIN CERTIFICATE-----"}, "signingCertificate"),
    ):
        refused = await plane.request("POST", PROVIDERS, json=SAML | changes)
        assert (refused.status_code, refused.json()["error"]["target"]) == (400, target)


ISSUERS = {
    "the tenant's domain": DOMAIN,
    "the same in capitals": DOMAIN.upper(),
    "the tenant's id": TENANT,
    "our origin": f"{ORIGIN}/",
    "the directory's issuer": f"{ORIGIN}/{TENANT}/v2.0/",
    "a user flow's issuer": f"{ORIGIN}/tfp/{TENANT}/b2c_1_susi/v2.0/",
    "a well-known provider": "google.com",
    "another provider": OIDC["issuer"],
    "an older provider": "https://login.partner.example",
}


@pytest.mark.parametrize("issuer", ISSUERS)
async def test_a_provider_does_not_speak_in_the_name_of_another_issuer(
    plane: Plane, issuer: str
) -> None:
    for each in (OIDC, OPEN_ID):
        assert (await plane.request("POST", PROVIDERS, json=each)).status_code == 201
    named = {"issuerUri": ISSUERS[issuer]}
    assert await _refused(plane, SAML | named) == "issuerUri"
    made = (await plane.request("POST", PROVIDERS, json=SAML)).json()
    path = f"{PROVIDERS}/{made['id']}"
    refused = await plane.request("PATCH", path, json=named)
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "issuerUri")
    same = {"issuerUri": SAML["issuerUri"]}
    assert (await plane.request("PATCH", path, json=same)).status_code == 204


async def test_an_openid_provider_does_not_take_the_name_of_a_saml_provider(plane: Plane) -> None:
    for issuer, body, target in (
        (OIDC["issuer"], OIDC, "issuer"),
        ("https://login.partner.example", OPEN_ID, "metadataUrl"),
    ):
        made = await plane.request("POST", PROVIDERS, json=SAML | {"issuerUri": issuer})
        assert made.status_code == 201, made.text
        assert await _refused(plane, body) == target
