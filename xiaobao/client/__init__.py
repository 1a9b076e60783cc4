"""Somebody else's side of the API: a small typed client; knows nobody in here."""
