"""Exits: what is in the way and until when; applied for, decided, called off, followed."""
