"""Our extension of `signIn`: the steps of the journey it came from. Names of facts, no values."""

from dataclasses import dataclass, replace

from gatelodge.graph.edm import ComplexType, Enumeration, Primitive, Property, Writable
from gatelodge.graph.model.sign_in_entry import SignInEntry, sign_in_entry
from gatelodge.model.query import Filter, Page, Slice
from gatelodge.model.trace import TraceEntry, TraceOutcome
from gatelodge.storage.audit_lists import SIGN_INS
from gatelodge.storage.stores import Stores

_STRING = Primitive.STRING


def _names(name: str, doc: str) -> Property:
    return Property(name=name, type=_STRING, is_collection=True, writable=Writable.NEVER, doc=doc)


JOURNEY = Property(
    name="journey",
    type=ComplexType(
        name="signInJourneyStep",
        doc="A step that was carried out, and what came of it.",
        python=TraceEntry,
        properties=(
            Property(name="step", type=_STRING, writable=Writable.NEVER, doc="The step."),
            Property(
                name="condition",
                type=_STRING,
                writable=Writable.NEVER,
                doc="The condition because of which it applied.",
            ),
            Property(
                name="outcome",
                type=Enumeration("signInJourneyOutcome", TraceOutcome, "What a step can answer."),
                writable=Writable.NEVER,
                doc="What it answered.",
            ),
            Property(
                name="startedDateTime",
                type=Primitive.DATE_TIME,
                attribute="at",
                writable=Writable.NEVER,
                doc="When.",
            ),
            Property(
                name="durationInMilliseconds",
                type=Primitive.INT32,
                attribute="milliseconds",
                writable=Writable.NEVER,
                doc="How long it took.",
            ),
            Property(
                name="page",
                type=_STRING,
                is_nullable=True,
                writable=Writable.NEVER,
                doc="The page it showed.",
            ),
            _names("asked", "The fields on that page."),
            _names("answered", "The fields the person sent."),
            _names("learned", "The names of the facts that changed."),
            _names("because", "The sentences on the page by their ids, or why it was refused."),
        ),
    ),
    is_collection=True,
    writable=Writable.NEVER,
    doc="Our extension: the steps of the journey so far, as long as they are kept.",
)


@dataclass(frozen=True, slots=True)
class SignInsWithJourneys:
    """The list of sign-ins; the journeys behind a page of it are one more query."""

    async def page(self, stores: Stores, part: Slice) -> Page:
        """Return a part of the list."""
        page = await SIGN_INS.page(stores, part)
        entries = [sign_in_entry(each) for each in page.values]
        return replace(page, values=tuple(await _with_journeys(stores, entries)))

    async def count(self, stores: Stores, where: Filter | None) -> int:
        """Return the length of the list."""
        return await SIGN_INS.count(stores, where)

    async def find(self, stores: Stores, key: str) -> SignInEntry | None:
        """Return one entry by its id, or None."""
        found = await SIGN_INS.find(stores, key)
        if found is None:
            return None
        return (await _with_journeys(stores, [sign_in_entry(found)]))[0]


async def _with_journeys(stores: Stores, entries: list[SignInEntry]) -> list[SignInEntry]:
    ids = [each.correlation_id for each in entries if each.correlation_id is not None]
    traces = await stores.traces.of_these(ids)
    return [
        replace(each, journey=traces[each.correlation_id].entries)
        if each.correlation_id in traces
        else each
        for each in entries
    ]
