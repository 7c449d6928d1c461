"""Draw a journey: its steps from top to bottom, and the way one interaction took through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

from gatelodge.journeys.catalogue import journey_for
from gatelodge.journeys.step import Step, StepName
from gatelodge.journeys.svg import Svg, wrapped
from gatelodge.journeys.tracing import condition_name
from gatelodge.journeys.when import when
from gatelodge.model.api_connector import ConnectorPoint
from gatelodge.model.trace import TraceEntry, TraceOutcome
from gatelodge.model.user_flow import SessionScope, UserFlow, UserFlowType

_LEFT, _BOX = 40, 330
_NOTES = _LEFT + _BOX + 70
_WIDTH, _NARROW = 980, _LEFT + _BOX + 60
_TOP, _GAP, _LINE = 96, 26, 17
_INK, _QUIET, _FAINT = "#1b2333", "#5b6578", "#c4cad6"
_PATH, _STOP = "#0b63ce", "#b3261e"
_POINTS = {
    StepName.CALL_AFTER_ARRIVAL: ConnectorPoint.POST_FEDERATION_SIGNUP,
    StepName.CALL_BEFORE_REGISTRATION: ConnectorPoint.POST_ATTRIBUTE_COLLECTION,
    StepName.CALL_BEFORE_TOKENS: ConnectorPoint.PRE_TOKEN_ISSUANCE,
}


_Row: TypeAlias = tuple[str, str]
"""A row of the table: its step and the name of its condition."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A row of the table at its place; `notes` are what happened there, line by line."""

    step: Step
    lines: list[str]
    notes: list[str]
    y: int

    @property
    def row(self) -> _Row:
        return str(self.step.name), condition_name(self.step.when)

    @property
    def height(self) -> int:
        return 20 + _LINE * max(len(self.lines) + 1, len(self.notes))

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def draw_journey(
    user_flow_type: UserFlowType,
    *,
    title: str,
    flow: UserFlow | None = None,
    entries: Sequence[TraceEntry] | None = None,
) -> str:
    """Return an SVG file; `entries` are the steps of one interaction, in order.

    Steps that `flow` as it is configured never comes to are drawn with a broken line.
    """
    boxes = _boxes(user_flow_type, entries or ())
    height = (boxes[-1].y + boxes[-1].height if boxes else _TOP) + 90
    picture = Svg(_NARROW if entries is None else _WIDTH, height, title)
    picture.text(_LEFT, 40, title, fill=_INK, font_size=20, font_weight=600)
    is_token_request = user_flow_type is UserFlowType.RESOURCE_OWNER
    begin = "token request" if is_token_request else "authorization request"
    _end_of_line(picture, 56, begin)
    visited = {(each.step, each.condition) for each in entries or ()}
    for box in boxes:
        _draw(picture, box, visited if entries is not None else None, off=_is_off(flow, box.step))
    _joined(picture, boxes, height - 72)
    _end_of_line(picture, height - 64, "tokens")
    if entries:
        _way(picture, boxes, entries)
    return str(picture)


def _boxes(user_flow_type: UserFlowType, entries: Sequence[TraceEntry]) -> list[_Box]:
    notes = _notes(entries)
    boxes: list[_Box] = []
    y = _TOP
    for step in journey_for(user_flow_type):
        said = when(step.when)
        lines = [] if said == "always" else wrapped(f"if {said}", 46)
        box = _Box(step, lines, notes.pop((str(step.name), condition_name(step.when)), []), y)
        boxes.append(box)
        y += box.height + _GAP
    return boxes


def _notes(entries: Sequence[TraceEntry]) -> dict[_Row, list[str]]:
    notes: dict[_Row, list[str]] = {}
    for number, each in enumerate(entries, 1):
        told = [f"{number}  {each.outcome}, {each.milliseconds} ms"]
        for label, names in (
            ("page", (each.page,) if each.page else ()),
            ("because", each.because),
            ("answered", each.answered),
            ("learned", each.learned),
        ):
            if names:
                first, *rest = wrapped(f"{label}: {', '.join(names)}", 66)
                told += [f"     {first}", *(f"       {line}" for line in rest)]
        notes.setdefault((each.step, each.condition), []).extend(told)
    return notes


def _draw(picture: Svg, box: _Box, visited: set[_Row] | None, *, off: bool) -> None:
    is_quiet = off or (visited is not None and box.row not in visited)
    colour = _FAINT if is_quiet else _PATH if visited is not None else _INK
    broken: dict[str, Any] = {"stroke_dasharray": "5 4"} if off else {}
    picture.add(
        "rect",
        x=_LEFT,
        y=box.y,
        width=_BOX,
        height=box.height,
        rx=8,
        fill="#ffffff" if is_quiet else "#f3f7fd",
        stroke=colour,
        stroke_width=1.5,
        **broken,
    )
    ink = _QUIET if is_quiet else _INK
    picture.text(_LEFT + 14, box.y + 23, str(box.step.name), fill=ink, font_weight=600)
    for number, line in enumerate(box.lines, 1):
        picture.text(_LEFT + 14, box.y + 23 + _LINE * number, line, fill=_QUIET, font_size=12)
    for number, line in enumerate(box.notes):
        picture.text(
            _NOTES,
            box.y + 21 + _LINE * number,
            line.strip(),
            fill=_INK if line[0] != " " else _QUIET,
            font_weight=600 if line[0] != " " else 400,
            font_size=12,
            dx=0 if line[0] != " " else 16,
        )


def _end_of_line(picture: Svg, y: int, text: str) -> None:
    picture.add("rect", x=_LEFT, y=y, width=_BOX, height=28, rx=14, fill="#eef0f4", stroke=_FAINT)
    picture.text(_LEFT + _BOX / 2, y + 19, text, fill=_QUIET, text_anchor="middle", font_size=12)


def _joined(picture: Svg, boxes: Sequence[_Box], end: int) -> None:
    """Draw the short lines from each box to the next."""
    x = _LEFT + _BOX / 2
    ends = [*(each.y for each in boxes), end + 8]
    starts = [_TOP - 12, *(each.y + each.height for each in boxes)]
    for start, until in zip(starts, ends, strict=True):
        picture.add("line", x1=x, y1=start, x2=x, y2=until - 5, stroke=_FAINT, stroke_width=1.5)
        picture.add("path", d=f"M{x - 4},{until - 7} l8,0 l-4,6 z", fill=_FAINT)


def _way(picture: Svg, boxes: Sequence[_Box], entries: Sequence[TraceEntry]) -> None:
    """Draw the way taken, on the right of the boxes; a way back is drawn as a curve."""
    places = {each.row: each.middle for each in boxes}
    x = _LEFT + _BOX
    for one, other in pairwise(entries):
        start, end = places.get(_row(one)), places.get(_row(other))
        if start is None or end is None or start == end:
            continue
        reach = 18 if end > start else 40
        picture.add(
            "path",
            d=f"M{x},{start} C{x + reach},{start} {x + reach},{end} {x},{end}",
            fill="none",
            stroke=_PATH,
            stroke_width=2,
        )
    for each in entries:
        if (y := places.get(_row(each))) is not None:
            stopped = each.outcome is TraceOutcome.REFUSED
            picture.add("circle", cx=x, cy=y, r=5, fill=_STOP if stopped else _PATH)


def _row(entry: TraceEntry) -> _Row:
    return entry.step, entry.condition


def _is_off(flow: UserFlow | None, step: Step) -> bool:
    if flow is None:
        return False
    if (point := _POINTS.get(step.name)) is not None:
        return flow.api_connectors.at(point) is None
    if step.name in {StepName.ASK_AGE, StepName.CHECK_AGE}:
        return not flow.age_gating_configuration.is_age_gating_enabled
    if step.name is StepName.ACCEPT_TERMS:
        return not flow.terms_of_use_configuration.is_acceptance_required
    scope = flow.single_sign_on_session_configuration.session_scope
    return step.name is StepName.START_SESSION and scope is SessionScope.DISABLED
