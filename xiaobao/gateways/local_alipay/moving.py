"""Transfers, trades and refunds of the local Alipay: each number moves money once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.alipay.codes import limits
from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.local_alipay.asking import Asked, Refused, queue_notice, ref_of
from xiaobao.gateways.local_alipay.book import add_entry

if TYPE_CHECKING:
    import sqlite3

PAYER = "*付(148****0001)"


def transfer(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    number, fen = asked.text("out_biz_no"), asked.fen("trans_amount")
    payee = asked.content.get("payee_info")
    if not isinstance(payee, dict) or not payee.get("identity"):
        raise Refused("INVALID_PARAMETER")
    least, most = limits()["transfer_least"], limits()["transfer_company_most"]
    if fen < least.fen:
        raise Refused(least.code)
    if fen > most.fen:
        raise Refused(most.code)
    content = (str(payee["identity"]), str(payee.get("name", "")), fen)
    known = book.execute(
        "SELECT payee, name, fen FROM transfer WHERE number = ?", (number,)
    ).fetchone()
    if known is not None and known != content:
        raise Refused("PAYMENT_INFO_INCONSISTENCY")
    if known is None:
        ref = ref_of("transfer", number, asked.at)
        book.execute(
            "INSERT INTO transfer VALUES (?, ?, ?, ?, ?, ?)", (number, *content, ref, asked.at)
        )
        title, remark = asked.text("order_title", needed=False), asked.text("remark", needed=False)
        add_entry(
            book, "转账", number, ref, content[0], -fen, asked.at, title, remark=remark or title
        )
        told = {
            "notify_type": "fund_trans_order_changed", "out_biz_no": number, "order_id": ref,
            "status": "SUCCESS", "trans_amount": yuan_of(fen),
        }  # fmt: skip
        queue_notice(book, asked, told)
    return _transferred(book, number)


def transfer_query(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    return _transferred(book, asked.text("out_biz_no"))


def _transferred(book: sqlite3.Connection, number: str) -> dict[str, Any]:
    row = book.execute("SELECT ref, fen, at FROM transfer WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Refused("ORDER_NOT_EXIST")
    return {
        "out_biz_no": number, "order_id": row[0], "pay_fund_order_id": row[0],
        "status": "SUCCESS", "trans_amount": yuan_of(row[1]), "trans_date": row[2],
    }  # fmt: skip


# -- trades --------------------------------------------------------------------------------------


def precreate(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    number = asked.text("out_trade_no")
    _add_trade(book, asked, number, asked.fen("total_amount"), "SHOWN")
    return {"out_trade_no": number, "qr_code": f"https://qr.alipay.com/{ref_of('qr', number, '')}"}


def _add_trade(book: sqlite3.Connection, asked: Asked, number: str, fen: int, status: str) -> None:
    """:raises Refused: where the number is known with another sum"""
    known = book.execute("SELECT fen, status FROM trade WHERE number = ?", (number,)).fetchone()
    if known is not None:
        if known[1] == "CALLED_OFF":
            raise Refused("ACQ.TRADE_HAS_CLOSE")
        if known[0] != fen:
            raise Refused("ACQ.CONTEXT_INCONSISTENT")
        return
    wait = asked.behaviour.scan_after_ms
    book.execute(
        "INSERT INTO trade VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, ref_of("trade", number, asked.at), fen, status, asked.at, asked.text("subject"),
         asked.notify_url, asked.now_ms + wait if wait >= 0 else None),
    )  # fmt: skip


def pay_trade(book: sqlite3.Connection, number: str, asked: Asked) -> None:
    """The payer paid: the money moves, and we are told."""
    row = book.execute(
        "SELECT ref, fen, subject FROM trade WHERE number = ? AND status = 'SHOWN'", (number,)
    ).fetchone()
    if row is None:
        return
    ref, fen, subject = row
    book.execute(
        "UPDATE trade SET status = 'TRADE_SUCCESS', at = ?, due_ms = NULL WHERE number = ?",
        (asked.at, number),
    )
    add_entry(book, "交易", number, ref, PAYER, fen, asked.at, subject, remark=subject)
    told = {
        "notify_type": "trade_status_sync", "trade_status": "TRADE_SUCCESS",
        "out_trade_no": number, "trade_no": ref, "total_amount": yuan_of(fen),
        "receipt_amount": yuan_of(fen), "gmt_payment": asked.at,
    }  # fmt: skip
    queue_notice(book, asked, told)


def trade_query(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """What was shown and not scanned yet it does not know, as Alipay does not."""
    number = asked.text("out_trade_no")
    row = book.execute(
        "SELECT ref, fen, status, at FROM trade WHERE number = ? "
        "AND status NOT IN ('SHOWN', 'CALLED_OFF')",
        (number,),
    ).fetchone()
    if row is None:
        raise Refused("ACQ.TRADE_NOT_EXIST")
    return {
        "out_trade_no": number, "trade_no": row[0], "total_amount": yuan_of(row[1]),
        "trade_status": row[2], "send_pay_date": row[3],
    }  # fmt: skip


def close(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Of a trade that was begun and not paid; what nobody scanned it does not know."""
    number = asked.text("out_trade_no")
    row = book.execute("SELECT ref, status FROM trade WHERE number = ?", (number,)).fetchone()
    if row is None or row[1] in {"SHOWN", "CALLED_OFF"}:
        raise Refused("ACQ.TRADE_NOT_EXIST")
    if row[1] != "WAIT_BUYER_PAY":
        raise Refused("ACQ.TRADE_STATUS_ERROR")
    book.execute("UPDATE trade SET status = 'TRADE_CLOSED' WHERE number = ?", (number,))
    return {"out_trade_no": number, "trade_no": row[0]}


def cancel(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Whatever it is: a code cannot be scanned any more, what was paid goes back."""
    number = asked.text("out_trade_no")
    row = book.execute(
        "SELECT ref, fen, status, subject FROM trade WHERE number = ?", (number,)
    ).fetchone()
    answer = {"out_trade_no": number, "retry_flag": "N"}
    if row is None or row[2] in {"SHOWN", "CALLED_OFF"}:
        book.execute(
            "UPDATE trade SET status = 'CALLED_OFF', due_ms = NULL WHERE number = ?", (number,)
        )
        return answer
    ref, fen, status, subject = row
    if status == "TRADE_SUCCESS":
        add_entry(book, "退款", number, ref, PAYER, -fen, asked.at, subject, request=number)
    book.execute("UPDATE trade SET status = 'TRADE_CLOSED' WHERE number = ?", (number,))
    action = "refund" if status == "TRADE_SUCCESS" else "close"
    return answer | {"trade_no": ref, "action": action}


def refund(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    trade, number = asked.text("trade_no"), asked.text("out_request_no")
    fen = asked.fen("refund_amount")
    row = book.execute(
        "SELECT number, fen FROM trade WHERE ref = ? AND status = 'TRADE_SUCCESS'", (trade,)
    ).fetchone()
    if row is None:
        raise Refused("ACQ.TRADE_NOT_EXIST")
    known = book.execute("SELECT trade, fen FROM refund WHERE number = ?", (number,)).fetchone()
    if known is not None and known != (trade, fen):
        raise Refused("ACQ.CONTEXT_INCONSISTENT")
    given = _given(book, trade)
    if known is None:
        if given + fen > row[1]:
            raise Refused("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL")
        book.execute("INSERT INTO refund VALUES (?, ?, ?, ?)", (number, trade, fen, asked.at))
        title = asked.text("refund_reason", needed=False)
        add_entry(
            book, "退款", row[0], trade, PAYER, -fen, asked.at, title, remark=title, request=number
        )
    return {
        "out_trade_no": row[0], "trade_no": trade, "refund_fee": yuan_of(_given(book, trade)),
        "fund_change": "Y" if known is None else "N",
    }  # fmt: skip


def _given(book: sqlite3.Connection, trade: str) -> int:
    row = book.execute("SELECT coalesce(sum(fen), 0) FROM refund WHERE trade = ?", (trade,))
    return int(row.fetchone()[0])


def refund_query(book: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Of a request that it does not know it answers well, and with nothing in it."""
    trade, number = asked.text("trade_no"), asked.text("out_request_no")
    row = book.execute(
        "SELECT fen FROM refund WHERE number = ? AND trade = ?", (number, trade)
    ).fetchone()
    if row is None:
        return {}
    return {
        "trade_no": trade, "out_request_no": number, "refund_amount": yuan_of(row[0]),
        "refund_status": "REFUND_SUCCESS",
    }  # fmt: skip
