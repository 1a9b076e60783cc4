"""The local Alipay as a server: requests checked, done once, answered as it is told to."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from xiaobao.gateways.local_alipay import bills, freezing, moving
from xiaobao.gateways.local_alipay.asking import WRONG, Asked, Refused, part_of_million
from xiaobao.gateways.local_alipay.book import Book, behaviour_in
from xiaobao.gateways.local_alipay.keys import APP_ID
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.local_alipay.telling import Teller

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable
    from pathlib import Path

    from xiaobao.gateways.local_alipay.book import Behaviour

HERE = "127.0.0.1"
_MOST_BYTES = 1_000_000
_POLL_SECONDS = 0.05
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_BILL = re.compile(r"/bill/(trade|signcustomer)/(\d{4}-\d\d-\d\d)\.zip")

# Methods that move money, or promise to: these alone are done badly.
_MOVING = {
    "alipay.fund.trans.uni.transfer": moving.transfer,
    "alipay.trade.precreate": moving.precreate,
    "alipay.trade.pay": freezing.pay_frozen,
    "alipay.trade.refund": moving.refund,
    "alipay.trade.close": moving.close,
    "alipay.trade.cancel": moving.cancel,
    "alipay.fund.auth.order.voucher.create": freezing.voucher,
    "alipay.fund.auth.order.freeze": freezing.freeze,
    "alipay.fund.auth.order.unfreeze": freezing.unfreeze,
    "alipay.fund.auth.operation.cancel": freezing.cancel,
}
_TELLING = {
    "alipay.fund.trans.common.query": moving.transfer_query,
    "alipay.trade.query": moving.trade_query,
    "alipay.trade.fastpay.refund.query": moving.refund_query,
    "alipay.fund.auth.operation.detail.query": freezing.detail,
    "alipay.data.dataservice.bill.downloadurl.query": bills.address,
}
METHODS = _MOVING | _TELLING
_SENT_AGAIN = "alipay.fund.trans.uni.transfer"
_REFUSES = "EXCEED_LIMIT_DC_RECEIVED"


class _Fault(NamedTuple):
    """What goes wrong with one request: what is done, said, and whether it is heard at all."""

    does: bool = True
    says: str = ""
    is_lost: bool = False
    is_forged: bool = False


def _fault(behaviour: Behaviour, method: str, number: str, times: int) -> _Fault:
    draw = part_of_million(behaviour.seed, method, number, times)
    # Only what is sent again after a refusal is refused: a deposit refused is asked for anew.
    fail_ppm = behaviour.fail_ppm if method == _SENT_AGAIN else 0
    for part, fault in (
        (fail_ppm, _Fault(does=False, says=_REFUSES)),
        (behaviour.busy_moved_ppm, _Fault(says="SYSTEM_ERROR")),
        (behaviour.busy_still_ppm, _Fault(does=False, says="SYSTEM_ERROR")),
        (behaviour.lost_ppm, _Fault(is_lost=True)),
        (behaviour.forged_ppm, _Fault(is_forged=True)),
    ):
        if draw < part:
            return fault
        draw -= part
    return _Fault()


class Alipay:
    """One folder's Alipay: keys, book, and what it answers; `now_ms` is this machine's clock."""

    def __init__(self, folder: Path, now_ms: Callable[[], int]) -> None:
        self.book, self.signatures = Book(folder), Signatures(folder)
        self.now_ms = now_ms

    def answer(self, parameters: dict[str, str]) -> tuple[str | None, Behaviour]:
        """The whole answer to one request; None where it is lost on its way."""
        method = parameters.get("method", "")
        name = f"{method.replace('.', '_')}_response"
        with self.book.turn() as book:
            behaviour = behaviour_in(book)
            if parameters.get("app_id") != APP_ID:
                # Whom it does not know it signs nothing for.
                refusal = _refusal(Refused("isv.invalid-app-id", WRONG))
                return json.dumps({name: refusal}), behaviour
            fault = _Fault()
            try:
                asked = self._asked(parameters, behaviour)
                fault = _drawn(book, method, asked)
                content = _done(book, method, asked, fault)
            except Refused as refused:
                content = _refusal(refused)
        if fault.is_lost:
            return None, behaviour
        return self.signatures.answer(name, content, forged=fault.is_forged), behaviour

    def _asked(self, parameters: dict[str, str], behaviour: Behaviour) -> Asked:
        """:raises Refused: where it is not our client's, or makes no sense"""
        if not self.signatures.holds(parameters):
            raise Refused("isv.invalid-signature", WRONG)
        if parameters.get("method") not in METHODS:
            raise Refused("isv.invalid-method", WRONG)
        moment = parameters.get("timestamp", "")
        if not _MOMENT.fullmatch(moment):
            raise Refused("isv.invalid-timestamp", WRONG)
        try:
            content = json.loads(parameters.get("biz_content", ""))
        except ValueError as trouble:
            raise Refused("isv.invalid-parameter", WRONG) from trouble
        if not isinstance(content, dict):
            raise Refused("isv.invalid-parameter", WRONG)
        url = parameters.get("notify_url", "")
        return Asked(moment, self.now_ms(), url, content, behaviour)


def _drawn(book: sqlite3.Connection, method: str, asked: Asked) -> _Fault:
    if method not in _MOVING:
        return _Fault()
    names = ("out_biz_no", "out_trade_no", "out_request_no")
    number = next((str(asked.content[n]) for n in names if n in asked.content), "")
    times = book.execute(
        "INSERT INTO asked VALUES (?, ?, 1) ON CONFLICT (number, method) "
        "DO UPDATE SET times = times + 1 RETURNING times",
        (number, method),
    ).fetchone()[0]
    return _fault(asked.behaviour, method, number, times)


def _done(book: sqlite3.Connection, method: str, asked: Asked, fault: _Fault) -> dict[str, Any]:
    """:raises Refused: as it is told to, or as the method does"""
    content: dict[str, Any] = {"code": "10000", "msg": "Success"}
    if fault.does:
        content |= METHODS[method](book, asked)
    return _refusal(Refused(fault.says)) if fault.says else content


def _refusal(refused: Refused) -> dict[str, str]:
    message = "Invalid Arguments" if refused.code == WRONG else "Business Failed"
    return {
        "code": refused.code, "msg": message, "sub_code": refused.sub_code,
        "sub_msg": refused.sub_code,
    }  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    alipay: Alipay


class _Conversation(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _MOST_BYTES:
            self._say(413, b"", "text/plain")
            return
        body = self.rfile.read(int(length)).decode("utf-8", "replace")
        parameters = dict(parse_qsl(body, keep_blank_values=True))
        answer, behaviour = self.server.alipay.answer(parameters)
        if behaviour.delay_ms:
            time.sleep(part_of_million(body) * behaviour.delay_ms / 1_000_000_000)
        if answer is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(200, answer.encode(), "application/json;charset=utf-8")

    def do_GET(self) -> None:
        found = _BILL.fullmatch(urlsplit(self.path).path)
        if found is None:
            self._say(404, b"", "text/plain")
            return
        kind, day = found.groups()
        entries = self.server.alipay.book.entries(day)
        self._say(200, bills.zipped(kind, day, entries), "application/zip")

    def _say(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Requests name people and accounts: none is logged."""


class LocalAlipay:
    """The server and whoever tells its notifies, in threads of this process."""

    def __init__(self, folder: Path, port: int, now_ms: Callable[[], int]) -> None:
        alipay = Alipay(folder, now_ms)
        self.book = alipay.book
        self._server = _Server((HERE, port), _Conversation)
        self._server.alipay = alipay
        self._teller = Teller(alipay.book, alipay.signatures, now_ms)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=[_POLL_SECONDS], daemon=True
        )

    def start(self) -> None:
        self._thread.start()
        self._teller.start()

    def wait(self) -> None:
        """Until Ctrl-C."""
        self._thread.join()

    def stop(self) -> None:
        self._teller.stop()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
