import pytest

from gatelodge.pages.security import content_security_policy, form_action_source, page_headers

NONCE = "bm9uY2UtZm9yLXRlc3Rz"


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://app.example/callback?x=1", "https://app.example"),
        ("https://APP.example:8443/callback", "https://app.example:8443"),
        ("http://localhost:53211", "http://localhost:53211"),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1"),
        ("http://[::1]:3000/", "http:"),
        ("https://user:secret@app.example/", "https:"),
        ("msauth.example.app://auth", "msauth.example.app:"),
        ("com.example:/callback", "com.example:"),
        ("https://app.example; script-src */", "https:"),
    ],
)
def test_a_redirect_uri_becomes_one_source(redirect_uri: str, source: str) -> None:
    assert form_action_source(redirect_uri) == source


@pytest.mark.parametrize("redirect_uri", ["", "/callback", "'unsafe-inline' *:x", ";:"])
def test_what_is_no_uri_never_reaches_the_policy(redirect_uri: str) -> None:
    with pytest.raises(ValueError, match="scheme"):
        form_action_source(redirect_uri)


def test_a_page_without_a_script_allows_none() -> None:
    policy = content_security_policy(form_action_sources=("https://app.example",))
    assert policy == (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "form-action 'self' https://app.example; frame-ancestors 'none'; base-uri 'none'"
    )


def test_a_page_with_a_script_allows_that_one() -> None:
    policy = content_security_policy(nonce=NONCE)
    assert policy.endswith(f"; script-src 'nonce-{NONCE}'; worker-src 'none'")


def test_scripts_of_a_template_are_allowed_one_by_one() -> None:
    named = ("https://own.example/pagescripts/t/f/p/a.js", "https://own.example/static/p.js")
    policy = content_security_policy(template_sources=("https://x.example",), script_sources=named)
    assert policy.endswith(f"; script-src {named[0]} {named[1]}; worker-src 'none'")
    assert "script-src" not in content_security_policy(template_sources=())


@pytest.mark.parametrize("nonce", ["", "short", "aaaaaaaaaaaaaaaa'; script-src *"])
def test_a_nonce_that_is_weak_or_breaks_out_is_refused(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        content_security_policy(nonce=nonce)


def test_a_page_is_neither_framed_nor_stored_nor_sniffed() -> None:
    headers = page_headers(is_development=False)
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "max-age=31536000" in headers["Strict-Transport-Security"]


def test_development_does_not_make_a_browser_refuse_plain_http_on_localhost() -> None:
    assert "Strict-Transport-Security" not in page_headers(is_development=True)
