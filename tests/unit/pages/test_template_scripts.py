"""Which scripts of a page count as scripts, and when each of them runs."""

import pytest

from gatelodge.errors import Invalid
from gatelodge.model.page_script import ScriptTiming
from gatelodge.pages.template_scripts import MOST_SCRIPTS, FoundScript, scripts_in

URI = "https://cdn.example/theme/page.html"
PLACE = '<div id="api"></div>'
AT_ONCE, DEFERRED = ScriptTiming.AT_ONCE, ScriptTiming.DEFERRED
ASYNCHRONOUS = ScriptTiming.ASYNCHRONOUS


def found(html: str, *, from_body: bool = False) -> tuple[FoundScript, ...]:
    return scripts_in(html, URI, is_development=False, from_body=from_body)


@pytest.mark.parametrize(
    ("html", "src", "is_module", "timing"),
    [
        ("<script>a()</script>", None, False, AT_ONCE),
        ("<script defer>a()</script>", None, False, AT_ONCE),
        ("<script async>a()</script>", None, False, AT_ONCE),
        ("<script type=module>a()</script>", None, True, AT_ONCE),
        ("<script type=module async>a()</script>", None, True, ASYNCHRONOUS),
        ("<SCRIPT SRC=a.js></SCRIPT>", "https://cdn.example/theme/a.js", False, AT_ONCE),
        ("<script src='//x.example/a.js' defer></script>", "https://x.example/a.js", 0, DEFERRED),
        ("<script src=/a.js async defer></script>", "https://cdn.example/a.js", 0, ASYNCHRONOUS),
        ("<script src=/a.js type=module defer></script>", "https://cdn.example/a.js", 1, AT_ONCE),
        ("<script type=' text/JavaScript '>a()</script>", None, False, AT_ONCE),
    ],
)
def test_a_script_runs_when_html_says(
    html: str, src: str | None, is_module: bool, timing: ScriptTiming
) -> None:
    (script,) = found(f"<html><head><title>x</title>{html}</head><body>{PLACE}</body></html>")
    assert (script.src, script.is_module, script.timing) == (src, is_module, timing)
    assert script.text == ("" if src else "a()")


@pytest.mark.parametrize(
    "html",
    [
        "<script type='application/ld+json'>{}</script>",
        "<script type='text/x-handlebars-template'><p></p></script>",
        "<script type='importmap'>{}</script>",
        "<script nomodule src=old.js></script>",
        "<script>  </script>",
        "<!-- <script>a()</script> -->",
        "<style><script>a()</script></style>",
    ],
)
def test_what_no_browser_of_today_runs_is_no_script(html: str) -> None:
    assert found(f"<head>{html}</head>{PLACE}", from_body=True) == ()


def test_scripts_of_the_body_count_only_where_they_are_asked_for() -> None:
    html = f"<head><script>one()</script></head><body>{PLACE}<script>two()</script></body>"
    assert [each.text for each in found(html)] == ["one()"]
    assert [each.text for each in found(html, from_body=True)] == ["one()", "two()"]
    no_head = f"<p>Hello</p><script>two()</script>{PLACE}"
    assert found(no_head) == ()


@pytest.mark.parametrize(
    "html",
    [
        "<script src='http://cdn.example/a.js'></script>",
        "<script src='data:text/javascript,a()'></script>",
        "<script src='javascript:a()'></script>",
        "<script src='blob:https://x.example/1'></script>",
        "<script src='https://[x/a.js'></script>",
        "<script>a()</script>" * (MOST_SCRIPTS + 1),
    ],
    ids=["http", "data", "javascript", "blob", "unreadable", "too many"],
)
def test_what_cannot_be_fetched_is_refused(html: str) -> None:
    with pytest.raises(Invalid) as refused:
        found(f"<head>{html}</head>{PLACE}")
    assert refused.value.problems[0].target == "pageUri"
