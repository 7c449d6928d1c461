"""A self-hosted customer-identity server: Graph user flows that run as OpenID providers."""
