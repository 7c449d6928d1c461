"""What Prometheus is told."""

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from gatelodge.operations.metrics import Measured, Metrics, MetricsPage


async def hello(_request: Request) -> Response:
    return PlainTextResponse("hello")


def client() -> httpx.AsyncClient:
    metrics = Metrics()
    page = MetricsPage(metrics)
    routes = [Route("/users/{name}", hello), Route("/metrics", page.__call__)]
    app = Measured(Router(routes), metrics)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://acme.example")


async def scraped(*paths: str) -> str:
    async with client() as asking:
        for path in paths:
            await asking.get(path)
        return (await asking.get("/metrics")).text


async def test_answers_are_counted_by_template_and_never_by_path() -> None:
    text = await scraped("/users/ada", "/users/noor", "/elsewhere")
    counted = 'gatelodge_http_requests_total{method="GET",route="/users/{name}",status="200"} 2.0'
    assert counted in text
    assert 'route="unknown",status="404"} 1.0' in text
    assert "ada" not in text
    assert "elsewhere" not in text


async def test_latency_is_a_cumulative_histogram() -> None:
    text = await scraped("/users/ada")
    name = "gatelodge_http_request_duration_seconds"
    buckets = [line for line in text.splitlines() if line.startswith(f"{name}_bucket")]
    counts = [float(line.rpartition(" ")[2]) for line in buckets]
    assert counts == sorted(counts)
    assert 'le="+Inf"' in buckets[-1]
    assert counts[-1] == 1.0
    assert f"{name}_count" in text


async def test_an_invented_method_makes_no_series_of_its_own() -> None:
    async with client() as asking:
        await asking.request("BREW", "/users/ada")
        text = (await asking.get("/metrics")).text
    assert "BREW" not in text
    assert 'method="other"' in text
