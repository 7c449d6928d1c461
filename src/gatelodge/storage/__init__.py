"""Tables and stores: the only room that knows SQL. Rows come and go as dataclasses."""
