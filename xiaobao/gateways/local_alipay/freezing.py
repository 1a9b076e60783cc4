"""Authorisations of the local Alipay: sums frozen in the payer's account, let go of, or taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.local_alipay.asking import Asked, Refused, queue_notice, ref_of
from xiaobao.gateways.local_alipay.book import add_entry
from xiaobao.gateways.local_alipay.moving import PAYER

if TYPE_CHECKING:
    import sqlite3

_CODE_DIGITS = 16


def voucher(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """A code to scan; scanned, its sum is frozen."""
    number = asked.text("out_order_no")
    _add_auth(book, asked, number, asked.fen("amount"))
    return {
        "out_order_no": number, "out_request_no": asked.text("out_request_no"),
        "code_type": "QRCODE", "code_value": f"https://qr.alipay.com/{ref_of('qr', number, '')}",
    }  # fmt: skip


def freeze(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """By the code that the payer shows: frozen at once."""
    number, code = asked.text("out_order_no"), asked.text("auth_code")
    if not code.isdigit() or len(code) < _CODE_DIGITS:
        raise Refused("PAYMENT_AUTH_CODE_INVALID")
    _add_auth(book, asked, number, asked.fen("amount"))
    freeze_shown(book, number, asked)
    return detail(book, asked)


def _add_auth(book: sqlite3.Connection, asked: Asked, number: str, fen: int) -> None:
    """:raises Refused: where the number is known with another sum"""
    if number != asked.text("out_request_no"):
        raise Refused("INVALID_PARAMETER")
    known = book.execute("SELECT fen, status FROM auth WHERE number = ?", (number,)).fetchone()
    if known is not None:
        if known[0] != fen or known[1] == "CALLED_OFF":
            raise Refused("OUT_REQUEST_NO_DUPLICATE")
        return
    wait = asked.behaviour.scan_after_ms
    book.execute(
        "INSERT INTO auth VALUES (?, ?, ?, 0, 0, 'SHOWN', ?, ?, ?)",
        (number, ref_of("auth", number, asked.at), fen, asked.at, asked.notify_url,
         asked.now_ms + wait if wait >= 0 else None),
    )  # fmt: skip


def freeze_shown(book: sqlite3.Connection, number: str, asked: Asked) -> None:
    """The payer agreed: the sum is frozen in its account, and we are told."""
    row = book.execute(
        "SELECT ref, fen FROM auth WHERE number = ? AND status = 'SHOWN'", (number,)
    ).fetchone()
    if row is None:
        return
    ref, fen = row
    book.execute(
        "UPDATE auth SET status = 'AUTHORIZED', rest = fen, at = ?, due_ms = NULL "
        "WHERE number = ?",
        (asked.at, number),
    )
    book.execute(
        "INSERT INTO step VALUES (?, ?, 'FREEZE', ?, ?, ?)",
        (number, ref, fen, ref_of("step", number, asked.at), asked.at),
    )
    told = {
        "notify_type": "fund_auth_freeze", "out_order_no": number, "out_request_no": number,
        "auth_no": ref, "amount": yuan_of(fen), "status": "SUCCESS", "gmt_trans": asked.at,
    }  # fmt: skip
    queue_notice(book, asked, told)


def cancel(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """A code cannot be scanned any more; what it froze and nobody took is let go."""
    number = asked.text("out_order_no")
    row = book.execute("SELECT ref, rest FROM auth WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Refused("AUTH_ORDER_NOT_EXIST")
    ref, rest = row
    book.execute(
        "UPDATE auth SET status = 'CALLED_OFF', rest = 0, due_ms = NULL WHERE number = ?",
        (number,),
    )
    answer = {"auth_no": ref, "out_order_no": number, "out_request_no": number}
    return answer | {"action": "unfreeze" if rest else "close"}


def end(book: sqlite3.Connection, number: str) -> None:
    """What is left of it is its owner's again, as when its time is over."""
    book.execute("UPDATE auth SET status = 'CLOSED', rest = 0 WHERE number = ?", (number,))


def unfreeze(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    ref, number, fen = asked.text("auth_no"), asked.text("out_request_no"), asked.fen("amount")
    _step(book, asked, ref, number, "UNFREEZE", fen)
    return {**_detail(book, number), "amount": yuan_of(fen)}


def pay_frozen(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """A part of what is frozen becomes a trade that was paid."""
    if asked.text("product_code") != "PREAUTH_PAY":
        raise Refused("ACQ.INVALID_PARAMETER")
    ref, number, fen = asked.text("auth_no"), asked.text("out_trade_no"), asked.fen("total_amount")
    trade = ref_of("trade", number, asked.at)
    # Trades and steps of authorisations are numbered apart.
    if _step(book, asked, ref, f"PAY {number}", "PAY", fen):
        subject = asked.text("subject")
        book.execute(
            "INSERT INTO trade VALUES (?, ?, ?, 'TRADE_SUCCESS', ?, ?, ?, NULL)",
            (number, trade, fen, asked.at, subject, asked.notify_url),
        )
        add_entry(book, "交易", number, trade, PAYER, fen, asked.at, subject, remark=subject)
        told = {
            "notify_type": "trade_status_sync", "trade_status": "TRADE_SUCCESS",
            "out_trade_no": number, "trade_no": trade, "total_amount": yuan_of(fen),
            "gmt_payment": asked.at,
        }  # fmt: skip
        queue_notice(book, asked, told)
    row = book.execute("SELECT ref FROM trade WHERE number = ?", (number,)).fetchone()
    return {"out_trade_no": number, "trade_no": row[0], "total_amount": yuan_of(fen)}


def _step(
    book: sqlite3.Connection, asked: Asked, ref: str, number: str, kind: str, fen: int
) -> bool:
    """Take a part of what is frozen; whether it is anew.

    :raises Refused: where there is no such authorisation, or less is left of it
    """
    auth = book.execute(
        "SELECT rest FROM auth WHERE ref = ? AND status = 'AUTHORIZED'", (ref,)
    ).fetchone()
    known = book.execute("SELECT auth, kind, fen FROM step WHERE number = ?", (number,)).fetchone()
    if known is not None:
        if known != (ref, kind, fen):
            raise Refused("OUT_REQUEST_NO_DUPLICATE")
        return False
    if auth is None:
        raise Refused("AUTH_ORDER_NOT_EXIST")
    if auth[0] < fen:
        raise Refused("AUTH_AMOUNT_NOT_ENOUGH")
    book.execute(
        "UPDATE auth SET rest = rest - ?, paid = paid + ? WHERE ref = ?",
        (fen, fen if kind == "PAY" else 0, ref),
    )
    book.execute(
        "INSERT INTO step VALUES (?, ?, ?, ?, ?, ?)",
        (number, ref, kind, fen, ref_of("step", number, asked.at), asked.at),
    )
    return True


def detail(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    return _detail(book, asked.text("out_request_no"))


def _detail(book: sqlite3.Connection, number: str) -> dict[str, Any]:
    row = book.execute(
        "SELECT a.number, a.ref, a.fen, a.rest, a.paid, s.kind, s.fen, s.ref, s.at, a.status "
        "FROM step s JOIN auth a ON a.ref = s.auth WHERE s.number = ?",
        (number,),
    ).fetchone()
    if row is None:
        raise Refused("AUTH_OPERATION_NOT_EXIST")
    return {
        "out_order_no": row[0], "auth_no": row[1], "total_freeze_amount": yuan_of(row[2]),
        "rest_amount": yuan_of(row[3]), "total_pay_amount": yuan_of(row[4]),
        "operation_type": row[5], "amount": yuan_of(row[6]), "operation_id": row[7],
        "gmt_trans": row[8], "out_request_no": number, "status": "SUCCESS",
        "order_status": ("AUTHORIZED" if row[3] else "FINISH") if row[9] == "AUTHORIZED"
        else "CLOSED",
    }  # fmt: skip
