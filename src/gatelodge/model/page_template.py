"""An administrator's own page around our form."""

from dataclasses import dataclass
from datetime import datetime

from gatelodge.model.identifier import DirectoryId
from gatelodge.model.page_script import ScriptPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTemplate:
    """A template as it was fetched and cleaned: what comes before and after our form.

    `sources` are the origins its style sheets, fonts and pictures come from. `scripts` are those it
    had when it was given to a user flow that runs them.
    """

    directory_id: DirectoryId
    user_flow_key: str
    page_id: str
    before: str
    after: str
    sources: tuple[str, ...]
    fetched_at: datetime
    scripts: tuple[ScriptPlace, ...] = ()
