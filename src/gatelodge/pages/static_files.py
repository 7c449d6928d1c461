"""The style sheets, pictures and scripts, each under a name that changes with its content."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

CACHE_CONTROL = "public, max-age=31536000, immutable"

_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """Hold one file; `name` carries a digest of the content, so it may be kept for ever."""

    name: str
    content: bytes
    media_type: str


def load_static_files() -> Mapping[str, StaticFile]:
    """Read the packaged files, by the name they have in the package."""
    loaded: dict[str, StaticFile] = {}
    for file in (files("gatelodge.pages") / "static").iterdir():
        stem, _, suffix = file.name.rpartition(".")
        if suffix in _MEDIA_TYPES:
            content = file.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:16]
            loaded[file.name] = StaticFile(
                name=f"{stem}.{digest}.{suffix}", content=content, media_type=_MEDIA_TYPES[suffix]
            )
    return loaded
