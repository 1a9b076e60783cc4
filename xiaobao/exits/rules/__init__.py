"""Decisions about exits: what stands in the way, what may leave, what may happen next."""
