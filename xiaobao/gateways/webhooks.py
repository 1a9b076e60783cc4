"""Messages to strangers' addresses: guarded, so that none of them leads back into this house.

A name is looked up once for each set of messages, every address it stands for is checked, and the
connections go to one of those very addresses: a name that is moved after the check moves nothing.
Nothing is followed anywhere, no proxy is asked, and an answer is neither waited for nor read for
long.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

import httpx

from xiaobao.outbox.facts import Attempt, Trouble
from xiaobao.outbox.rules import is_public, wrong_with_url

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

CONNECT_SECONDS = 5
LOOK_UP_SECONDS = 5
# Looks at once, of this whole process: one that hangs cannot be called off, and is left behind.
MOST_LOOKS = 64
# Everything together: whoever answers a byte at a time is not waited for any longer.
WHOLE_SECONDS = 15
# No message of a run is begun later: then all of it is done well within the lease of its sender.
RUN_SECONDS = 30
MOST_ANSWER_BYTES = 64 * 1024
KEPT_CHARACTERS = 300
AGENT = "xiaobao-webhooks"
GONE = 410


@dataclass(frozen=True)
class Message:
    """One message, signed, and where it goes."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class NotAllowed(Exception):  # noqa: N818  never leaves this module
    """An address that may not be spoken to."""


def send_runs(
    runs: Sequence[Sequence[Message]],
    *,
    may_stay_here: bool,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[list[Attempt]]:
    """Send runs of messages to one subscriber: side by side, and within a run one after another.

    What came of each, run by run; a run ends where one of its messages is not taken, or where it
    has taken long: of the messages behind none was tried.
    """
    return asyncio.run(_send_runs(runs, may_stay_here, transport))


async def _send_runs(
    runs: Sequence[Sequence[Message]],
    may_stay_here: bool,
    transport: httpx.AsyncBaseTransport | None,
) -> list[list[Attempt]]:
    # A client for these alone: connections are kept by address, and belong to one name.
    async with httpx.AsyncClient(
        verify=_certificates(), trust_env=False, follow_redirects=False, transport=transport,
        timeout=httpx.Timeout(WHOLE_SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=len(runs), max_keepalive_connections=len(runs)),
    ) as client:  # fmt: skip
        places = Places(may_stay_here)
        return await asyncio.gather(*(_send_run(client, one, places) for one in runs))


async def _send_run(
    client: httpx.AsyncClient, run: Sequence[Message], places: Places
) -> list[Attempt]:
    until = time.monotonic() + RUN_SECONDS
    attempts: list[Attempt] = []
    for one in run:
        attempts.append(await _send(client, one, places))
        if attempts[-1].trouble is not Trouble.NONE or time.monotonic() > until:
            break
    return attempts


def make_ready() -> None:
    """Load what the first message would load.

    A process that is forked while a sender imports waits for that import for ever.
    """
    for name in ("httpcore._async.http11", "httpcore._backends.anyio", "httpcore._backends.auto",
                 "anyio._backends._asyncio", "encodings.idna", "encodings.punycode"):  # fmt: skip
        import_module(name)
    _certificates()


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


async def _send(client: httpx.AsyncClient, one: Message, places: Places) -> Attempt:
    began = time.monotonic()
    status, trouble, answer = 0, Trouble.NONE, ""
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            status, trouble, answer = await _exchange(client, one, places)
    except NotAllowed as found:
        trouble, answer = Trouble.NOT_ALLOWED, str(found)
    except (TimeoutError, httpx.TimeoutException):
        trouble = Trouble.TOO_SLOW
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as found:
        trouble, answer = Trouble.NOT_REACHED, str(found)
    return Attempt(status, trouble, round((time.monotonic() - began) * 1000), _shown(answer))


async def _exchange(
    client: httpx.AsyncClient, one: Message, places: Places
) -> tuple[int, Trouble, str]:
    url = httpx.URL(one.url)
    address = await places.of(url)
    async with client.stream(
        "POST",
        # The address that was checked, under the name that its certificate must have.
        url.copy_with(host=address),
        content=one.body,
        headers={
            **one.headers, "host": url.netloc.decode("ascii"), "user-agent": AGENT,
            "content-type": "application/cloudevents+json; charset=utf-8",
            "accept-encoding": "identity",
        },
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    ) as response:  # fmt: skip
        body = b""
        async for part in response.aiter_raw():
            body += part
            if len(body) > MOST_ANSWER_BYTES:
                return response.status_code, Trouble.ANSWER_TOO_LARGE, ""
        return response.status_code, _trouble(response.status_code), body.decode(errors="replace")


def _trouble(status: int) -> Trouble:
    if httpx.codes.is_success(status):
        return Trouble.NONE
    return Trouble.GONE if status == GONE else Trouble.REFUSED


class Places:
    """Where the messages of one set go: each name is looked up and checked once, for all of it."""

    def __init__(self, may_stay_here: bool) -> None:
        self.may_stay_here = may_stay_here
        self.known: dict[str, asyncio.Task[str]] = {}

    async def of(self, url: httpx.URL) -> str:
        """:raises NotAllowed: where nothing may be sent there"""
        task = self.known.get(str(url))
        if task is None:
            task = asyncio.create_task(_address(url, self.may_stay_here))
            self.known[str(url)] = task
        # Whoever is not waited for any longer takes the look-up away from nobody.
        return await asyncio.shield(task)


async def _address(url: httpx.URL, may_stay_here: bool) -> str:
    """One of the addresses that the name stands for at this moment.

    :raises NotAllowed: where any of them is not the world's
    """
    wrong = wrong_with_url(str(url), may_stay_here=may_stay_here)
    if wrong:
        raise NotAllowed(wrong)
    port = url.port or (443 if url.scheme == "https" else 80)
    addresses = await _looked_up(url.raw_host.decode("ascii"), port)
    private = [one for one in addresses if not is_public(one)]
    if private and not may_stay_here:
        raise NotAllowed(f"{url.host}: {', '.join(private)}")
    return addresses[0]


_looks = threading.BoundedSemaphore(MOST_LOOKS)


async def _looked_up(host: str, port: int) -> list[str]:
    """The addresses of a name.

    A look in a thread of a pool is waited for when the loop ends, however long it hangs, and so is
    the pool when the process ends: this one's thread is nobody's, and is left where it hangs.

    :raises TimeoutError: where the answer does not come, or too many looks hang already
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def put(addresses: list[str], trouble: OSError | None) -> None:
        if answer.done():
            return
        if trouble is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(trouble)

    def look() -> None:
        addresses: list[str] = []
        trouble: OSError | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = [str(one[4][0]) for one in found]
        except OSError as why:
            trouble = why
        finally:
            _looks.release()
        with suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(put, addresses, trouble)

    if not _looks.acquire(blocking=False):
        raise TimeoutError
    threading.Thread(target=look, name="webhook-look-up", daemon=True).start()
    async with asyncio.timeout(LOOK_UP_SECONDS):
        return await answer


def _shown(answer: str) -> str:
    """How an answer begins, as one line of what can be printed."""
    line = " ".join(answer[: KEPT_CHARACTERS * 4].split())
    return "".join(mark for mark in line if mark.isprintable())[:KEPT_CHARACTERS]
