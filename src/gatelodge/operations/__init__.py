"""What whoever runs the server needs: listening, health, metrics, sweeping, first set-up, keys.

It owns nothing users, applications or administrators of a directory see.
"""
