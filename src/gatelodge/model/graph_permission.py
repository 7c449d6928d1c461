"""The permissions of the Graph API itself, under the ids they have everywhere."""

from gatelodge.model.application import AppRole, Scope

# Not compared with the published list: the ids of Directory.AccessAsUser.All, Domain.ReadWrite.All,
# OrganizationalBranding.*, Policy.ReadWrite.AuthenticationFlows, User.DeleteRestore.All,
# User.EnableDisableAccount.All, User.ReadBasic.All, User-PasswordProfile.ReadWrite.All,
# UserAuthenticationMethod.Read.All and of the four scopes of OpenID Connect.
_PERMISSIONS: tuple[tuple[str, str | None, str | None], ...] = (
    (
        "APIConnectors.Read.All",
        "1b6ff35f-31df-4332-8571-d31ea5a4893f",
        "b86848a7-d5b1-41eb-a9b4-54a4e6306e97",
    ),
    (
        "APIConnectors.ReadWrite.All",
        "c67b52c5-7c69-48b6-9d48-7b3af3ded914",
        "1dfe531a-24a6-4f1b-80f4-7a0dc5a0a171",
    ),
    (
        "AppRoleAssignment.ReadWrite.All",
        "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
        "06b708a9-e830-4db3-a914-8e69da51d44f",
    ),
    (
        "Application.Read.All",
        "c79f8feb-a9db-4090-85f9-90d820caa0eb",
        "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
    ),
    (
        "Application.ReadWrite.All",
        "bdfbf15f-ee85-4955-8675-146e8e5296b5",
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
    ),
    ("Application.ReadWrite.OwnedBy", None, "18a4783c-866b-4cc7-a460-3d5e5662c884"),
    (
        "AuditLog.Read.All",
        "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20",
        "b0afded3-3588-46d8-8b3d-9842eff778da",
    ),
    (
        "CustomAuthenticationExtension.Read.All",
        "b2052569-c98c-4f36-a5fb-43e5c111e6d0",
        "88bb2658-5d9e-454f-aacd-a3933e079526",
    ),
    (
        "CustomAuthenticationExtension.ReadWrite.All",
        "8dfcf82f-15d0-43b3-bc78-a958a13a5792",
        "c2667967-7050-4e7e-b059-4cbbb3811d03",
    ),
    (
        "DelegatedPermissionGrant.ReadWrite.All",
        "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
        "8e8e4742-1d95-4f68-9d56-6ee75648c72a",
    ),
    (
        "Directory.Read.All",
        "06da0dbc-49e2-44d2-8312-53f166ab848a",
        "7ab1d382-f21e-4acd-a863-ba3e13f7da61",
    ),
    (
        "Directory.ReadWrite.All",
        "c5366453-9fb0-48a5-a156-24f0c49a4b84",
        "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
    ),
    (
        "Domain.Read.All",
        "2f9ee017-59c1-4f1d-9472-bd5529a7b311",
        "dbb9058a-0e50-45d7-ae91-66909b5d4664",
    ),
    (
        "Domain.ReadWrite.All",
        "0b5d694c-a244-4bde-86e6-eb5cd07730fe",
        "7e05723c-0bb0-42da-be95-ae9f08a6e53c",
    ),
    (
        "EventListener.Read.All",
        "f7dd3bed-5eec-48da-bc73-1c0ef50bc9a1",
        "b7f6385c-6ce6-4639-a480-e23c42ed9784",
    ),
    (
        "EventListener.ReadWrite.All",
        "d11625a6-fe21-4fc6-8d3d-063eba5525ad",
        "0edf5e9e-4ce8-468a-8432-d08631d18c43",
    ),
    (
        "IdentityProvider.Read.All",
        "43781733-b5a7-4d1b-98f4-e8edff23e1a9",
        "e321f0bb-e7f7-481e-bb28-e3b0b32d4bd0",
    ),
    (
        "IdentityProvider.ReadWrite.All",
        "f13ce604-1677-429f-90bd-8a10b9f01325",
        "90db2b9a-d928-4d33-a4dd-8442ae3d41e4",
    ),
    (
        "IdentityUserFlow.Read.All",
        "2903d63d-4611-4d43-99ce-a33f3f52e343",
        "1b0c317f-dd31-4305-9932-259a8b6e8099",
    ),
    (
        "IdentityUserFlow.ReadWrite.All",
        "281892cc-4dbf-4e3a-b6cc-b21029bb4e82",
        "65319a09-a2be-469d-8782-f6b07debf789",
    ),
    (
        "Organization.Read.All",
        "4908d5b9-3fb2-4b1e-9336-1888b7937185",
        "498476ce-e0fe-48b0-b801-37ba7e2685c6",
    ),
    (
        "Organization.ReadWrite.All",
        "46ca0847-7e6b-426e-9775-ea810a948356",
        "292d869f-3427-49a8-9dab-8c70152b74e9",
    ),
    (
        "OrganizationalBranding.Read.All",
        "9082f138-6f02-4f3a-9f4d-5f3c2ce5c688",
        "eb76ac34-0d62-4454-b97c-185e4250dc20",
    ),
    (
        "OrganizationalBranding.ReadWrite.All",
        "15ce63de-b141-4c9a-a9a5-241bf37c6aaf",
        "d2ebfbc1-a5f8-424b-83a6-56ab5927a73c",
    ),
    (
        "Policy.Read.All",
        "572fea84-0151-49b2-9301-11cb16974376",
        "246dd0d5-5bd0-4def-940b-0421030a5b68",
    ),
    (
        "Policy.ReadWrite.AuthenticationFlows",
        "edb72de9-4252-4d03-a925-451deef99db7",
        "25f85f3c-f66c-4205-8cd5-de92dd7f0cec",
    ),
    (
        "Policy.ReadWrite.AuthenticationMethod",
        "7e823077-d88e-468f-a337-e18f1f0e6c7c",
        "29c18626-4985-4dcd-85c0-193eef327366",
    ),
    (
        "Policy.ReadWrite.TrustFramework",
        "cefba324-1a70-4a6e-9c1d-fd670b7ae392",
        "79a677f7-b79d-40d0-a36a-3e6f8688dd7a",
    ),
    (
        "SignInIdentifier.Read.All",
        "458e1edc-1e75-438c-8c7b-c32115c9d373",
        "28e1fe78-598f-4df4-b55e-18bf34218925",
    ),
    (
        "SignInIdentifier.ReadWrite.All",
        "b4673c3c-7b5a-4012-9826-7c7e3c8db6af",
        "7fc588a2-ea2d-4d1f-bcf7-33c324b149b8",
    ),
    (
        "TrustFrameworkKeySet.Read.All",
        "7ad34336-f5b1-44ce-8682-31d7dfcd9ab9",
        "fff194f1-7dce-4428-8301-1badb5518201",
    ),
    (
        "TrustFrameworkKeySet.ReadWrite.All",
        "39244520-1e7d-4b4a-aee0-57c65826e427",
        "4a771c9a-1cf2-4609-b88e-3d3e02d539cd",
    ),
    ("Directory.AccessAsUser.All", "0e263e50-5827-48a4-b97c-d940288653c7", None),
    ("User.EnableDisableAccount.All", None, "3011c876-62b7-4ada-afa2-506cbbecc68c"),
    (
        "User.ReadBasic.All",
        "b340eb25-3456-403f-be2f-af7a0d370277",
        "97235f07-e226-4f63-ace3-39588e11d3a1",
    ),
    (
        "UserAuthenticationMethod.Read.All",
        "aec28ec7-4d02-4e8c-b864-50163aea77eb",
        "38d9df27-64da-44fd-b7c5-a6fbac20248f",
    ),
    ("User.Read", "e1fe6dd8-ba31-4d61-89e7-88639da4683d", None),
    ("User.ReadWrite", "b4e74841-8e56-480b-be8b-910348b18b4c", None),
    (
        "User.DeleteRestore.All",
        "4bb440cd-2cf2-4f90-8004-aa2acd2537c5",
        "eccc023d-eccf-4e7b-9683-8813ab36cecc",
    ),
    (
        "User.ManageIdentities.All",
        "637d7bec-b31e-4deb-acc9-24275642a2c9",
        "c529cfca-c91b-489c-af2b-d92990b66ce6",
    ),
    (
        "User.Read.All",
        "a154be20-db9c-4678-8ab7-66f6cc099a59",
        "df021288-bdef-4463-88db-98f22de89214",
    ),
    (
        "User.ReadWrite.All",
        "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
        "741f803b-c850-494e-b5df-cde7c675a1ca",
    ),
    (
        "User.RevokeSessions.All",
        "fc30e98b-8810-4501-81f5-c20a3196387b",
        "77f3a031-c388-4f99-b373-dc68676a979e",
    ),
    (
        "User-PasswordProfile.ReadWrite.All",
        "56760768-b641-451f-8906-e1b8ab31bca7",
        "cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
    ),
    (
        "UserAuthenticationMethod.ReadWrite.All",
        "b7887744-6746-4312-813d-72daeaee7e2d",
        "50483e42-d915-4231-9639-7fdb7fd190e5",
    ),
    ("openid", "37f7f235-527c-4136-accd-4a02d197296e", None),
    ("profile", "14dad69e-099b-42c9-810b-d002981feec1", None),
    ("email", "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0", None),
    ("offline_access", "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", None),
)

GRAPH_SCOPES = tuple(
    Scope(id=delegated, value=value, admin_consent_display_name=value)
    for value, delegated, _ in _PERMISSIONS
    if delegated is not None
)
"""Permissions exercised for a user."""

GRAPH_ROLES = tuple(
    AppRole(id=application, value=value, display_name=value)
    for value, _, application in _PERMISSIONS
    if application is not None
)
"""Permissions an application exercises by itself."""

OPEN_ID_SCOPES = frozenset({"openid", "profile", "email", "offline_access"})
"""Scopes that ask who somebody is, and give nothing of the directory."""
