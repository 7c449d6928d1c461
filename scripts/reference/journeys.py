"""The journeys, printed from the table that runs them."""

from importlib import import_module

from gatelodge.journeys import catalogue
from gatelodge.journeys.catalogue import ROWS
from gatelodge.journeys.step import Condition, StepName
from gatelodge.model.user_flow import UserFlowType
from scripts.reference.markdown import code, first_line, page, section, table

INTRO = """\
A user flow's type decides which steps its journey has. The steps are carried out from top to
bottom; one that does not apply is passed over. After every answer of the person the server
looks for the first step that applies and is not finished, so there is no position that could be
lost or forged. `journeys/catalogue.py` is the table below."""

WHEN = {
    "always": "always",
    "nobody_yet": "nobody is identified yet",
    "session_offered": "the browser brought a session",
    "session_wanted": "no session was resumed, and the user flow keeps sessions",
    "password_expired": "the right password was one that has to be changed",
    "signing_up": "the person chose to create an account",
    "resetting": "the person said that the password is forgotten",
    "after_arrival": "a provider sent somebody new, and the user flow asks an API connector then",
    "before_registration": "the user flow asks an API connector before it creates accounts",
    "before_tokens": "the user flow asks an API connector before it issues tokens",
    "proving_email": "the person forgot the password, or chose to create an account and the user"
    " flow has addresses proved",
}
"""What each condition of the catalogue says, by its name there."""


def journeys_page() -> str:
    """Return the page."""
    return page(
        "Journeys",
        INTRO,
        section("Steps", table(("step", "does"), [(code(s), _does(s)) for s in StepName])),
        section("The table", _matrix()),
        *(_journey(each) for each in UserFlowType),
    )


def _when(condition: Condition) -> str:
    name = _name_of(condition)
    if name not in WHEN:
        raise LookupError(f"scripts/reference/journeys.py does not say what '{name}' means")
    return WHEN[name]


def _name_of(condition: Condition) -> str:
    return next(name.lstrip("_") for name, value in vars(catalogue).items() if value is condition)


def _does(step: StepName) -> str:
    module = import_module(f"gatelodge.journeys.perform.{step.name.lower()}")
    return first_line(module.__doc__)


def _matrix() -> str:
    rows = [
        (
            code(step),
            _when(when),
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
        if _when(when) != "always":
            label += f"<br/><small>if {_when(when)}</small>"
        lines.append(f'    {previous} --> s{number}["{label}"]')
        previous = f"s{number}"
    lines.append(f'    {previous} --> done(["tokens"])')
    return section(code(user_flow_type), "```mermaid\n" + "\n".join(lines) + "\n```")
