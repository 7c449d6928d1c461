"""Every entity set, in the order of the reference."""

from gatelodge.graph.edm import Model
from gatelodge.graph.model.user_flows import USER_FLOWS

MODEL: Model = (USER_FLOWS,)
