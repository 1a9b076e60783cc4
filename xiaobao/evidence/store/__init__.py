"""Where evidence is kept: bytes under their hash, rows in PostgreSQL, the log's key in a file."""
