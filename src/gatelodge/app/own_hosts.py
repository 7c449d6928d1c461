"""The hosts an operator gave to directories."""

from urllib.parse import urlsplit

from gatelodge.errors import Invalid, Problem
from gatelodge.model.identifier import DirectoryId
from gatelodge.model.own_host import OwnHosts, read_own_hosts
from gatelodge.settings import Settings
from gatelodge.storage.database import Database

_NAME = "own_hosts"


def own_hosts_of(settings: Settings) -> OwnHosts:
    """Return the hosts the settings name. Raises `Invalid`."""
    try:
        found = read_own_hosts(settings.own_hosts)
    except ValueError as error:
        sentence = f"own_hosts must be host=directory, with commas between: not '{error}'"
        raise Invalid(Problem(_NAME, sentence)) from error
    if found.asked(urlsplit(settings.public_url).hostname or "") is not None:
        sentence = "own_hosts names the host of public_url, where every directory is found"
        raise Invalid(Problem(_NAME, sentence))
    return found


async def check_own_hosts(database: Database, hosts: OwnHosts) -> None:
    """Raise `Invalid` for a host of a directory that does not exist."""
    directories = await database.read(DirectoryId("")).directories.every()
    for host in hosts:
        if not any(host.is_of(each) for each in directories):
            sentence = f"own_hosts gives {host.name} to '{host.directory}', which is no directory"
            raise Invalid(Problem(_NAME, sentence))
