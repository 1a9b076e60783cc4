"""The clock of what is served: the wall's, or in the demo that of the marketplace lived."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings


def now() -> datetime:
    """The moment of a request or of a round of due clocks.

    A generated marketplace stands in its own time: it goes on from the night of its last day,
    so that its clocks run as they would have.
    """
    at = datetime.now(tz=UTC)  # noqa: TID251  doors read the clock
    behind: timedelta = settings.DEMO_IS_BEHIND
    return at - behind
