"""`xiaobao demo`: from nothing to a marketplace lived through its guarantee, and what happened."""

from xiaobao.cli.demo.command import app

__all__ = ["app"]
