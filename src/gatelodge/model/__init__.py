"""The nouns: frozen dataclasses and their invariants. No I/O, no framework, no SQL, no HTTP."""
