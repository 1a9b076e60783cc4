"""Decisions about orders: what facts add up to, when a promise is broken, what that pays."""

# Written on every breach. Raise it with any change that could change a verdict.
RULES_VERSION = 3
