"""Cryptography: password hashes, signed tokens, sealed values, digests of bearer values."""
