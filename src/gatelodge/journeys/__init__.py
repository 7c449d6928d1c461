"""The flow engine: which steps a user flow has, which one is next, and what each one does."""
