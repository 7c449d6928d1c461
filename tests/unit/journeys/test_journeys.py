"""What the table of journeys promises, and how the engine walks it: no page, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import pytest

from gatelodge.errors import AlreadyExists, NotFound, Stale
from gatelodge.journeys import catalogue
from gatelodge.journeys.catalogue import journey_for
from gatelodge.journeys.engine import Engine, next_step
from gatelodge.journeys.outcome import (
    Back,
    Change,
    Done,
    Ending,
    Finished,
    Outcome,
    Refusal,
    Refuse,
    Show,
    Unproved,
)
from gatelodge.journeys.place import Place
from gatelodge.journeys.step import Step
from gatelodge.journeys.step import StepName as S
from gatelodge.model.identifier import AccountId
from gatelodge.model.interaction import Interaction, Path
from gatelodge.model.user_flow import (
    SecondFactorConfiguration,
    SecondFactorState,
    SessionConfiguration,
    SessionScope,
    UserFlow,
)
from gatelodge.model.user_flow import UserFlowType as T
from gatelodge.pages.form import Submitted
from gatelodge.pages.page import Page, PageId
from gatelodge.storage.stores import Stores
from tests.world.makers import a_place, a_user_flow
from tests.world.traces import ACCOUNT, an_interaction

PAGE = Page(id=PageId.SIGN_UP_OR_SIGN_IN)
SILENT = {S.RESUME_SESSION, S.REGISTER, S.CHECK_FACTOR, S.START_SESSION}
IDENTIFYING = {
    S.RESUME_SESSION,
    S.FEDERATE,
    S.SIGN_IN_BY_CODE,
    S.CHECK_PASSWORD,
    S.REGISTER,
    S.NEW_PASSWORD,
}


async def a_change(_: Stores) -> None:
    """Stand for something to write."""


@dataclass
class Scripted:
    """Does what the form says: `take=PATH`, `wrong`, `back=STEP`, `refuse`; else it is done."""

    step: S
    resumes: bool = True

    async def enter(self, place: Place, interaction: Interaction) -> Outcome:
        return self.done(interaction) if self.step in SILENT else Show(page=PAGE)

    async def submit(self, place: Place, interaction: Interaction, form: Submitted) -> Outcome:
        if "wrong" in form:
            return Show(page=PAGE, changes=(a_change,))
        if "back" in form:
            return Back(to=S(form["back"][0]))
        if "refuse" in form:
            return Refuse(reason=Refusal.CANCELLED)
        return self.done(interaction, **{"path": Path(form["take"][0])} if "take" in form else {})

    def done(self, interaction: Interaction, **learned: Any) -> Done:
        facts = replace(interaction.facts, **learned)
        if (self.step in IDENTIFYING and self.resumes) or learned.get("path") is Path.LOCAL:
            facts = replace(facts, account_id=ACCOUNT)
        return Done(facts=facts)


@dataclass
class Walk:
    """An interaction on its way, with everything that was committed."""

    flow: UserFlow
    interaction: Interaction = field(default_factory=an_interaction)
    committed: list[tuple[Interaction, int]] = field(default_factory=list)
    shown: list[S] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    performers: dict[S, Scripted] = field(default_factory=lambda: {it: Scripted(it) for it in S})

    async def commit(self, interaction: Interaction, changes: tuple[Change, ...]) -> Interaction:
        if self.trouble:
            raise self.trouble.pop()
        self.committed.append((interaction, len(changes)))
        return replace(interaction, revision=interaction.revision + 1)

    async def go(self, *forms: Mapping[str, str]) -> Ending:
        engine = Engine(self.performers)
        place = a_place(self.flow)
        self.interaction, ending = await engine.walk(place, self.interaction, self.commit)
        for form in forms:
            step = next_step(self.flow, self.interaction)
            assert step is not None
            self.shown.append(step.name)
            self.interaction, ending = await engine.walk(
                place, self.interaction, self.commit, {name: (it,) for name, it in form.items()}
            )
        return ending


def a_walk(kind: T, **facts: Any) -> Walk:
    begun = an_interaction()
    return Walk(
        a_user_flow(user_flow_type=kind), replace(begun, facts=replace(begun.facts, **facts))
    )


def names(kind: T) -> list[S]:
    return [step.name for step in journey_for(kind)]


IN_ORDER = (
    (S.CHOOSE, S.VERIFY_EMAIL, S.COLLECT_ATTRIBUTES, S.REGISTER, S.CHECK_FACTOR),
    (S.RESUME_SESSION, S.CHOOSE, S.RECOGNISE_DEVICE, S.CHECK_FACTOR, S.CHANGE_PASSWORD),
    (S.VERIFY_EMAIL, S.CHECK_FACTOR, S.NEW_PASSWORD, S.ENROL_FACTOR, S.START_SESSION),
    (S.CHECK_FACTOR, S.ENROL_FACTOR, S.MANAGE_FACTORS, S.UPDATE_PROFILE, S.START_SESSION),
    (S.CHECK_FACTOR, S.CONSENT, S.CALL_BEFORE_TOKENS, S.START_SESSION),
)
"""What has to come before what, in every journey that has both."""


@pytest.mark.parametrize("kind", T)
@pytest.mark.parametrize("order", IN_ORDER)
def test_what_protects_comes_before_what_it_protects(kind: T, order: tuple[S, ...]) -> None:
    found = [each for each in order if each in names(kind)]
    assert found == sorted(found, key=names(kind).index)


@pytest.mark.parametrize("kind", T)
def test_a_step_has_one_row_in_a_journey(kind: T) -> None:
    assert len(names(kind)) == len(set(names(kind)))


def test_every_step_is_part_of_some_journey() -> None:
    assert {name for kind in T for name in names(kind)} == set(S)


@pytest.mark.parametrize(
    ("kind", "forms", "shown"),
    [
        (T.SIGN_IN, [{"take": "local"}], "choose"),
        (T.SIGN_UP, [{"take": "signUp"}, {}, {}], "choose verifyEmail collectAttributes"),
        (T.SIGN_UP_OR_SIGN_IN, [{"take": "local"}], "choose"),
        (
            T.SIGN_UP_OR_SIGN_IN,
            [{"take": "signUp"}, {}, {}],
            "choose verifyEmail collectAttributes",
        ),
        (
            T.SIGN_UP_OR_SIGN_IN,
            [{"take": "passwordReset"}, {}, {}],
            "choose verifyEmail newPassword",
        ),
        (T.SIGN_IN, [{"take": "passwordReset"}, {}, {}], "choose verifyEmail newPassword"),
        (T.PASSWORD_RESET, [{}, {}], "verifyEmail newPassword"),
        (T.PROFILE_UPDATE, [{"take": "local"}, {}], "choose updateProfile"),
        (T.RESOURCE_OWNER, [{}], "checkPassword"),
    ],
)
async def test_a_path_shows_its_pages_and_ends_with_somebody(
    kind: T, forms: list[dict[str, str]], shown: str
) -> None:
    walk = a_walk(kind)
    assert await walk.go(*forms) == Finished(account_id=ACCOUNT)
    assert walk.shown == shown.split()


async def test_a_resumed_session_shows_nothing_and_begins_no_other() -> None:
    walk = a_walk(T.SIGN_IN, session_id="session-1")
    assert await walk.go() == Finished(account_id=ACCOUNT)
    assert walk.interaction.completed == (S.RESUME_SESSION,)


async def test_a_flow_without_sessions_begins_none() -> None:
    walk = a_walk(T.SIGN_IN)
    walk.flow = replace(
        walk.flow,
        single_sign_on_session_configuration=SessionConfiguration(
            session_scope=SessionScope.DISABLED
        ),
    )
    await walk.go({"take": "local"})
    assert walk.interaction.completed == (S.CHOOSE,)


async def test_a_wrong_password_is_written_down_though_the_page_stays() -> None:
    walk = a_walk(T.SIGN_IN)
    ending = await walk.go({"wrong": ""}, {"wrong": ""}, {"take": "local"})
    assert ending == Finished(account_id=ACCOUNT)
    assert walk.shown == [S.CHOOSE] * 3
    assert [(it.completed, changes) for it, changes in walk.committed] == [
        ((), 1),
        ((), 1),
        ((S.CHOOSE,), 0),
        ((S.CHOOSE, S.START_SESSION), 0),
    ]


async def test_a_page_that_says_nothing_new_is_not_written() -> None:
    walk = a_walk(T.SIGN_IN)
    assert await walk.go() == Show(page=PAGE)
    assert await walk.go() == Show(page=PAGE)
    assert walk.committed == []


async def test_going_back_opens_that_step_and_all_after_it() -> None:
    walk = a_walk(T.SIGN_UP)
    await walk.go({"take": "signUp"}, {}, {"back": "verifyEmail"})
    assert walk.interaction.completed == (S.CHOOSE,)
    step = next_step(walk.flow, walk.interaction)
    assert step is not None
    assert step.name is S.VERIFY_EMAIL


async def test_going_back_behind_what_was_passed_over_opens_all_after_it_too() -> None:
    walk = a_walk(T.PROFILE_UPDATE, account_id=ACCOUNT)
    walk.interaction = replace(
        walk.interaction, completed=(S.RESUME_SESSION, S.RECOGNISE_DEVICE, S.CHECK_FACTOR)
    )
    await walk.go({"back": "choose"})
    assert walk.interaction.completed == (S.RESUME_SESSION,)


async def test_a_refusal_ends_the_walk_and_finishes_no_step() -> None:
    walk = a_walk(T.SIGN_UP)
    ending = await walk.go({"take": "signUp"}, {"refuse": ""})
    assert ending == Refuse(reason=Refusal.CANCELLED)
    assert walk.interaction.completed == (S.CHOOSE,)


async def test_a_journey_that_identified_nobody_ends_without_tokens() -> None:
    walk = a_walk(T.PASSWORD_RESET)
    walk.performers[S.NEW_PASSWORD].resumes = False
    assert await walk.go({}, {}) == Refuse(reason=Refusal.NOT_PROVED)


async def test_a_step_nobody_performs_refuses() -> None:
    walk = a_walk(T.RESOURCE_OWNER)
    del walk.performers[S.CHECK_PASSWORD]
    assert await walk.go() == Refuse(reason=Refusal.NOT_INTERACTIVE)


@pytest.mark.parametrize(
    ("trouble", "reason"),
    [
        ([Unproved("x")], Refusal.NOT_PROVED),
        ([NotFound("x")], Refusal.NO_SUCH_ACCOUNT),
        ([AlreadyExists("x"), AlreadyExists("x")], Refusal.ALREADY_EXISTS),
    ],
)
async def test_what_cannot_be_written_finishes_no_step(
    trouble: list[Exception], reason: Refusal
) -> None:
    walk = a_walk(T.SIGN_UP, path=Path.SIGN_UP)
    walk.interaction = replace(
        walk.interaction, completed=(S.CHOOSE, S.VERIFY_EMAIL, S.COLLECT_ATTRIBUTES)
    )
    walk.trouble = trouble
    assert await walk.go() == Refuse(reason=reason)
    assert walk.committed == []


async def test_a_lost_race_is_told_to_the_caller() -> None:
    walk = a_walk(T.SIGN_IN, session_id="session-1")
    walk.trouble = [Stale("x")]
    with pytest.raises(Stale):
        await walk.go()


async def test_a_flow_that_is_changed_midway_is_obeyed_from_the_next_step_on() -> None:
    walk = a_walk(T.SIGN_UP_OR_SIGN_IN)
    await walk.go({"take": "signUp"})
    walk.flow = replace(walk.flow, user_flow_type=T.PROFILE_UPDATE)
    walk.interaction = replace(
        walk.interaction, facts=replace(walk.interaction.facts, account_id=AccountId("a"))
    )
    await walk.go({})
    assert walk.shown == [S.CHOOSE, S.UPDATE_PROFILE]


OFFERED: dict[T, set[Path | None]] = {
    T.SIGN_UP: {Path.SIGN_UP},
    T.SIGN_IN: {Path.LOCAL, Path.PASSWORD_RESET},
    T.SIGN_UP_OR_SIGN_IN: {*Path},
    T.PASSWORD_RESET: {None},
    T.PROFILE_UPDATE: {Path.LOCAL},
    T.RESOURCE_OWNER: {None},
}
"""The paths a person can take; another one may end with nobody, which the engine refuses."""


def unsafe_endings(journey: tuple[Step, ...], kind: T) -> list[str]:
    """Return what is wrong with the steps people of every path and with any session pass."""
    found = []
    for path, session in product([None, *Path], [None, "session-1"]):
        passed, known = pass_through(journey, a_walk(kind, path=path, session_id=session))
        wrong = unproved(passed)
        if path in OFFERED[kind] and known.facts.account_id is None:
            wrong.append("nobody is identified")
        found += [f"{kind} {path} {session}: {each}" for each in wrong]
    return found


def pass_through(journey: tuple[Step, ...], walk: Walk) -> tuple[list[S], Interaction]:
    passed: list[S] = []
    known = walk.interaction
    for step in journey:
        if not step.when(walk.flow, known):
            continue
        passed.append(step.name)
        is_local = step.name is S.CHOOSE and known.facts.path is Path.LOCAL
        if step.name in IDENTIFYING or is_local:
            known = replace(known, facts=replace(known.facts, account_id=ACCOUNT))
    return passed, known


def unproved(passed: list[S]) -> list[str]:
    """Return which steps came without the proof of an address they rest on."""
    return [
        f"{step} without a proved address"
        for step in (S.REGISTER, S.NEW_PASSWORD)
        if step in passed and S.VERIFY_EMAIL not in passed[: passed.index(step)]
    ]


@pytest.mark.parametrize("kind", T)
def test_no_path_ends_without_what_makes_it_safe(kind: T) -> None:
    assert unsafe_endings(journey_for(kind), kind) == []


@pytest.mark.parametrize(
    ("kind", "dropped"),
    [
        (T.SIGN_UP, S.VERIFY_EMAIL),
        (T.SIGN_UP, S.REGISTER),
        (T.SIGN_IN, S.CHOOSE),
        (T.SIGN_IN, S.VERIFY_EMAIL),
        (T.SIGN_IN, S.NEW_PASSWORD),
        (T.SIGN_UP_OR_SIGN_IN, S.VERIFY_EMAIL),
        (T.SIGN_UP_OR_SIGN_IN, S.REGISTER),
        (T.PASSWORD_RESET, S.VERIFY_EMAIL),
        (T.PASSWORD_RESET, S.NEW_PASSWORD),
        (T.PROFILE_UPDATE, S.CHOOSE),
        (T.RESOURCE_OWNER, S.CHECK_PASSWORD),
    ],
)
def test_dropping_a_row_that_makes_it_safe_is_noticed(kind: T, dropped: S) -> None:
    rest = tuple(step for step in journey_for(kind) if step.name is not dropped)
    assert len(rest) == len(journey_for(kind)) - 1
    assert unsafe_endings(rest, kind)


PROTECTED = (S.CHANGE_PASSWORD, S.NEW_PASSWORD, S.UPDATE_PROFILE, S.CONSENT, S.START_SESSION)
DEMANDING = SecondFactorConfiguration(multifactor_authentication_state=SecondFactorState.ON)


def without_factor(journey: tuple[Step, ...], kind: T) -> list[str]:
    """Return which steps somebody reaches without a factor where one is demanded."""
    found = []
    for path, session, must_change in product([None, *Path], [None, "s"], [False, True]):
        walk = a_walk(kind, path=path, session_id=session, must_change_password=must_change)
        walk.flow = replace(walk.flow, multifactor_authentication_configuration=DEMANDING)
        passed, _ = pass_through(journey, walk)
        found += [
            f"{kind} {path} {session}: {step}"
            for step in PROTECTED
            if step in passed and S.CHECK_FACTOR not in passed[: passed.index(step)]
        ]
    return found


@pytest.mark.parametrize("kind", [each for each in T if each is not T.RESOURCE_OWNER])
def test_nobody_passes_a_factor_that_is_demanded_and_without_the_row_it_shows(kind: T) -> None:
    journey = journey_for(kind)
    assert without_factor(journey, kind) == []
    rest = tuple(step for step in journey if step.name is not S.CHECK_FACTOR)
    assert without_factor(rest, kind)


@pytest.mark.parametrize("kind", T)
def test_the_rows_and_the_journeys_say_the_same(kind: T) -> None:
    rows = [name for name, _, types in catalogue.ROWS if kind in types]
    assert rows == names(kind)
