"""Fetching scripts has an end, whatever the other side does."""

import socket

import pytest

from gatelodge.errors import Invalid
from gatelodge.graph.model.page_scripts import fetched_texts
from gatelodge.outbound import Outbound
from gatelodge.pages.template_scripts import scripts_in


async def test_scripts_that_do_not_come_in_time_are_none() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        html = f"<head><script src='http://127.0.0.1:{port}/a.js'></script></head>"
        found = scripts_in(html, "http://127.0.0.1/", is_development=True, from_body=False)
        with pytest.raises(Invalid) as refused:
            await fetched_texts(Outbound(is_development=True), found, longest_s=0.2)
    (problem,) = refused.value.problems
    assert problem.target == "pageUri"
    assert "0.2 seconds" in problem.message
