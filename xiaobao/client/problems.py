"""What the API answers where it cannot do what was asked."""

from __future__ import annotations

from typing import Any


class ApiProblem(Exception):  # noqa: N818  named for the state, as the API's own are
    """A problem as the API told it (RFC 9457); `code` is stable."""

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.code = str(told.get("code", ""))
        self.detail = str(told.get("detail", ""))
        self.errors: list[dict[str, str]] = told.get("errors", [])
        self.rows: list[dict[str, Any]] = told.get("rows", [])
        self.told = told
        super().__init__(f"{status} {self.code}: {self.detail}")


class NoToken(Exception):  # noqa: N818  as above
    """The client's id or secret is not right, or it was revoked."""
