"""Ask the person whether the application may have what it asks for."""

from dataclasses import dataclass

from gatelodge.clock import Clock
from gatelodge.journeys.changes import GiveConsent
from gatelodge.journeys.evidence import Evidence
from gatelodge.journeys.outcome import Done, Outcome, Refusal, Refuse, Show
from gatelodge.journeys.place import Place
from gatelodge.model.application import Application, Scope
from gatelodge.model.audit import EventName
from gatelodge.model.authorization import GrantedScope, Prompt
from gatelodge.model.consent import Consent
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction
from gatelodge.model.service_principal import service_principal_of
from gatelodge.pages.catalogue import consent_page
from gatelodge.pages.form import Submitted, pressed
from gatelodge.pages.page import Page
from gatelodge.storage.database import Database

_WORDS = {"openid": "permission_openid", "offline_access": "permission_offline_access"}


@dataclass(frozen=True, slots=True)
class _Asking:
    """Who is asked by whom, and for which API; for none where nothing but the name is wanted."""

    account_id: AccountId
    application: Application
    api: Application | None


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Name what is asked for and store the answer, once for each person, application and API."""

    database: Database
    evidence: Evidence
    clock: Clock

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        """Show the page, unless the person agreed to all of it before and is not asked again."""
        if (asking := await self._asking(place, interaction)) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        is_asked_again = Prompt.CONSENT in interaction.request.prompts
        if not is_asked_again and await self._is_given(place, interaction, asking):
            return Done()
        return Show(page=_page(asking, interaction.request.scope))

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        """Take the answer: all of it, or nothing."""
        if (asking := await self._asking(place, interaction)) is None:
            return Refuse(reason=Refusal.NOT_PROVED)
        page = _page(asking, interaction.request.scope)
        match pressed(page, form):
            case "cancel":
                return Refuse(reason=Refusal.CONSENT_DENIED)
            case "continue":
                return self._given(interaction, asking)
            case _:
                return Show(page=page)

    async def _asking(self, place: Place, interaction: Interaction) -> _Asking | None:
        """Return what the page is about, None when nobody is there or the application is gone."""
        account_id, request = interaction.facts.account_id, interaction.request
        applications = self.database.read(place.directory.id).applications
        application = await applications.by_app_id(request.client_id)
        if account_id is None or application is None:
            return None
        resource_app_id = request.scope.resource_app_id
        api = None if resource_app_id is None else await applications.by_app_id(resource_app_id)
        return _Asking(account_id, application, api)

    async def _is_given(self, place: Place, interaction: Interaction, asking: _Asking) -> bool:
        if asking.api is None:
            return False
        given = await self.database.read(place.directory.id).consents.values(
            asking.account_id, asking.application.app_id, asking.api.app_id
        )
        return given.issuperset(interaction.request.scope.consentable)

    def _given(self, interaction: Interaction, asking: _Asking) -> Outcome:
        scope, now = interaction.request.scope, self.clock()
        consents = tuple(
            Consent(
                directory_id=interaction.directory_id,
                account_id=asking.account_id,
                app_id=asking.application.app_id,
                resource_app_id=asking.api.app_id,
                value=value,
                created_at=now,
            )
            for value in scope.consentable
            if asking.api is not None
        )
        ends = (asking.application, asking.api) if consents else ()
        principals = tuple(service_principal_of(each, now) for each in ends if each is not None)
        event = self.evidence.event(
            interaction,
            EventName.CONSENT_GIVEN,
            asking.account_id,
            detail={"resource": scope.resource_app_id or "", "scope": scope.requested},
        )
        return Done(changes=(GiveConsent(consents, principals), event))


def _page(asking: _Asking, scope: GrantedScope) -> Page:
    api = asking.api
    asked = {*scope.permissions, *scope.consentable}
    offered = () if api is None else api.oauth2_permission_scopes
    requested = scope.requested.split(" ")
    return consent_page(
        application=asking.application.display_name,
        permissions=tuple(_said(each) for each in offered if each.value in asked),
        words=tuple(words for word, words in _WORDS.items() if word in requested),
    )


def _said(permission: Scope) -> tuple[str, str]:
    """Return a permission in the API's words for users, or else in those for administrators."""
    return (
        permission.user_consent_display_name
        or permission.admin_consent_display_name
        or permission.value,
        permission.user_consent_description or permission.admin_consent_description,
    )
