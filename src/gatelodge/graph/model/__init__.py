"""The declaration: entity types, sets and what may be done to them. Nothing else repeats it."""
