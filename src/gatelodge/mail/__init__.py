"""Messages on their way to people: the outbox's sender, SMTP, and the development inbox."""
