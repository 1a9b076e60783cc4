"""A guarantee is a promise, kept with money, on evidence."""

__version__ = "0.1.0"
