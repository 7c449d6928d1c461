"""Dynamic client registration: applications that register and configure themselves."""
