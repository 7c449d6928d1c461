"""The scripts of an administrator's own page, as that page and its policy name them."""

from base64 import b64encode
from dataclasses import dataclass

from gatelodge.model.page_script import ScriptPlace
from gatelodge.model.page_template import PageTemplate

SCRIPT_PATH = "/pagescripts"
SCRIPT_SUFFIX = ".js"


@dataclass(frozen=True, slots=True)
class NamedScript:
    """A script by its address and by what is in it (SRI §3.1): nothing else can run as it."""

    place: ScriptPlace
    url: str

    @property
    def integrity(self) -> str:
        """Return the digest a browser compares."""
        return f"sha256-{b64encode(bytes.fromhex(self.place.digest)).decode()}"


def named_scripts(template: PageTemplate, origin: str) -> tuple[NamedScript, ...]:
    """Return the scripts of a template as they are found at a host."""
    of_page = f"{template.directory_id}/{template.user_flow_key}/{template.page_id}"
    return tuple(
        NamedScript(each, f"{origin}{SCRIPT_PATH}/{of_page}/{each.digest}{SCRIPT_SUFFIX}")
        for each in template.scripts
    )
