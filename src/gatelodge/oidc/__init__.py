"""The OpenID provider each user flow is: endpoints, checks of what arrives, tokens that leave."""
