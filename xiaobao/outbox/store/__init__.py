"""Where the outbox is kept: rows in PostgreSQL, the key of all webhook secrets in a file."""
