"""Fixtures of the control plane's tests."""

from tests.graph.plane import database_url, migrated_database, migrated_file, plane

__all__ = ["database_url", "migrated_database", "migrated_file", "plane"]
