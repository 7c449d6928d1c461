"""What a page travels with: the headers that keep others away from it."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?", re.ASCII | re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII | re.I)
_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{16,}", re.ASCII)


def origin_of(url: str) -> str | None:
    """Return the origin of a web address in lower case, None where a policy has no words for it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin.lower() if _ORIGIN.fullmatch(origin) else None


def form_action_source(redirect_uri: str) -> str:
    """Return the policy source that lets a form end at `redirect_uri`.

    It is the origin, or the bare scheme where a policy has no words for the host: native
    applications' own schemes and IPv6 literals (CSP3 §2.3.1). Raises `ValueError` for anything
    that would not be one source.
    """
    if (origin := origin_of(redirect_uri)) is not None:
        return origin
    scheme, _, _ = redirect_uri.partition(":")
    if _SCHEME.fullmatch(scheme):
        return f"{scheme.lower()}:"
    raise ValueError("a redirect URI must begin with a scheme")


def content_security_policy(
    *,
    form_action_sources: Iterable[str] = (),
    frame_sources: Iterable[str] = (),
    template_sources: Iterable[str] | None = None,
    script_sources: Iterable[str] = (),
    nonce: str | None = None,
    has_own_script: bool = False,
) -> str:
    """Write the policy of a page; `nonce` is given for one that has a script in itself.

    Forms may end at our own origin and at `form_action_sources`: browsers apply `form-action` to
    the redirects after a form as well, so the application's origin has to be named. Nothing but
    `frame_sources` may be shown in a frame. `template_sources` are given for a page in somebody
    else's template: where its style sheets, pictures and fonts come from. `script_sources` are the
    scripts it loads, each by its address: nothing else runs, and nothing runs in the background.
    """
    if nonce is not None and not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is at least 16 characters of base64")
    directives = [
        "default-src 'none'",
        *_looks(template_sources),
        " ".join(("form-action 'self'", *form_action_sources)),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    if framed := " ".join(frame_sources):
        directives.append(f"frame-src {framed}")
    own = ("'self'",) * has_own_script
    scripts = (*own, *script_sources, *(() if nonce is None else (f"'nonce-{nonce}'",)))
    if scripts:
        directives += [" ".join(("script-src", *scripts)), "worker-src 'none'"]
    return "; ".join(directives)


def _looks(template_sources: Iterable[str] | None) -> tuple[str, ...]:
    if template_sources is None:
        return ("style-src 'self'", "img-src 'self' data:")
    # A style sheet can read what a page shows and ask for a picture by it: so no other origins.
    sources = tuple(template_sources)
    return (
        " ".join(("style-src 'self' 'unsafe-inline'", *sources)),
        " ".join(("img-src 'self' data:", *sources)),
        " ".join(("font-src 'self'", *sources)),
        " ".join(("media-src 'self'", *sources)),
    )


def page_headers(
    *,
    is_development: bool,
    form_action_sources: Iterable[str] = (),
    frame_sources: Iterable[str] = (),
    template_sources: Iterable[str] | None = None,
    script_sources: Iterable[str] = (),
    nonce: str | None = None,
    has_own_script: bool = False,
    opener_policy: str = "same-origin",
) -> Mapping[str, str]:
    """Return every header of a page, its content type included.

    Pages of different `opener_policy` cannot reach into one another's windows. Development leaves
    out `Strict-Transport-Security`: a browser would remember it for all of `localhost` and refuse
    the plain http of the applications being tried out there.
    """
    policy = content_security_policy(
        form_action_sources=form_action_sources,
        frame_sources=frame_sources,
        template_sources=template_sources,
        script_sources=script_sources,
        nonce=nonce,
        has_own_script=has_own_script,
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": opener_policy,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
    if not is_development:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers
