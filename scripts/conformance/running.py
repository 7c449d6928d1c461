"""Run the tests of a plan one after the other, and say a line for each."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from scripts.conformance.modules import DOES_NOT_APPLY
from scripts.conformance.suite import (
    Module,
    Plan,
    Refused,
    Suite,
    Visit,
    failures_in,
    pictures_wanted,
)

MOST_LOOKS = 480
"""How often a test is looked at before it is given up; there is a pause after each look."""
_OVER = frozenset({"FINISHED", "INTERRUPTED"})
GOOD = frozenset({"PASSED", "WARNING", "REVIEW", "SKIPPED"})
"""Results that are no failure: a review is for a person's eyes, with the photographs sent."""
NOT_RUN, LEFT_OUT = "NOT RUN", "LEFT OUT"

Pause: TypeAlias = Callable[[], None]


class Person(Protocol):
    """Somebody at a browser without a past."""

    def open(self, visit: Visit) -> None:
        """Open an address and do what the pages ask, until nothing is asked any more."""
        ...

    def photograph(self) -> str:
        """Return the last page of ours that was on the screen, as a `data:` address."""
        ...


OpenBrowser = Callable[[], AbstractContextManager[Person]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one test; `complaints` are the suite's own."""

    module: Module
    result: str
    complaints: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Return whether the test found nothing wrong."""
        return self.result in GOOD or self.result == LEFT_OUT


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs tests; `pause` waits a moment between two looks.

    `first` is what has to be done before a test goes, for the few that wait for it.
    """

    suite: Suite
    open_browser: OpenBrowser
    pause: Pause
    first: Mapping[str, Callable[[], None]] = field(default_factory=dict)

    def run(self, plan: Plan) -> Iterator[Outcome]:
        """Yield the outcome of each test when it is there."""
        for module in plan.modules:
            yield self._outcome(plan, module)

    def _outcome(self, plan: Plan, module: Module) -> Outcome:
        if (reason := DOES_NOT_APPLY.get(module.name)) is not None:
            return Outcome(module=module, result=LEFT_OUT, complaints=(reason,))
        try:
            test_id = self.suite.start(plan, module)
            result = self._carried_out(test_id, module)
            complaints = () if result in GOOD else tuple(failures_in(self.suite.log(test_id)))
        except Refused as error:
            return Outcome(module=module, result=NOT_RUN, complaints=(str(error),))
        return Outcome(module=module, result=result, complaints=complaints)

    def _carried_out(self, test_id: str, module: Module) -> str:
        to_do = self.first.get(module.name)
        with self.open_browser() as person:
            for _ in range(MOST_LOOKS):
                status, result = self.suite.state(test_id)
                if status in _OVER:
                    return result or status
                # Every test passes through this; those that go by themselves must not be pushed.
                if status == "CONFIGURED" and to_do is not None:
                    to_do()
                    self.suite.begin(test_id)
                    to_do = None
                if status == "WAITING" and self._act(test_id, person):
                    continue
                self.pause()
        return "GIVEN UP"

    def _act(self, test_id: str, person: Person) -> bool:
        """Do what a test waits for; return whether there was anything to do."""
        visits = self.suite.to_visit(test_id)
        for each in visits:
            self.suite.visited(test_id, each.url)
            person.open(each)
        if visits:
            return True
        wanted = pictures_wanted(self.suite.log(test_id))
        for placeholder in wanted:
            self.suite.send_picture(test_id, placeholder, person.photograph())
        return bool(wanted)


def line_of(outcome: Outcome) -> str:
    """Return the line that says what became of a test."""
    variant = " ".join(_words(outcome.module.variant))
    first = f"{outcome.result:<10} {outcome.module.name} {variant}".rstrip()
    return "\n".join([first, *(f"           {each}" for each in outcome.complaints)])


def _words(variant: Mapping[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in sorted(variant.items())]
