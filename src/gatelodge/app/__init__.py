"""The composition root: every part is built here, once, and handed what it needs."""
