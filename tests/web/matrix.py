"""Who gets which answer: one row for each address, in `tests/web/rows/`, a file for each console.

A new address without a row fails `test_permissions.py`. A row is made of the pattern as Django
writes it, and of one of these: `page` (to read), `act` (a form sent), `both`, `public`,
`for_buyer`. Every address leads somewhere in the world of `living.py`; names in braces are what
things were called there.
"""

from __future__ import annotations

from dataclasses import dataclass

NOBODY, STRANGER = "nobody signed in", "somebody without a role"
OWNER, CLERK, OTHER_OWNER = "the owner", "the clerk", "the other owner"
ADJUDICATOR, BOOKKEEPER, SUPERVISOR = "the adjudicator", "the bookkeeper", "the supervisor"
POLICY_OWNER, ADMINISTRATOR = "the policy owner", "the administrator"
BUYER, OTHER_BUYER = "the buyer", "another order's buyer"
# Whoever of the jurors the lot drew.
JUROR = "the juror"
MEMBERS = (OWNER, CLERK)
SIGNED_IN = (
    STRANGER, OWNER, CLERK, OTHER_OWNER, ADJUDICATOR, POLICY_OWNER, BOOKKEEPER, SUPERVISOR,
    ADMINISTRATOR, JUROR,
)  # fmt: skip
SIGNED_OUT = (NOBODY, BUYER, OTHER_BUYER)
EVERYBODY = SIGNED_IN + SIGNED_OUT


@dataclass(frozen=True)
class Row:
    """An address, and the exact status for everybody who reads it or sends a form to it."""

    address: str
    get: dict[str, int]
    post: dict[str, int]
    is_sensitive: bool = False


def everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(EVERYBODY, status)


def gated(who: tuple[str, ...], status: int) -> dict[str, int]:
    """Whoever is not signed in is asked to; whoever has no role is told there is nothing."""
    return everybody(404) | dict.fromkeys(SIGNED_OUT, 302) | dict.fromkeys(who, status)


def page(address: str, *who: str) -> Row:
    """A page to read, for these; no form is taken there."""
    return Row(address, gated(who, 200), everybody(405))


def act(address: str, *who: str, status: int = 422, is_sensitive: bool = False) -> Row:
    """A form, for these; there is nothing to read there. Sent empty it changes nothing.

    Where its page has the form at that time, it comes back with what is wrong: 422. A form about
    one thing of several, which its hidden fields name, is not the one that was sent empty: 302.

    What is sensitive asks for a fresh second factor, and does nothing before.
    """
    return Row(address, everybody(405), gated(who, status), is_sensitive)


def both(address: str, *who: str) -> Row:
    """A page that takes its own form, which comes back where it is empty."""
    return Row(address, gated(who, 200), gated(who, 422))


def public(address: str) -> Row:
    return Row(address, everybody(200), everybody(405))


def for_buyer(address: str, *, is_form: bool = False) -> Row:
    """For whoever opened this order's link; there is nothing to sign in to."""
    if is_form:
        return Row(address, everybody(405), everybody(404) | {BUYER: 422})
    return Row(address, everybody(404) | {BUYER: 200}, everybody(405))


def signed_in(address: str, get: int = 200, post: int = 200) -> Row:
    """A page of one's own account."""
    out = dict.fromkeys(SIGNED_OUT, 302)
    return Row(address, everybody(get) | out, everybody(post) | out)


def closed(address: str) -> Row:
    return Row(address, everybody(404), everybody(404))
