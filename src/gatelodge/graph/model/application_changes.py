"""What writing an application does."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from gatelodge.crypto.digest import digest_of
from gatelodge.errors import Forbidden, Invalid, Problem
from gatelodge.graph.body import Part
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.details import merged_with_details
from gatelodge.graph.model.application_keys import with_given_keys
from gatelodge.graph.model.guard import refuse_stronger, refuse_stronger_grants
from gatelodge.graph.model.owners import named_owners
from gatelodge.model.application import Application, ClientPassword
from gatelodge.model.identifier import ApplicationId, ClientId
from gatelodge.model.new_application import (
    application_problems,
    new_client_password,
    permission_problems,
    without_password,
)
from gatelodge.model.service_principal import GRAPH_APP_ID, principal_id
from gatelodge.storage.aside import put_application_aside
from gatelodge.storage.stores import Stores


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedPassword:
    """A secret in the one answer that contains it."""

    key_id: str
    hint: str
    display_name: str | None
    start_at: datetime
    end_at: datetime
    secret_text: str
    custom_key_identifier: None = None


async def new_application(situation: Situation, given: Given) -> Change:
    """Register an application with a new object id, and a new client id unless one is given."""
    rest = dict(given)
    chosen = rest.pop("app_id", None)
    if chosen is not None:
        await _refuse_chosen(situation, ClientId(chosen))
    app_id = chosen or situation.randomness.uuid()
    named = await named_owners(situation.stores, rest.pop("owners", ()))
    new = Application(
        directory_id=situation.directory.id,
        id=ApplicationId(situation.randomness.uuid()),
        app_id=ClientId(app_id),
        display_name="",
        created_at=situation.now,
        owner_ids=tuple(dict.fromkeys((*await _first_owners(situation), *named))),
    )
    read = with_given_keys(new, rest, situation.randomness)
    application = _checked(merged_with_details(new, read))
    return Change(application, lambda stores: stores.applications.add(application))


async def _refuse_chosen(situation: Situation, app_id: ClientId) -> None:
    """Raise `Invalid` or `Forbidden` for a client id the caller may not choose.

    An API may trust an id before anybody has it, and who takes it gains what it is trusted with.
    """
    if app_id == GRAPH_APP_ID:
        raise Invalid(Problem("appId", "This is the client id of the Graph API itself."))
    if situation.only_owned:
        raise Forbidden("the caller may not choose a client id")
    is_trusted = await situation.stores.applications.is_pre_authorized(app_id)
    if is_trusted and not situation.is_privileged:
        raise Forbidden("an API trusts this client id already")


async def _first_owners(situation: Situation) -> tuple[str, ...]:
    """Return who owns a new application: its maker, where it may touch only what it owns."""
    if not situation.only_owned:
        return ()
    principal = await situation.stores.service_principals.get(principal_id(situation.actor))
    return (situation.actor if principal is None else principal.id,)


async def changed_application(
    situation: Situation, application: Application, given: Given
) -> Change:
    """Change an application; enabled permissions stay as they are."""
    await refuse_stronger(situation, application)
    read = with_given_keys(application, given, situation.randomness)
    changed = _checked(merged_with_details(application, read), application)
    return Change(changed, _saving(changed))


async def removed_application(situation: Situation, application: Application, _: Given) -> Change:
    """Put an application and what stands for it aside, unless it holds users' attributes."""
    await refuse_stronger(situation, application)
    if application.app_id == situation.directory.extensions_app_id:
        raise Invalid(Problem("appId", "This application holds the custom attributes of users."))

    return Change(None, lambda stores: put_application_aside(stores, application, situation.now))


async def restored_application(situation: Situation, application: Application, _: Given) -> Change:
    """Bring an application back, with what stood for it and what was granted to it and of it."""
    principal = await situation.stores.deleted_service_principals.get(principal_id(application.id))
    grants = () if principal is None else principal.deleted_grants or ()
    refuse_stronger_grants(situation, application, grants)
    await refuse_stronger(situation, application)

    async def write(stores: Stores) -> None:
        await stores.deleted_applications.restore(application)
        if principal is not None:
            await stores.deleted_service_principals.restore(principal)
            await stores.permission_grants.put_back(grants)

    back = replace(application, deleted_at=None)
    return Change(back, write, back)


async def purged_application(situation: Situation, application: Application, _: Given) -> Change:
    """Delete an application for good, with everything that hangs from it."""
    await refuse_stronger(situation, application)

    async def write(stores: Stores) -> None:
        await stores.permission_grants.remove_of(application.app_id)
        await stores.consents.remove_of(application.app_id)
        await stores.deleted_service_principals.remove_of(application.app_id)
        await stores.deleted_applications.remove(application.id)

    return Change(None, write)


async def added_password(situation: Situation, application: Application, given: Given) -> Change:
    """Make a secret of 256 random bits; only its digest is kept."""
    await refuse_stronger(situation, application)
    part = given.get("password_credential")
    asked = part.given if isinstance(part, Part) else {}
    secret = situation.randomness.opaque(32)
    password = new_client_password(
        key_id=situation.randomness.uuid(),
        digest=digest_of(secret),
        hint=secret[:3],
        display_name=asked.get("display_name"),
        start_at=asked.get("start_at") or situation.now,
        end_at=asked.get("end_at"),
    )
    if password.end_at <= password.start_at:
        raise Invalid(Problem("endDateTime", "A secret must end after it begins."))
    kept = (*application.password_credentials, password)
    changed = replace(application, password_credentials=kept)
    return Change(_issued(password, secret), _saving(changed), changed)


def _issued(password: ClientPassword, secret: str) -> IssuedPassword:
    return IssuedPassword(
        key_id=password.key_id,
        hint=password.hint,
        display_name=password.display_name,
        start_at=password.start_at,
        end_at=password.end_at,
        secret_text=secret,
    )


async def removed_password(situation: Situation, application: Application, given: Given) -> Change:
    """Remove a secret by its id."""
    await refuse_stronger(situation, application)
    changed = without_password(application, given["key_id"])
    if changed == application:
        raise Invalid(Problem("keyId", "No password credential has this keyId."))
    return Change(None, _saving(changed), changed)


def _saving(application: Application) -> Callable[[Stores], Coroutine[Any, Any, None]]:
    async def write(stores: Stores) -> None:
        await stores.applications.save(application)
        await stores.service_principals.rename(application.app_id, application.display_name)

    return write


def _checked(application: Application, before: Application | None = None) -> Application:
    problems = list(application_problems(application))
    if before is not None:
        problems += permission_problems(before, application)
    if problems:
        raise Invalid(*problems)
    return application
