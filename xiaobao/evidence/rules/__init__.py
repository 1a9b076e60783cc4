"""Decisions about evidence: what may come in, how it is chained, logged, shown, and kept."""
