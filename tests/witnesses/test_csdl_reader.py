"""`$metadata`, read by the reader of those who wrote the standard (OASIS, CSDL XML to JSON)."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gatelodge.graph.metadata import metadata_document
from gatelodge.graph.model.sets import MODEL

PROJECT = Path(__file__).parent / "node"

pytestmark = pytest.mark.witness


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    """Give what the reader made of the document, and what it minded."""
    done = subprocess.run(
        ["node", "csdl.js"],
        cwd=PROJECT,
        input=metadata_document(MODEL),
        capture_output=True,
        timeout=60,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_reader_minds_nothing(read: dict[str, Any]) -> None:
    assert read["minded"] == []


def test_what_it_reads_is_a_valid_csdl_document(read: dict[str, Any]) -> None:
    assert read["invalid"] == []


def test_it_finds_every_entity_type_and_set_of_the_model(read: dict[str, Any]) -> None:
    schema = read["document"]["microsoft.graph"]
    container = read["document"]["$EntityContainer"].rpartition(".")[2]
    reached = {**schema, **schema[container]}
    for entity_set in MODEL:
        assert schema[entity_set.entity.name]["$Kind"] == "EntityType"
        for each in entity_set.entity.properties:
            assert each.name in schema[entity_set.entity.name]
    assert reached["users"]["$Type"] == "graph.user"
    assert reached["userFlowType"]["$Kind"] == "EnumType"
