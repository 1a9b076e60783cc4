"""Decisions about claims: who must show what by when, what is due, what may happen next."""
