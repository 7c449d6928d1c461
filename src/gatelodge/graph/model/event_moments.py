"""What is done at a moment of a sign-in, as values that say which they are."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gatelodge.errors import AlreadyExists, Invalid, NotFound, Problem
from gatelodge.graph.body import Part
from gatelodge.graph.change import Change, Situation
from gatelodge.graph.edm import (
    ComplexType,
    EntitySet,
    Enumeration,
    Navigation,
    Primitive,
    Property,
    Refer,
)
from gatelodge.graph.model.event_access import READ, WRITE
from gatelodge.graph.model.event_conditions import Owner, saving
from gatelodge.graph.model.event_extensions import EVENT_EXTENSIONS
from gatelodge.graph.model.identity_providers import IDENTITY_PROVIDERS
from gatelodge.graph.model.user_attributes import USER_ATTRIBUTES
from gatelodge.model.audit import EventName
from gatelodge.model.authentication_event import (
    AttributeCollection,
    AttributeInput,
    AttributeOption,
    AttributePage,
    AttributeView,
    EventListener,
    ExtensionCall,
    InputType,
    InteractiveStart,
    MethodLoadStart,
    Moments,
    NewUserType,
    UserCreation,
    with_name,
    without_name,
)
from gatelodge.model.identifier import key_of
from gatelodge.model.new_identity_provider import built_in_provider
from gatelodge.storage.stores import Stores

_STRING, _BOOLEAN = Primitive.STRING, Primitive.BOOLEAN
SUFFIX = "ExternalUsersSelfServiceSignUp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a handler is kept: an attribute of `Moments`, None for a listener's extension."""

    attribute: str | None
    event: EventName

    def read(self, owner: Owner) -> Any:  # noqa: ANN401 - as many types as moments
        """Return the handler, None where there is none."""
        if self.attribute is None:
            return owner.extension_call if isinstance(owner, EventListener) else None
        return getattr(owner.moments, self.attribute)

    def with_moment(self, owner: Owner, handler: Any) -> Owner:  # noqa: ANN401
        """Return the owner with another handler."""
        if self.attribute is None and isinstance(owner, EventListener):
            return replace(owner, extension_call=handler)
        moments: Moments = replace(owner.moments, **{str(self.attribute): handler})
        return replace(owner, moments=moments)


def _named(
    place: Place, name: str, to: EntitySet, attribute: str, kind: type, doc: str
) -> Navigation:
    """Return a way from a handler to what it names by id."""

    async def related(stores: Stores, owners: Sequence[Owner]) -> Sequence[Sequence[Any]]:
        found = []
        for owner in owners:
            names = getattr(place.read(owner), attribute, ())
            known = [await _found(to, stores, each) for each in names]
            found.append([each for each in known if each is not None])
        return found

    async def add(_: Situation, owner: Owner, other: Any) -> Change:  # noqa: ANN401
        handler = place.read(owner) or kind()
        names = with_name(getattr(handler, attribute), other.id)
        if names is None:
            raise AlreadyExists("this reference", target="id")
        return _kept(place.with_moment(owner, replace(handler, **{attribute: names})))

    async def remove(_: Situation, owner: Owner, other: Any) -> Change:  # noqa: ANN401
        handler = place.read(owner)
        if handler is None:
            raise NotFound("nothing is named")
        names = without_name(getattr(handler, attribute), other.id)
        return _kept(place.with_moment(owner, replace(handler, **{attribute: names})))

    return Navigation(
        name=name,
        attribute=attribute,
        doc=doc,
        to=to,
        related=related,
        access=READ,
        is_given=True,
        refer=Refer(access=WRITE, event=place.event, add=add, remove=remove),
    )


def _kept(owner: Owner) -> Change:
    return Change(None, saving(owner), owner)


async def _found(to: EntitySet, stores: Stores, key: str) -> Any:  # noqa: ANN401
    found = None if to.source is None else await to.source.find(stores, key)
    if found is None and to is IDENTITY_PROVIDERS:
        return built_in_provider(stores.directory_id, key)
    return found


def _property(name: str, attribute: str, kind: ComplexType, doc: str) -> Property:
    return Property(name=name, attribute=attribute, type=kind, is_nullable=True, doc=doc)


def _text(name: str, doc: str, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {"is_nullable": True, "max_length": 1000, **more}
    return Property(name=name, type=_STRING, doc=doc, **settings)


def _flag(name: str, doc: str) -> Property:
    return Property(name=name, type=_BOOLEAN, doc=doc)


_OPTION = ComplexType(
    name="authenticationAttributeCollectionOptionConfiguration",
    doc="A value people may choose.",
    python=AttributeOption,
    properties=(_text("label", "How it is shown."), _text("value", "What it is.")),
)
_INPUT = ComplexType(
    name="authenticationAttributeCollectionInputConfiguration",
    doc="How a page asks for one attribute.",
    python=AttributeInput,
    properties=(
        _text("attribute", "The id of the attribute.", is_required=True, is_nullable=False),
        _text("label", "What it is called."),
        Property(
            name="inputType",
            type=Enumeration(
                "authenticationAttributeCollectionInputType", InputType, "How it is asked for."
            ),
            doc="How it is asked for.",
        ),
        _text("defaultValue", "What is filled in."),
        _flag("hidden", "Whether nobody sees it."),
        _flag("editable", "Whether people may change it."),
        _flag("writeToDirectory", "Whether it is kept."),
        _flag("required", "Whether it must be given."),
        _text("validationRegEx", "What it must look like."),
        Property(name="options", type=_OPTION, is_collection=True, doc="What can be chosen."),
    ),
)
_PAGE = ComplexType(
    name="authenticationAttributeCollectionPage",
    doc="A page that asks for attributes.",
    python=AttributePage,
    properties=(
        _text("customStringsFileId", "Where its other words are."),
        Property(
            name="views",
            type=ComplexType(
                name="authenticationAttributeCollectionPageViewConfiguration",
                doc="A part of a page.",
                python=AttributeView,
                properties=(
                    _text("title", "Its heading."),
                    _text("description", "What stands below it."),
                    Property(
                        name="inputs", type=_INPUT, is_collection=True, doc="What it asks for."
                    ),
                ),
            ),
            is_collection=True,
            doc="Its parts.",
        ),
    ),
)


def _one_of(name: str, doc: str, *derived: ComplexType) -> ComplexType:
    return ComplexType(name=f"{name}Handler", doc=doc, derived=derived)


def interactive_start(name: str, attribute: str) -> Property:
    """Return the property that says whether people may sign up."""
    doc = "Whether people may sign up."
    kind = ComplexType(
        name=f"onInteractiveAuthFlowStart{SUFFIX}",
        doc=doc,
        python=InteractiveStart,
        properties=(_flag("isSignUpAllowed", "Whether they may."),),
    )
    return _property(name, attribute, _one_of("onInteractiveAuthFlowStart", doc, kind), doc)


def method_load_start(name: str, attribute: str, event: EventName) -> Property:
    """Return the property that says with which providers people sign in."""
    doc = "With which providers people sign in."
    place = Place(attribute="on_authentication_method_load_start", event=event)
    providers = _named(
        place,
        "identityProviders",
        IDENTITY_PROVIDERS,
        "identity_providers",
        MethodLoadStart,
        "The providers.",
    )
    kind = ComplexType(
        name=f"onAuthenticationMethodLoadStart{SUFFIX}",
        doc=doc,
        python=MethodLoadStart,
        navigations=(providers,),
    )
    return _property(name, attribute, _one_of("onAuthenticationMethodLoadStart", doc, kind), doc)


def attribute_collection(name: str, attribute: str, event: EventName) -> Property:
    """Return the property that says which attributes are asked for."""
    doc = "Which attributes are asked for."
    place = Place(attribute="on_attribute_collection", event=event)
    attributes = _named(
        place, "attributes", USER_ATTRIBUTES, "attributes", AttributeCollection, "The attributes."
    )
    kind = ComplexType(
        name=f"onAttributeCollection{SUFFIX}",
        doc=doc,
        python=AttributeCollection,
        properties=(
            Property(
                name="attributeCollectionPage", type=_PAGE, is_nullable=True, doc="How it asks."
            ),
        ),
        navigations=(attributes,),
    )
    return _property(name, attribute, _one_of("onAttributeCollection", doc, kind), doc)


def user_creation(name: str, attribute: str) -> Property:
    """Return the property that says what somebody who signs up becomes."""
    doc = "What somebody who signs up becomes."
    kind = ComplexType(
        name=f"onUserCreateStart{SUFFIX}",
        doc=doc,
        python=UserCreation,
        properties=(
            Property(
                name="userTypeToCreate",
                type=Enumeration("userType", NewUserType, doc),
                doc=doc,
            ),
        ),
    )
    return _property(name, attribute, _one_of("onUserCreateStart", doc, kind), doc)


def extension_call(moment: str, name: str, attribute: str, place: Place) -> Property:
    """Return the property that says which extension is called at a moment."""
    doc = "Which extension is called."

    async def related(stores: Stores, owners: Sequence[Owner]) -> Sequence[Sequence[Any]]:
        calls = [place.read(owner) for owner in owners]
        ids = [call.custom_extension if isinstance(call, ExtensionCall) else None for call in calls]
        found = [None if id is None else await stores.event_extensions.get(id) for id in ids]
        return [() if each is None else (each,) for each in found]

    def set_to(extension: Any) -> Callable[..., Coroutine[Any, Any, Change]]:  # noqa: ANN401
        async def prepare(_: Situation, owner: Owner, other: Any) -> Change:  # noqa: ANN401
            id = other.id if extension else None
            call = ExtensionCall(custom_extension=id)
            return _kept(place.with_moment(owner, call))

        return prepare

    navigation = Navigation(
        name="customExtension",
        doc="The extension.",
        to=EVENT_EXTENSIONS,
        related=related,
        access=READ,
        is_collection=False,
        is_given=True,
        refer=Refer(access=WRITE, event=place.event, add=set_to(True), remove=set_to(False)),
    )
    kind = ComplexType(
        name=f"{moment}CustomExtensionHandler",
        doc=doc,
        python=ExtensionCall,
        navigations=(navigation,),
    )
    return _property(name, attribute, _one_of(moment, doc, kind), doc)


def settled(known: Any, given: Any) -> Any:  # noqa: ANN401 - as many types as moments
    """Return a handler as it was given; what it refers to stays unless it is given as well."""
    if not isinstance(given, Part):
        return given
    made = given.made()
    if type(known) is not type(made):
        return made
    kept = {
        name: getattr(known, name)
        for name in ("identity_providers", "attributes", "custom_extension")
        if hasattr(known, name) and name not in given.given
    }
    return replace(made, **kept)


async def refuse_unknown(stores: Stores, moments: Moments, call: ExtensionCall | None) -> None:
    """Raise `Invalid` when a handler refers to what does not exist, or asks for too much."""
    methods, collection = (
        moments.on_authentication_method_load_start,
        moments.on_attribute_collection,
    )
    names = () if methods is None else methods.identity_providers
    await _refuse(IDENTITY_PROVIDERS, stores, names, "identityProviders", "identity provider")
    names = () if collection is None else collection.attributes
    await _refuse(USER_ATTRIBUTES, stores, names, "attributes", "attribute")
    calls = (
        moments.on_attribute_collection_start,
        moments.on_attribute_collection_submit,
        call,
    )
    ids = [each.custom_extension for each in calls if each is not None and each.custom_extension]
    await _refuse(EVENT_EXTENSIONS, stores, ids, "customExtension", "extension")
    page = None if collection is None else collection.attribute_collection_page
    known = {key_of(each) for each in names}
    for view in () if page is None else page.views:
        for each in view.inputs:
            if key_of(each.attribute) not in known:
                message = f"'{each.attribute[:100]}' is not among the attributes."
                raise Invalid(Problem("onAttributeCollection/attributeCollectionPage", message))


async def _refuse(
    to: EntitySet, stores: Stores, names: Sequence[str], target: str, what: str
) -> None:
    for each in names:
        if await _found(to, stores, each) is None:
            raise Invalid(Problem(target, f"There is no {what} '{each[:100]}'."))
