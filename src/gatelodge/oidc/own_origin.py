"""Whether a form came from a page of ours."""

from starlette.requests import Request

from gatelodge.oidc.errors import Code, Displayed


def check_origin(request: Request, own: str) -> None:
    """Refuse a form that another site made the browser send (SameSite is not enough)."""
    origin = request.headers.get("origin", "null")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if origin not in {"null", own} or site not in {"same-origin", "none"}:
        raise Displayed(Code.INPUT_REJECTED, status=403, reason="the form came from elsewhere")
