"""`pageLayouts` of a user flow: which version of a layout, and whose template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gatelodge.errors import Invalid, Problem
from gatelodge.graph.body import merged
from gatelodge.graph.change import Change, Given, Situation
from gatelodge.graph.edm import (
    Action,
    Asked,
    EntitySet,
    EntityType,
    Function,
    Navigation,
    Primitive,
    Property,
    Read,
    Update,
    Writable,
)
from gatelodge.graph.model.language_pages import PAGES
from gatelodge.graph.model.page_template import fetched_template
from gatelodge.graph.model.user_flow_access import READ, WRITE, kept
from gatelodge.model.audit import EventName
from gatelodge.model.page_layout import PageLayout
from gatelodge.model.user_flow import UserFlow
from gatelodge.pages.layout_version import known_version, versions_of
from gatelodge.pages.page import SECRET_PAGES, PageId
from gatelodge.storage.stores import Stores

_NAMES: Mapping[PageId, str] = {
    PageId.SIGN_UP_OR_SIGN_IN: "Unified sign up or sign in page",
    PageId.LOCAL_SIGN_IN: "Local account sign in page",
    PageId.CHANGE_PASSWORD: "Expired password page",
    PageId.SIGN_IN_BY_CODE: "Sign in by code page",
    PageId.SIGN_IN_BY_PHONE: "Sign in by phone page",
    PageId.LOCAL_SIGN_UP: "Local account sign up page",
    PageId.SOCIAL_SIGN_UP: "Social account sign up page",
    PageId.PASSKEY: "Passkey page",
    PageId.PHONE_FACTOR: "Multifactor authentication page",
    PageId.AUTHENTICATOR: "Authenticator app page",
    PageId.PASSKEY_FACTOR: "Passkey as second factor page",
    PageId.EMAIL_FACTOR: "Email verification page",
    PageId.FACTOR_CHOICE: "Choice of second factor page",
    PageId.RECOVERY_CODE: "Recovery code page",
    PageId.RECOVERY_CODES: "New recovery codes page",
    PageId.CONSENT: "Consent page",
    PageId.PROVIDER_CHOICE_SIGN_UP: "Identity provider selection page for sign up",
    PageId.PASSWORD_RESET: "Forgot password page",
    PageId.NEW_PASSWORD: "Change password page",
    PageId.PROFILE_UPDATE: "Profile edit page",
    PageId.REAUTHENTICATION: "Password again page",
    PageId.EMAIL_CHANGE: "Change email address page",
    PageId.OWN_PASSWORD: "Change own password page",
    PageId.IDENTITIES: "Linked accounts page",
    PageId.PASSKEYS: "Own passkeys page",
    PageId.FACTORS: "Own second factors page",
    PageId.SESSIONS: "Own sessions page",
    PageId.OWN_DATA: "Own data page",
    PageId.DELETION: "Account deletion page",
    PageId.AGE: "Age page",
    PageId.TERMS: "Terms of use page",
    PageId.PROVIDER_CHOICE: "Identity provider selection page",
    PageId.ERROR: "Error page",
    PageId.SIGN_OUT: "Sign out page",
    PageId.SIGNED_OUT: "Signed out page",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The layout of one page of a user flow."""

    flow: UserFlow
    id: str
    version: str
    page_uri: str | None = None

    @property
    def display_name(self) -> str:
        """Return what the page is called."""
        return _NAMES[PageId(self.id)]

    @property
    def is_custom_page_uri(self) -> bool:
        """Return whether somebody else's template is used."""
        return self.page_uri is not None


async def _of_flows(_: Stores, flows: Sequence[UserFlow]) -> Sequence[Sequence[Layout]]:
    return [[_layout(flow, page) for page in PAGES[flow.user_flow_type]] for flow in flows]


def _layout(flow: UserFlow, page: PageId) -> Layout:
    for each in flow.page_layouts:
        if each.id == page:
            version = known_version(page, each.version)
            return Layout(flow=flow, id=page, version=version, page_uri=each.page_uri)
    return Layout(flow=flow, id=page, version=versions_of(page)[-1])


async def _changed(situation: Situation, layout: Layout, given: Given) -> Change:
    changed = merged(layout, given)
    known = versions_of(PageId(layout.id))
    if changed.version not in known:
        sentence = f"The value of 'version' must be one of {', '.join(known)}."
        raise Invalid(Problem("version", sentence))
    if changed.page_uri is not None and PageId(layout.id) in SECRET_PAGES:
        sentence = "This page shows a secret, which a style sheet of another page could read."
        raise Invalid(Problem("pageUri", sentence))
    return await _put(situation, changed)


async def _restored(situation: Situation, layout: Layout, __: Given) -> Change:
    return await _put(situation, replace(layout, page_uri=None))


async def _put(situation: Situation, layout: Layout) -> Change:
    flow = layout.flow
    others = tuple(each for each in flow.page_layouts if each.id != layout.id)
    made = PageLayout(id=layout.id, version=layout.version, page_uri=layout.page_uri)
    change = kept(replace(flow, page_layouts=(*others, made)), layout)
    template = None if layout.page_uri is None else await fetched_template(situation, layout)

    async def write(stores: Stores) -> None:
        await change.write(stores)
        if template is None:
            await stores.page_templates.discard(flow.id, layout.id)
        else:
            await template.put(stores)

    return replace(change, write=write, writes_more=template is not None)


async def _versions(_: Stores, layout: Layout) -> tuple[str, ...]:
    return versions_of(PageId(layout.id))


LAYOUT = EntityType(
    name="userFlowPageLayout",
    python=Layout,
    doc="The layout of a page. A `pageUri` is fetched when it is given, cleaned of everything that"
    " acts, and put around the form; give it again to have it fetched again.",
    properties=(
        Property(
            name="id",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The name of the page.",
        ),
        Property(
            name="displayName",
            type=Primitive.STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="What the page is called.",
        ),
        Property(
            name="isCustomPageUri",
            type=Primitive.BOOLEAN,
            writable=Writable.NEVER,
            asked=Asked.EQUALITY,
            doc="Whether there is a `pageUri`.",
        ),
        Property(
            name="pageUri",
            type=Primitive.STRING,
            is_nullable=True,
            max_length=2048,
            doc="Where an administrator's template is, by https.",
        ),
        Property(
            name="version",
            type=Primitive.STRING,
            asked=Asked.EVERYTHING,
            doc="The version of the layout, one of `availableVersions`: those that differ. Before "
            "2 the code for an address has the ids of the first layouts; before 2.1.21 (2.1.10 of "
            "the unified page) scripts of a template's body run as well as those of its head.",
        ),
    ),
)
PAGE_LAYOUTS = Navigation(
    name="pageLayouts",
    doc="The layouts of the pages.",
    related=_of_flows,
    is_contained=True,
    to=EntitySet(
        title="Page layouts",
        entity=LAYOUT,
        read=Read(access=READ),
        update=Update(access=WRITE, event=EventName.USER_FLOW_UPDATED, prepare=_changed),
        functions=(
            Function(
                name="availableVersions",
                doc="The versions of the layout, the newest last.",
                access=READ,
                read=_versions,
                result=Primitive.STRING,
                is_collection=True,
            ),
        ),
        actions=(
            Action(
                name="restoreDefaultPageUri",
                doc="Use our own template again.",
                access=WRITE,
                event=EventName.USER_FLOW_UPDATED,
                prepare=_restored,
            ),
        ),
    ),
)
