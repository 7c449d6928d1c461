"""Asking Graph as the administrator of a server."""

from collections.abc import Callable
from typing import Any

import httpx

from tests.world.server import Server

Ask = Callable[..., httpx.Response]


def asking(server: Server, below: str = "") -> Ask:
    """Return what asks by method and path below `/beta/` and whatever is said."""
    authorization = {"Authorization": f"Bearer {server.token()}"}

    def asked(method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = authorization | arguments.pop("headers", {})
        address = f"{server.origin}/beta/{below}{path}"
        return server.client.request(method, address, headers=headers, **arguments)

    return asked
