"""Delegated grants: what clients may do for every user, or for the one who consented."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatelodge.errors import AlreadyExists, Invalid, Problem
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.listed import part_of
from gatelodge.graph.model.guard import refuse_to_hand_on
from gatelodge.graph.model.named_principals import (
    demanded_value,
    named_principal,
    principals_by_app_id,
)
from gatelodge.model.account import Account
from gatelodge.model.application import GrantKind, PermissionGrant
from gatelodge.model.assignment import (
    EVERYBODY,
    ONE_PERSON,
    DelegatedGrant,
    consented_grants,
    delegated_grant,
    delegated_grants,
    person_of_grant,
)
from gatelodge.model.consent import Consent
from gatelodge.model.graph_permission import OPEN_ID_SCOPES
from gatelodge.model.identifier import AccountId, ClientId, key_of
from gatelodge.model.query import Filter, Page, Slice, matches
from gatelodge.model.service_principal import ServicePrincipal
from gatelodge.storage.principal_lists import principal_of
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True)
class DelegatedGrants:
    """Both kinds as one list; a filter that names a user or a client reads no more than theirs."""

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        return part_of(await _some(stores, part.where), part)

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        found = await _some(stores, where)
        return len([each for each in found if where is None or matches(where, each)])

    async def find(self, stores: Stores, key: str) -> DelegatedGrant | None:
        """Return the grant of an id, or None."""
        person = person_of_grant(key)
        found = await (_for_everybody(stores) if person is None else _of_person(stores, person))
        return next((each for each in found if each.id == key), None)


async def _some(stores: Stores, where: Filter | None) -> list[DelegatedGrant]:
    """Return every grant a filter can be about, those for everybody first."""
    if (person := demanded_value(where, "principal_id")) is not None:
        return await _of_person(stores, AccountId(key_of(person)))
    found = await _for_everybody(stores)
    if key_of(demanded_value(where, "consent_type") or "") == key_of(EVERYBODY):
        return found
    consents: Sequence[Consent]
    if (client_id := demanded_value(where, "client_id")) is None:
        consents = await stores.consents.every()
    else:
        client = await principal_of(stores, client_id)
        consents = () if client is None else await stores.consents.of_client(client.app_id)
    return found + await _consented(stores, consents)


async def _for_everybody(stores: Stores) -> list[DelegatedGrant]:
    grants = await stores.permission_grants.every(GrantKind.SCOPE)
    known = await principals_by_app_id(
        stores, [app_id for each in grants for app_id in (each.app_id, each.resource_app_id)]
    )
    return delegated_grants(grants, known)


async def _of_person(stores: Stores, account_id: AccountId) -> list[DelegatedGrant]:
    return await _consented(stores, await stores.consents.of_account(account_id))


async def _consented(stores: Stores, consents: Sequence[Consent]) -> list[DelegatedGrant]:
    known = await principals_by_app_id(
        stores, [app_id for each in consents for app_id in (each.app_id, each.resource_app_id)]
    )
    return consented_grants(consents, known)


async def delegated_grants_of(
    stores: Stores, owners: Sequence[ServicePrincipal]
) -> Sequence[Sequence[DelegatedGrant]]:
    """Return what each client may do for users."""
    every = await _for_everybody(stores)
    found = []
    for owner in owners:
        consents = await stores.consents.of_client(owner.app_id)
        own = [each for each in every if each.client_id == owner.id]
        found.append(own + await _consented(stores, consents))
    return found


async def delegated_grants_of_users(
    stores: Stores, owners: Sequence[Account]
) -> Sequence[Sequence[DelegatedGrant]]:
    """Return what each user consented to."""
    return [await _of_person(stores, owner.id) for owner in owners]


async def new_delegated_grant(situation: Situation, given: Given) -> Change:
    """Let a client do something for every user, or for one."""
    account_id = await _person(situation, given)
    client = await named_principal(situation, "clientId", given["client_id"])
    resource = await named_principal(situation, "resourceId", given["resource_id"])
    values = _scopes(situation, resource, given["scope"])
    if not values:
        raise Invalid(Problem("scope", "The value of 'scope' must not be empty."))
    grant = delegated_grant(client, resource, values, account_id)
    if await DelegatedGrants().find(situation.stores, grant.id) is not None:
        raise AlreadyExists("there is a grant for this client and API")
    return _replacing(situation, grant, (), values)


async def _person(situation: Situation, given: Given) -> AccountId | None:
    """Return the user a grant is for, None for everybody. Raises `Invalid`."""
    kind, named = given.get("consent_type", EVERYBODY), given.get("principal_id")
    if key_of(kind) not in {key_of(EVERYBODY), key_of(ONE_PERSON)}:
        message = f"The value of 'consentType' must be {EVERYBODY} or {ONE_PERSON}."
        raise Invalid(Problem("consentType", message))
    if key_of(kind) == key_of(EVERYBODY):
        if named is not None:
            message = f"The value of 'principalId' must be null for {EVERYBODY}."
            raise Invalid(Problem("principalId", message))
        return None
    account = None if named is None else await situation.stores.accounts.get(AccountId(named))
    if account is None:
        raise Invalid(Problem("principalId", "The value of 'principalId' is no user's id."))
    return account.id


async def changed_delegated_grant(
    situation: Situation, grant: DelegatedGrant, given: Given
) -> Change:
    """Replace what a client may do for users at an API."""
    resource = await named_principal(situation, "resourceId", grant.resource_id)
    before = grant.scope.split()
    after = _scopes(situation, resource, given["scope"]) if "scope" in given else tuple(before)
    refuse_to_hand_on(situation, grant.resource_app_id, set(before) - set(after))
    return _replacing(situation, replace(grant, scope=" ".join(after)), before, after)


async def removed_delegated_grant(situation: Situation, grant: DelegatedGrant, _: Given) -> Change:
    """Take everything away that a client may do for users at an API."""
    refuse_to_hand_on(situation, grant.resource_app_id, grant.scope.split())
    change = _replacing(situation, grant, grant.scope.split(), ())
    return Change(None, change.write)


def _scopes(situation: Situation, resource: ServicePrincipal, text: str) -> tuple[str, ...]:
    values = tuple(sorted(set(text.split())))
    known = {each.value for each in resource.oauth2_permission_scopes if each.is_enabled}
    known |= OPEN_ID_SCOPES
    if unknown := [each for each in values if each not in known]:
        message = f"The API has no enabled scope '{unknown[0][:100]}'."
        raise Invalid(Problem("scope", message))
    refuse_to_hand_on(situation, resource.app_id, set(values) - OPEN_ID_SCOPES)
    return values


def _replacing(
    situation: Situation, grant: DelegatedGrant, before: Sequence[str], after: Sequence[str]
) -> Change:
    async def write(stores: Stores) -> None:
        for value in sorted(set(before) - set(after)):
            await _remove(stores, grant, value)
        for value in sorted(set(after) - set(before)):
            await _add(situation, stores, grant, value)

    return Change(grant, write)


async def _remove(stores: Stores, grant: DelegatedGrant, value: str) -> None:
    pair = (ClientId(grant.client_app_id), ClientId(grant.resource_app_id))
    if grant.principal_id is None:
        await stores.permission_grants.remove(*pair, GrantKind.SCOPE, value)
    else:
        await stores.consents.remove(AccountId(grant.principal_id), *pair, value)


async def _add(situation: Situation, stores: Stores, grant: DelegatedGrant, value: str) -> None:
    app_id, resource_app_id = ClientId(grant.client_app_id), ClientId(grant.resource_app_id)
    if grant.principal_id is None:
        await stores.permission_grants.add(
            PermissionGrant(
                directory_id=situation.directory.id,
                app_id=app_id,
                resource_app_id=resource_app_id,
                kind=GrantKind.SCOPE,
                value=value,
            )
        )
        return
    await stores.consents.give(
        Consent(
            directory_id=situation.directory.id,
            account_id=AccountId(grant.principal_id),
            app_id=app_id,
            resource_app_id=resource_app_id,
            value=value,
            created_at=situation.now,
        )
    )
