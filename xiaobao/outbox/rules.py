"""How events get their names and bodies, who is told, how it is signed, when it is tried; pure."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from xiaobao.kernel.references import causes_of
from xiaobao.outbox.facts import DeliveryState, EventKind, Followed, Trouble, name_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.outbox.facts import Attempt, Delivery, Subscription

# Standard Webhooks: how a secret is written, and which signature it makes.
SECRET_MARK = "whsec_"  # noqa: S105  what secrets begin with
SECRET_BYTES = 32
SCHEME = "v1"
TOLERANCE_SECONDS = 300
# After how long an attempt that failed is made again; the last one is given up after it.
BACK_OFF = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
# How long an attempt may take before another sender takes the delivery over.
LEASE = timedelta(seconds=60)
# After so many sets in a row to which nobody answered a receiver rests, longer each time; whoever
# answers, and be it with an error, has all of its messages again.
RESTS_AFTER = 3
RESTS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800))
_UNANSWERED = (Trouble.TOO_SLOW, Trouble.NOT_REACHED)
# Other ports of a machine are other services, which may take a request for a command.
PORTS_FROM = 1024
OWN_PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")


def event_ids(kind: Int, cause_hi: Int, cause_lo: Int) -> tuple[Int, Int]:
    """One name per kind and cause, filed under the cause's own moment, whenever it is told."""
    milliseconds = (cause_hi.view(np.uint64) >> np.uint64(16)).astype(np.int64)
    return causes_of(700, milliseconds * 1000, kind, cause_hi, cause_lo)


def event_names() -> list[str]:
    return [name_of(kind) for kind in EventKind]


def fits(pattern: str, name: str) -> bool:
    """Whether a pattern, `claim.paid`, `claim.*` or `*`, takes the name."""
    return pattern in ("*", name) or (pattern.endswith(".*") and name.startswith(pattern[:-1]))


@cache
def patterns_for(kind: int) -> str:
    """Every pattern that fits a kind's name, with blanks between, as subscriptions keep theirs."""
    name = name_of(EventKind(kind))
    parts = name.split(".")
    return " ".join(["*", name, *(".".join(parts[:n]) + ".*" for n in range(1, len(parts)))])


def unknown_patterns(patterns: Sequence[str]) -> list[str]:
    """Those that no event there is would ever fit."""
    names = event_names()
    return [one for one in patterns if not any(fits(one, name) for name in names)]


def wanted(subscription: Subscription, kind: Int, seller_id: Int) -> Mask:
    """Which events a subscriber is told of."""
    kinds = [
        int(one)
        for one in EventKind
        if any(fits(pattern, name_of(one)) for pattern in subscription.patterns)
    ]
    mine = (seller_id == subscription.only_seller) | (subscription.only_seller == 0)
    return np.asarray(np.isin(kind, kinds) & mine, bool)


def secret_of(key: bytes, subscription: int, generation: int) -> bytes:
    """The secret of one generation: made from the house's key, so no table holds it."""
    made = f"webhook:{subscription}:{generation}".encode()
    return hmac.new(key, made, hashlib.sha256).digest()


def spelt(secret: bytes) -> str:
    return SECRET_MARK + base64.b64encode(secret).decode()


def read_secret(text: str) -> bytes | None:
    """A secret as it is written, with its mark or without; None where it is none."""
    try:
        return base64.b64decode(text.removeprefix(SECRET_MARK), validate=True) or None
    except binascii.Error:
        return None


def signature(secret: bytes, message: str, at_seconds: int, body: bytes) -> str:
    content = f"{message}.{at_seconds}.".encode() + body
    return f"{SCHEME},{base64.b64encode(hmac.digest(secret, content, 'sha256')).decode()}"


def headers_of(
    secrets: Sequence[bytes], message: str, at_seconds: int, body: bytes
) -> dict[str, str]:
    """The three headers of Standard Webhooks, signed with every secret that counts now."""
    return {
        "webhook-id": message,
        "webhook-timestamp": str(at_seconds),
        "webhook-signature": " ".join(
            signature(secret, message, at_seconds, body) for secret in secrets
        ),
    }


def is_signed(secret: bytes, headers: Mapping[str, str], body: bytes, *, now_seconds: int) -> bool:
    """Whether a receiver may believe a message: one signature fits, and the time is near."""
    message, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message or not (at.isascii() and at.isdigit()):
        return False
    if abs(now_seconds - int(at)) > TOLERANCE_SECONDS:
        return False
    right = signature(secret, message, int(at), body).encode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(right, one.encode()) for one in given)


def body_of(told: Delivery, names: Mapping[str, str], currency: str | None) -> bytes:
    """The message: a CloudEvent as JSON. The same event has the same bytes at every attempt."""
    data: dict[str, Any] = {
        "seller": {"id": str(told.seller_id), "name": names["seller"]},
        "subject_id": str(told.subject_id) if told.subject_id else None,
        "party_id": str(told.party_id) if told.party_id else None,
        "amount": {"amount": told.amount_minor, "currency": currency} if currency else None,
        "recorded_at": told.recorded_at.isoformat(),
    }
    if "order" in names:
        data["order"] = names["order"]
    whole = {
        "specversion": "1.0",
        "id": str(told.event),
        "source": "/xiaobao",
        "type": name_of(told.kind),
        "subject": f"sellers/{told.seller_id}",
        "time": told.happened_at.isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def next_wait(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None where it is given up."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def followed(told: Delivery, attempt: Attempt, at: datetime) -> Followed:
    """What follows from an attempt: done, tried again later, or given up."""
    wait = next_wait(told.attempts)
    if attempt.trouble is Trouble.NONE:
        return Followed(DeliveryState.DELIVERED, at, at)
    if attempt.trouble is Trouble.GONE or wait is None:
        return Followed(DeliveryState.DEAD, at, at)
    return Followed(DeliveryState.WAITING, at + wait, at)


def is_unanswered(attempts: Sequence[Attempt]) -> bool:
    """Whether something was sent, and nobody was there or ready in time."""
    return bool(attempts) and all(one.trouble in _UNANSWERED for one in attempts)


def rest(unanswered: int) -> timedelta | None:
    """How long a receiver rests after so many sets in a row; None where it is sent to as any."""
    if unanswered < RESTS_AFTER:
        return None
    return RESTS[min(unanswered - RESTS_AFTER, len(RESTS) - 1)]


def is_public(address: str) -> bool:
    """Whether an address is one of the world's, and no way back into this house.

    An address of one kind that stands for one of another is as public as that is.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)))
        inner = [ip.sixtofour, *(ip.teredo or ())]
        if any(one is not None and not is_public(str(one)) for one in inner):
            return False
        if ip in NAT64_LOCAL or ip.is_site_local:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def wrong_with_url(url: str, *, may_stay_here: bool) -> str:
    """What is wrong with an address to send to, in a word; empty where nothing.

    Names are not looked up here: they are at every attempt, for they may be moved.
    """
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        return "unreadable"
    is_odd = any(mark <= " " or mark == "\\" or not mark.isprintable() for mark in url)
    schemes = ("https", "http") if may_stay_here else ("https",)
    has_user = parts.username is not None or parts.password is not None
    wrong = {
        "unreadable": not host or is_odd,
        "scheme": parts.scheme not in schemes,
        "extras": has_user or bool(parts.fragment),
        "port": port not in (None, OWN_PORTS.get(parts.scheme)) and port < PORTS_FROM,
        "private": not (may_stay_here or _may_be_public(host or "")),
    }
    return next((word for word, is_so in wrong.items() if is_so), "")


def _may_be_public(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return False
    try:
        return is_public(host)
    except ValueError:
        return True  # a name
