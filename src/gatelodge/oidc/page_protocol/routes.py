"""Every address that scripts ask."""

from starlette.routing import Route

from gatelodge.oidc.page_protocol.advance import Advance
from gatelodge.oidc.page_protocol.display_control import DisplayControl
from gatelodge.oidc.page_protocol.face import Face
from gatelodge.oidc.page_protocol.phone_factor import PhoneFactor
from gatelodge.oidc.page_protocol.self_asserted import SelfAsserted
from gatelodge.oidc.page_protocol.telemetry import Telemetry
from gatelodge.oidc.routes import PREFIXES, Answer, Served


def page_protocol_routes(face: Face) -> list[Route]:
    """Return the routes of the second face; each answers 404 where it is not spoken."""
    control = "SelfAsserted/DisplayControlAction/vbeta/{control}/{action}"
    known: tuple[tuple[str, str, Answer], ...] = (
        ("POST", "SelfAsserted", SelfAsserted(face)),
        ("POST", control, DisplayControl(face)),
        ("GET", "api/{api}/{action}", Advance(face)),
        ("POST", "Phonefactor/verify", PhoneFactor(face)),
        ("POST", "client/perftrace", Telemetry(face)),
    )
    return [
        _only(
            method,
            Route(
                f"{prefix}/{{tenant}}/{{policy}}/{path}",
                Served(answer),
                methods=[method],
                name=path.partition("/")[0],
            ),
        )
        for prefix in PREFIXES
        for method, path, answer in known
    ]


def _only(method: str, route: Route) -> Route:
    """Take HEAD away, which comes with every GET: a step must not count because somebody looked."""
    route.methods = {method}
    return route
