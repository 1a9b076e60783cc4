"""Breaches of rule found: classes and points, penalties that begin and end, publication."""
