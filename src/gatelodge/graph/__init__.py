"""The control plane: the Microsoft Graph API, declared once as data; all else derives from it."""
