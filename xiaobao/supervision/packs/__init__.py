"""The numbers of supervision, with their sources."""
