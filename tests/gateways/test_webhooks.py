"""Messages go out to the world alone: no way in, nothing followed, nobody waited for."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from xiaobao.gateways import webhooks
from xiaobao.gateways.webhooks import Message, send_runs
from xiaobao.outbox.facts import Attempt, Trouble

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

PUBLIC, PRIVATE = "93.184.215.14", "10.0.0.7"


def send_all(messages: Sequence[Message], **how: Any) -> list[Attempt]:
    """Each in a run of its own."""
    return [attempt for [attempt] in send_runs([[one] for one in messages], **how)]


class Receiver(BaseHTTPRequestHandler):
    """Answers as its path asks."""

    seen: list[tuple[str, dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.seen.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
        what = self.path.strip("/")
        if what == "drip":
            for mark in b"HTTP/1.1 200 OK\r\n" * 100:
                self.wfile.write(bytes([mark]))
                time.sleep(0.05)
            return
        status = {"redirect": 302, "gone": 410, "broken": 500}.get(what, 200)
        answer = b"x" * 200_000 if what == "large" else "好\x1b[31m".encode()
        self.send_response(status)
        self.send_header("content-length", str(len(answer)))
        if status == 302:
            self.send_header("location", "/elsewhere")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def receiver() -> Iterator[tuple[str, type[Receiver]]]:
    kind = type("One", (Receiver,), {"seen": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=[0.05])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", kind
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_what_comes_of_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "WHOLE_SECONDS", 1)
    paths = ("good", "redirect", "gone", "broken", "large", "drip")
    with receiver() as (base, kind):
        found = send_all(
            [Message(f"{base}/{path}", {"webhook-id": path}, b"{}") for path in paths],
            may_stay_here=True,
        )
        seen = {path: headers for path, headers, _ in kind.seen}
    T = Trouble  # noqa: N806
    assert [(one.status, one.trouble) for one in found] == [
        (200, T.NONE), (302, T.REFUSED), (410, T.GONE), (500, T.REFUSED),
        (200, T.ANSWER_TOO_LARGE), (0, T.TOO_SLOW),
    ]  # fmt: skip
    assert found[0].answer == "好[31m"
    assert set(seen) == {f"/{path}" for path in paths}  # nothing was followed
    assert seen["/good"]["webhook-id"] == "good"
    assert seen["/good"]["content-type"].startswith("application/cloudevents+json")
    [refused] = send_all([Message(f"{base}/good", {}, b"")], may_stay_here=False)
    assert refused.trouble is T.NOT_ALLOWED
    [closed] = send_all([Message(f"{base}/good", {}, b"")], may_stay_here=True)
    assert (closed.status, closed.trouble) == (0, T.NOT_REACHED)


def asked(
    monkeypatch: pytest.MonkeyPatch, answers: list[list[str]], url: str = "https://shop.example/a"
) -> tuple[Trouble, list[httpx.Request], int]:
    """What comes of a message where the name stands for each of these, look after look."""
    looks = 0
    requests: list[httpx.Request] = []

    def look_up(*_: Any, **__: Any) -> list[Any]:
        nonlocal looks
        looks += 1
        found = answers[min(looks, len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in found]

    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, content=nothing())

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    [attempt] = send_all(
        [Message(url, {}, b"")], may_stay_here=False, transport=httpx.MockTransport(answer)
    )
    return attempt.trouble, requests, looks


def test_a_name_is_looked_up_once_and_spoken_to_where_it_was_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A name that moves into the house after it was checked moves nothing."""
    trouble, [request], looks = asked(monkeypatch, [[PUBLIC], [PRIVATE]])
    assert (trouble, looks) == (Trouble.NONE, 1)
    assert str(request.url) == f"https://{PUBLIC}/a"
    assert request.headers["host"] == "shop.example"
    assert request.extensions["sni_hostname"] == "shop.example"


@pytest.mark.parametrize(
    "addresses", [[PRIVATE], [PUBLIC, PRIVATE], ["::ffff:127.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_that_stands_for_anything_inside_is_not_spoken_to(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    trouble, requests, _ = asked(monkeypatch, [addresses])
    assert (trouble, requests) == (Trouble.NOT_ALLOWED, [])


@pytest.mark.parametrize("url", ["http://shop.example/", "https://shop.example:22/",
                                 "https://2130706433/", "https://0x7f.1/"])  # fmt: skip
def test_odd_ways_to_write_an_address_lead_nowhere(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    """Numbers are names to us; what the machine makes of them is checked as any name is."""
    trouble, requests, _ = asked(monkeypatch, [["127.0.0.1"]], url)
    assert (trouble, requests) == (Trouble.NOT_ALLOWED, [])


def test_a_run_goes_in_order_and_ends_where_one_is_not_taken() -> None:
    with receiver() as (base, kind):
        runs = [
            [Message(f"{base}/{path}", {"webhook-id": f"{n}{path}"}, b"{}") for path in paths]
            for n, paths in enumerate((["good"] * 3, ["good", "broken", "good"]))
        ]
        whole, cut = send_runs(runs, may_stay_here=True)
        seen = [headers["webhook-id"] for _, headers, _ in kind.seen]
    assert [one.status for one in whole] == [200, 200, 200]
    assert [one.status for one in cut] == [200, 500]
    assert [one for one in seen if one.startswith("1")] == ["1good", "1broken"]


def test_a_look_up_that_hangs_is_given_up_and_left_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the round nor the process waits for it; too many of them are not begun."""
    hangs = threading.Event()
    monkeypatch.setattr(webhooks, "LOOK_UP_SECONDS", 0.05)
    monkeypatch.setattr(webhooks, "_looks", threading.BoundedSemaphore(1))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: hangs.wait() and [])
    try:
        for _ in range(2):
            [attempt] = send_all([Message("https://shop.example/", {}, b"")], may_stay_here=False)
            assert (attempt.trouble, attempt.status) == (Trouble.TOO_SLOW, 0)
        [left] = [one for one in threading.enumerate() if one.name == "webhook-look-up"]
        assert left.daemon
    finally:
        hangs.set()
    left.join()
