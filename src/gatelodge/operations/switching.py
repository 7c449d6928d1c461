"""Turn a less safe behaviour of a directory on or off, and write down who did."""

from dataclasses import dataclass, fields, replace

from gatelodge.clock import Clock
from gatelodge.errors import Invalid, Problem
from gatelodge.model.audit import AuditEvent, EventName, PropertyChange
from gatelodge.model.directory import Directory, Switches
from gatelodge.model.identifier import DirectoryId
from gatelodge.randomness import Randomness
from gatelodge.storage.database import Database
from gatelodge.storage.stores import Stores

NAMES = tuple(each.name for each in fields(Switches))
_NOT_IN_PRODUCTION = frozenset({"redirects_after_logout_unchecked"})
_NOWHERE = DirectoryId("")


@dataclass(frozen=True, slots=True)
class Switching:
    """Changes one switch of one directory."""

    database: Database
    randomness: Randomness
    clock: Clock
    is_development: bool

    async def __call__(self, name: str, domain: str, *, is_on: bool) -> bool:
        """Set a switch; return whether that changed anything.

        Raises `Invalid` for a directory that is not there, and for what production never does.
        """
        if is_on and name in _NOT_IN_PRODUCTION and not self.is_development:
            sentence = f"{name} lets anybody send people anywhere: development only"
            raise Invalid(Problem("switch", sentence))
        directory = await self.database.read(_NOWHERE).directories.find(domain)
        if directory is None:
            raise Invalid(Problem("domain", f"there is no directory {domain}"))
        if getattr(directory.switches, name) is is_on:
            return False
        await self._write(directory, name, is_on=is_on)
        return True

    async def _write(self, directory: Directory, name: str, *, is_on: bool) -> None:
        switched = replace(directory.switches, **{name: is_on})
        event = AuditEvent(
            directory_id=directory.id,
            id=self.randomness.uuid(),
            at=self.clock(),
            name=EventName.DIRECTORY_UPDATED,
            actor="switch",
            target=directory.id,
            changes=(
                PropertyChange(name=name, old=str(not is_on).lower(), new=str(is_on).lower()),
            ),
        )

        async def work(stores: Stores) -> None:
            await stores.directories.save(replace(directory, switches=switched))
            await stores.audit_events.add(event)

        await self.database.write(directory.id, work)
