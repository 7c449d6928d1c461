"""API connectors."""

from gatelodge.model.api_connector import ApiConnector
from gatelodge.storage import tables
from gatelodge.storage.record import Record
from gatelodge.storage.store import Store


class ApiConnectors(Store[ApiConnector]):
    """API connectors by id."""

    record = Record(ApiConnector, tables.api_connector)
    is_configuration = True
    __slots__ = ()
