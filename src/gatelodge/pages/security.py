"""What a page travels with: the headers that keep others away from it."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(?::\d{1,5})?", re.ASCII | re.I)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII | re.I)
_NONCE = re.compile(r"[A-Za-z0-9+/_=-]{16,}", re.ASCII)


def form_action_source(redirect_uri: str) -> str:
    """Return the policy source that lets a form end at `redirect_uri`.

    It is the origin, or the bare scheme where a policy has no words for the host: native
    applications' own schemes and IPv6 literals (CSP3 §2.3.1). Raises `ValueError` for anything
    that would not be one source.
    """
    scheme, _, _ = redirect_uri.partition(":")
    parts = urlsplit(redirect_uri)
    origin = f"{parts.scheme}://{parts.netloc}"
    if _ORIGIN.fullmatch(origin):
        return origin.lower()
    if _SCHEME.fullmatch(scheme):
        return f"{scheme.lower()}:"
    raise ValueError("a redirect URI must begin with a scheme")


def content_security_policy(
    *,
    form_action_sources: Iterable[str] = (),
    frame_sources: Iterable[str] = (),
    nonce: str | None = None,
) -> str:
    """Write the policy of a page; `nonce` is given for a page that has a script.

    Forms may end at our own origin and at `form_action_sources`: browsers apply `form-action` to
    the redirects after a form as well, so the application's origin has to be named. Nothing but
    `frame_sources` may be shown in a frame.
    """
    if nonce is not None and not _NONCE.fullmatch(nonce):
        raise ValueError("a nonce is at least 16 characters of base64")
    directives = [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        " ".join(("form-action 'self'", *form_action_sources)),
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ]
    if framed := " ".join(frame_sources):
        directives.append(f"frame-src {framed}")
    if nonce is not None:
        directives.append(f"script-src 'nonce-{nonce}'")
    return "; ".join(directives)


def page_headers(
    *,
    is_development: bool,
    form_action_sources: Iterable[str] = (),
    frame_sources: Iterable[str] = (),
    nonce: str | None = None,
) -> Mapping[str, str]:
    """Return every header of a page, its content type included.

    Development leaves out `Strict-Transport-Security`: a browser would remember it for all of
    `localhost` and refuse the plain http of the applications being tried out there.
    """
    policy = content_security_policy(
        form_action_sources=form_action_sources, frame_sources=frame_sources, nonce=nonce
    )
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "Cache-Control": "no-store",
    }
    if not is_development:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers
