"""Where everything is kept: the embedded PostgreSQL, its keeper, roles, and sets of rows as columns."""
