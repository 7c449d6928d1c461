"""API connectors: what web hooks of an administrator are told, and what their answers may change.

Every call leaves through the guarded client; a hook that does not answer well ends the journey.
"""
