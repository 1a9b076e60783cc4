"""Codes are scanned when it is time, and notifies told until somebody answers `success`."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import httpx

from xiaobao.gateways.local_alipay.asking import Asked
from xiaobao.gateways.local_alipay.book import behaviour_in
from xiaobao.gateways.local_alipay.freezing import freeze_shown
from xiaobao.gateways.local_alipay.moving import pay_trade

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.gateways.local_alipay.book import Book
    from xiaobao.gateways.local_alipay.signing import Signatures

_ROUND_SECONDS = 0.05
_AT_ONCE = 50
# Alipay tells again after 4 m, 10 m, 10 m, 1 h and so on; here a machine waits, not a day.
_AGAIN_MS = (200, 400, 1_000, 2_000, 5_000)
_MOST_TRIES = 25
_PATIENCE_SECONDS = 10


class Teller:
    """A thread that tells; what it was about to tell when killed it tells next time."""

    def __init__(self, book: Book, signatures: Signatures, now_ms: Callable[[], int]) -> None:
        self._book, self._signatures, self._now_ms = book, signatures, now_ms
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(timeout=_PATIENCE_SECONDS) as client:
            while not self._ending.wait(_ROUND_SECONDS):
                self.scan_due()
                self._tell_due(client)

    def scan_due(self) -> None:
        now_ms = self._now_ms()
        with self._book.turn() as book:
            behaviour = behaviour_in(book)
            for table, scan in (("trade", pay_trade), ("auth", freeze_shown)):
                rows = book.execute(
                    f"SELECT number, at, notify_url FROM {table} "
                    "WHERE status = 'SHOWN' AND due_ms <= ? LIMIT ?",
                    (now_ms, _AT_ONCE),
                ).fetchall()
                for number, at, url in rows:
                    scan(book, number, Asked(at, now_ms, url, {}, behaviour))

    def _tell_due(self, client: httpx.Client) -> None:
        now_ms = self._now_ms()
        with self._book.turn() as book:
            rows = book.execute(
                "SELECT id, url, body, tries FROM notice WHERE is_done = 0 AND due_ms <= ? "
                "ORDER BY due_ms LIMIT ?",
                (now_ms, _AT_ONCE),
            ).fetchall()
        for name, url, body, tries in rows:
            if self._ending.is_set():
                return
            heard = self._told(client, url, json.loads(body))
            wait = _AGAIN_MS[min(tries, len(_AGAIN_MS) - 1)]
            with self._book.turn() as book:
                book.execute(
                    "UPDATE notice SET tries = ?, is_done = ?, due_ms = ? WHERE id = ?",
                    (tries + 1, heard or tries + 1 >= _MOST_TRIES, now_ms + wait, name),
                )

    def _told(self, client: httpx.Client, url: str, body: dict[str, str]) -> bool:
        try:
            answer = client.post(url, data=self._signatures.notify(body))
        except httpx.HTTPError:
            return False
        return answer.status_code == httpx.codes.OK and answer.text == "success"
