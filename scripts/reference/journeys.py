"""The journeys, printed from the table that runs them."""

from importlib import import_module
from importlib.util import find_spec

from gatelodge.journeys.catalogue import ROWS
from gatelodge.journeys.step import StepName
from gatelodge.journeys.when import when as said
from gatelodge.model.user_flow import UserFlowType
from scripts.reference.markdown import code, first_line, page, section, table

INTRO = """\
A user flow's type decides which steps its journey has. The steps are carried out from top to
bottom; one that does not apply is passed over. After every answer of the person the server
looks for the first step that applies and is not finished, so there is no position that could be
lost or forged. `journeys/catalogue.py` is the table below. `gatelodge journey signUp --svg` draws
it, and with the correlation id of an interaction the way it took."""


def journeys_page() -> str:
    """Return the page."""
    return page(
        "Journeys",
        INTRO,
        section("Steps", table(("step", "does"), [(code(s), _does(s)) for s in StepName])),
        section("The table", _matrix()),
        *(_journey(each) for each in UserFlowType),
    )


def _does(step: StepName) -> str:
    name = step.name.lower()
    room = "gatelodge.journeys.perform"
    if find_spec(f"{room}.{name}") is None:
        # The check of a password is also one of the tasks with an account.
        room = "gatelodge.journeys"
    module = import_module(f"{room}.{name}")
    return first_line(module.__doc__)


def _matrix() -> str:
    rows = [
        (
            code(step),
            said(when),
            *("●" if each in types else "" for each in UserFlowType),
        )
        for step, when, types in ROWS
    ]
    return table(("step", "applies when", *UserFlowType), rows)


def _journey(user_flow_type: UserFlowType) -> str:
    rows = [(step, when) for step, when, types in ROWS if user_flow_type in types]
    lines = ["flowchart TD", '    begin(["authorization request"])']
    if user_flow_type is UserFlowType.RESOURCE_OWNER:
        lines[1] = '    begin(["token request"])'
    previous = "begin"
    for number, (step, when) in enumerate(rows):
        label = str(step)
        if said(when) != "always":
            label += f"<br/><small>if {said(when)}</small>"
        lines.append(f'    {previous} --> s{number}["{label}"]')
        previous = f"s{number}"
    lines.append(f'    {previous} --> done(["tokens"])')
    return section(code(user_flow_type), "```mermaid\n" + "\n".join(lines) + "\n```")
