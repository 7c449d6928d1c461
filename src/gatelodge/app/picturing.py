"""Draw the journey of a user flow, and the way an interaction took, from the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from gatelodge.app.production import opened
from gatelodge.development.data_directory import DataDirectory
from gatelodge.errors import Invalid, Problem
from gatelodge.journeys.catalogue import journey_for
from gatelodge.journeys.picture import draw_journey
from gatelodge.journeys.when import when
from gatelodge.model.directory import Directory
from gatelodge.model.identifier import DirectoryId, UserFlowId, key_of
from gatelodge.model.trace import Trace
from gatelodge.model.user_flow import UserFlow, UserFlowType
from gatelodge.settings import Settings
from gatelodge.storage.database import Database
from gatelodge.storage.opening import open_database
from gatelodge.storage.schema import is_current

_EVERYWHERE = DirectoryId("")


def type_named(name: str) -> UserFlowType | None:
    """Return the type of user flow of that name, compared without case."""
    return next((each for each in UserFlowType if key_of(each) == key_of(name)), None)


@asynccontextmanager
async def installation(
    settings: Settings | None, data: Path, url: str | None
) -> AsyncIterator[Database]:
    """Open the database of a production server, or of a development server's directory."""
    if settings is not None:
        async with opened(settings) as found:
            yield found.database
        return
    url = url or DataDirectory(data).database_url
    if not (data / "master.key").exists() or not await is_current(url):
        raise Invalid(Problem("data", f"{data} has no development server's database"))
    database = await open_database(url)
    try:
        yield database
    finally:
        await database.close()


async def draw_configured(
    database: Database, name: str, *, domain: str | None, correlation_id: str | None
) -> tuple[UserFlow, str]:
    """Return a user flow and its picture. Raises `Invalid` for what is not there."""
    directory = await _directory(database, domain)
    stores = database.read(directory.id)
    if (flow := await stores.user_flows.get(UserFlowId(name))) is None:
        raise Invalid(Problem("flow", f"{directory.domain} has no user flow {name}"))
    trace = None if correlation_id is None else await _trace(database, directory, correlation_id)
    if trace is not None and key_of(trace.user_flow_id) != key_of(flow.id):
        raise Invalid(Problem("correlation-id", f"that was in user flow {trace.user_flow_id}"))
    title = flow.id if trace is None else f"{flow.id} · {trace.created_at:%Y-%m-%d %H:%M:%S}Z"
    entries = None if trace is None else trace.entries
    return flow, draw_journey(flow.user_flow_type, title=title, flow=flow, entries=entries)


async def _trace(database: Database, directory: Directory, correlation_id: str) -> Trace:
    found = await database.read(directory.id).traces.of(correlation_id.lower())
    if found is None:
        raise Invalid(Problem("correlation-id", f"nothing is kept of {correlation_id}"))
    return found


async def _directory(database: Database, domain: str | None) -> Directory:
    every = await database.read(_EVERYWHERE).directories.every()
    found = [each for each in every if domain is None or key_of(each.domain) == key_of(domain)]
    if len(found) != 1:
        raise Invalid(Problem("domain", "say which directory with --domain"))
    return found[0]


def steps_listed(user_flow_type: UserFlowType) -> list[str]:
    """Return the steps of a journey as lines of text."""
    steps = journey_for(user_flow_type)
    widest = max(len(each.name) for each in steps)
    return [f"{each.name:<{widest}}  {when(each.when)}" for each in steps]
