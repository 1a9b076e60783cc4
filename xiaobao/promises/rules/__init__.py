"""Decisions about packs: how files are read, what is wrong with them, what may follow what."""
