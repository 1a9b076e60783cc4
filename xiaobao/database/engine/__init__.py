"""PostgreSQL as Django knows it, with statements that wait to be sent together (see `trips`)."""
