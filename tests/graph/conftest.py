"""Fixtures of the control plane's tests."""

from tests.graph.plane import plane

__all__ = ["plane"]
