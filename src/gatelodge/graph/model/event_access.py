"""Who may do what with events of a sign-in."""

from gatelodge.graph.edm import Access

_WRITERS = (
    "External ID User Flow Administrator",
    "Authentication Extensibility Administrator",
    "Global Administrator",
)


def _access(*permissions: str, readers: tuple[str, ...] = ()) -> Access:
    return Access(application=permissions, delegated=permissions, roles=(*_WRITERS, *readers))


_LISTENERS = "EventListener.ReadWrite.All"
_EXTENSIONS = "CustomAuthenticationExtension.ReadWrite.All"
READ = _access("EventListener.Read.All", _LISTENERS, readers=("Global Reader",))
WRITE = _access(_LISTENERS)
READ_EXTENSIONS = _access(
    "CustomAuthenticationExtension.Read.All", _EXTENSIONS, readers=("Global Reader",)
)
WRITE_EXTENSIONS = _access(_EXTENSIONS)
