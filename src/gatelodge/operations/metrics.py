"""Counters and latencies for Prometheus, cheap enough for every request."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Tally:
    """What is known of one method, route and status."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_S) + 1))
    sum_s: float = 0.0


class Metrics:
    """Counts in plain lists; the library only comes in when somebody asks.

    Labels are the route's template, never the path: ids and names would make a series each, and
    tell about people.
    """

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str, int], Tally] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        tally = self._tallies.get((method, route, status))
        if tally is None:
            tally = self._tallies[(method, route, status)] = Tally()
        tally.buckets[bisect_left(BOUNDS_S, seconds)] += 1
        tally.sum_s += seconds

    def describe(self) -> list[Any]:
        """Return nothing: the registry need not collect at start."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield the metric families, as prometheus-client asks for them."""
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        requests = CounterMetricFamily(
            "gatelodge_http_requests",
            "Answers sent.",
            labels=("method", "route", "status"),
        )
        latency = HistogramMetricFamily(
            "gatelodge_http_request_duration_seconds",
            "Time from a request's header to the end of its answer.",
            labels=("method", "route", "status"),
        )
        for (method, route, status), tally in self._tallies.items():
            labels = (method, route, str(status))
            requests.add_metric(labels, sum(tally.buckets))
            latency.add_metric(labels, _cumulative(tally.buckets), tally.sum_s)
        yield requests
        yield latency


def _cumulative(buckets: list[int]) -> list[tuple[str, float]]:
    total, found = 0, []
    for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), buckets, strict=True):
        total += count
        found.append((bound, float(total)))
    return found


class Measured:
    """Observes every answer of `app` under the template of the route that served it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and observe one request."""
        began = time.perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", "unknown")
            self._metrics.observe(_method(scope), route, status, time.perf_counter() - began)


def _method(scope: Scope) -> str:
    # Anybody may invent a method, and each would be a series for ever.
    method: str = scope["method"]
    return method if method in _METHODS else "other"


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsPage:
    """`GET /metrics`: the text Prometheus scrapes."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._registry: Any = None

    async def __call__(self, _request: Request) -> Response:
        """Write every family, the process's own among them."""
        from prometheus_client import CollectorRegistry, ProcessCollector
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        if self._registry is None:
            self._registry = CollectorRegistry()
            self._registry.register(self._metrics)
            ProcessCollector(registry=self._registry)
        return Response(
            generate_latest(self._registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )
