"""History as columns: read from the database, written as Parquet, read back a piece at a time."""
