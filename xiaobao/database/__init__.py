"""Where everything is kept: embedded PostgreSQL, its keeper, roles, rows as columns."""
