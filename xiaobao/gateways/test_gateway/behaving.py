"""What the gateway does with an attempt: pure, from settings, id and attempt alone."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.gateways.payments import Answer, Direction, Movement, Result, Way
from xiaobao.kernel.clocks import MINUTE_US

if TYPE_CHECKING:
    from uuid import UUID

    from xiaobao.gateways.payments import Query

_MILLION = 1_000_000


@dataclass(frozen=True)
class Settings:
    """How the gateway behaves: parts of a million attempts, and the seed that picks them."""

    seed: int = 0
    fail_ppm: int = 10_000
    unknown_moved_ppm: int = 3_000
    unknown_still_ppm: int = 2_000
    twice_ppm: int = 5_000  # answers twice
    known_after_minutes: int = 30  # an unknown result is known from then on
    # Parts of frozen sums that are asked for before this moment are answered for from it on.
    taken_from_us: int = 0


class Known(NamedTuple):
    """A movement as the gateway's book has it."""

    direction: int
    account: str
    amount_minor: int
    currency: str
    is_moved: bool
    known_us: int
    last_attempt: int
    way: int = Way.PAID
    of: bytes = b""


class Frozen(NamedTuple):
    """What the book has of a frozen sum: whether it stands, and what of it is left."""

    is_open: bool
    rest_minor: int


class _Behaviour(NamedTuple):
    result: Result
    moves: bool
    said: str
    answers: int


_CONFIRMS = _Behaviour(Result.CONFIRMED, True, "OK", 1)
_CONFIRMS_TWICE = _Behaviour(Result.CONFIRMED, True, "OK", 2)
_FAILS = _Behaviour(Result.FAILED, False, "ACCOUNT_BUSY", 1)
_OTHER_NAME = _Behaviour(Result.FAILED, False, "PAYEE_NAME_MISMATCH", 1)
_LOSES_ANSWER = _Behaviour(Result.UNKNOWN, True, "TIMEOUT", 1)
_STALLS = _Behaviour(Result.UNKNOWN, False, "TIMEOUT", 1)
_NOT_FROZEN = _Behaviour(Result.FAILED, False, "NOT_ENOUGH_FROZEN", 1)
# Nothing of it is frozen any more: what was to be let go of is its owner's already.
_IS_FREE = _Behaviour(Result.CONFIRMED, True, "NOTHING_FROZEN", 1)


def decide(
    direction: Direction,
    movement: Movement,
    settings: Settings,
    known: dict[UUID, Known],
    earlier: dict[tuple[UUID, int], tuple[Result, str]],
    real_name: str | None = None,
    frozen: dict[UUID, Frozen] | None = None,
) -> list[Answer]:
    """Decide on one movement; `known` and `earlier` grow by it, `frozen` shrinks.

    `real_name` is the one the account stands in, None where the gateway does not know it.
    """
    key = (movement.id, movement.attempt)
    if key in earlier:
        return [_answer(movement, *earlier[key])]
    before = known.get(movement.id)
    content = (direction, movement.account, movement.amount_minor, movement.currency)
    kind = (movement.way.value, b"" if movement.of is None else movement.of.bytes)
    if before is not None and (before[:4], before[7:]) != (content, kind):
        return [_answer(movement, Result.FAILED, "OTHER_CONTENT")]
    if before is not None and before.is_moved:
        # It moved under an earlier attempt: once is enough.
        earlier[key] = (Result.CONFIRMED, "ALREADY_DONE")
        return [_answer(movement, *earlier[key])]
    is_held_up = movement.way is Way.TAKEN and movement.at_us < settings.taken_from_us
    does = _STALLS if is_held_up else _behaviour(settings, movement)
    if movement.holder and real_name not in {None, movement.holder}:
        does = _OTHER_NAME
    if movement.of is not None:
        does = _of_frozen(movement, does, {} if frozen is None else frozen)
    earlier[key] = (does.result, does.said)
    known_us = movement.at_us
    if does.result is Result.UNKNOWN:
        known_us += settings.known_after_minutes * MINUTE_US
        known_us = max(known_us, settings.taken_from_us if is_held_up else 0)
    known[movement.id] = Known(*content, does.moves, known_us, movement.attempt, *kind)
    return [_answer(movement, does.result, does.said)] * does.answers


def _of_frozen(movement: Movement, does: _Behaviour, frozen: dict[UUID, Frozen]) -> _Behaviour:
    """What can be done with a frozen sum: no more than is left, nothing once it ended."""
    assert movement.of is not None, "it names what it is of"
    now = frozen.get(movement.of, Frozen(False, 0))
    if not now.is_open:
        return _IS_FREE if movement.way is Way.LET_GO else _NOT_FROZEN
    if now.rest_minor < movement.amount_minor:
        return _NOT_FROZEN
    if does.moves:
        frozen[movement.of] = Frozen(True, now.rest_minor - movement.amount_minor)
    return does


def _behaviour(settings: Settings, movement: Movement) -> _Behaviour:
    seed = f"{settings.seed}/{movement.attempt}/".encode() + movement.id.bytes
    draw = int.from_bytes(blake2b(seed, digest_size=8).digest(), "big") % _MILLION
    for part, does in (
        (settings.fail_ppm, _FAILS),
        (settings.unknown_moved_ppm, _LOSES_ANSWER),
        (settings.unknown_still_ppm, _STALLS),
        (settings.twice_ppm, _CONFIRMS_TWICE),
    ):
        if draw < part:
            return does
        draw -= part
    return _CONFIRMS


def _answer(movement: Movement, result: Result, said: str) -> Answer:
    ref = ref_of_id(movement.id) if result is Result.CONFIRMED else ""
    return Answer(movement.id, result, movement.attempt, ref, said)


def ref_of_id(one: UUID) -> str:
    return ref_of(one.bytes)


def ref_of(name: bytes) -> str:
    return f"T{int.from_bytes(name, 'big') % 10**16:016d}"


def told(
    asked: Query, known: Known | None, earlier: dict[tuple[UUID, int], tuple[Result, str]]
) -> Answer:
    """What the last attempt came to, in the words it was first told in."""
    if known is None:
        return Answer(asked.id, Result.NOT_FOUND, 0, "", "NOT_FOUND")
    result, said = earlier[asked.id, known.last_attempt]
    if result is Result.UNKNOWN and asked.at_us >= known.known_us:
        result, said = (Result.CONFIRMED, "OK") if known.is_moved else (Result.FAILED, "NOT_MOVED")
    ref = ref_of_id(asked.id) if result is Result.CONFIRMED else ""
    return Answer(asked.id, result, known.last_attempt, ref, said)
