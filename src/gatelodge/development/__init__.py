"""Development mode: a seeded tenant, a local authority, an inbox, a clock to move.

Nothing of it exists in a production start. It owns no rule of the product: it only sets the
stage and shows what happened on it.
"""
