"""Ask a new person how old they are, before there is an account."""

from dataclasses import dataclass

from gatelodge.journeys.perform.check_age import CheckAge


@dataclass(frozen=True, slots=True)
class AskAge(CheckAge):
    """The same questions and the same rule; who is turned away leaves nothing behind."""
