"""Tallies: what is counted of a replay. Merging two is associative, and nothing is lost in it."""
