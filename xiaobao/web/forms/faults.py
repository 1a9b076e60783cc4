"""What was wrong with a form that was sent: noted while it is acted on, shown when it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Fault:
    """`about` names the field; where it is empty the fault is the whole form's."""

    words: str
    about: str = ""


def faults_of(request: HttpRequest) -> list[Fault]:
    """Those noted so far; what is added to the list is noted."""
    if not hasattr(request, "faults"):
        request.faults = []  # type: ignore[attr-defined]
    found: list[Fault] = request.faults  # type: ignore[attr-defined]
    return found
