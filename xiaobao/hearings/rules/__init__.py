"""Decisions of hearings: what a ruling comes to, who may rule, and its content as bytes; pure."""

RULES_VERSION = 3
