"""Every law of the books, asked of the rows themselves; each breach by name, seller and amount."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.ledger.facts import Account, Broken, HoldState, Op

_ACCOUNTS = [account.name.lower() for account in Account]
_TOTAL = " + ".join(f"{name}::numeric" for name in _ACCOUNTS)
_LOCKED = int(Account.LOCKED)

# Each posting seen from both its accounts.
_SIDES = """
    sides AS (
        SELECT seller_id, seq, source AS account, -amount AS change, source_after AS after
        FROM ledger_posting
        UNION ALL
        SELECT seller_id, seq, target, amount, target_after FROM ledger_posting
    )
"""
_BALANCE_OF = (
    "CASE s.account "
    + " ".join(f"WHEN {account.value} THEN b.{account.name.lower()}" for account in Account)
    + " END"
)


# name: (zh, en, query). Each query reads one snapshot and returns seller_id, detail, expected,
# found, so that postings made meanwhile break nothing.
LAWS: dict[str, tuple[str, str, str]] = {
    "sum": (
        "账本各账户之和须为零",
        "a book sums to zero",
        f"SELECT seller_id, 'book', 0, {_TOTAL} FROM ledger_book WHERE {_TOTAL} <> 0",
    ),
    "floor": (
        "账户不得越过下限或上限",
        "no account passes its floor or ceiling",
        "SELECT seller_id, name, 0, amount FROM ledger_book, LATERAL (VALUES "
        + ", ".join(f"('{name}', {name})" for name in _ACCOUNTS if name != "outside")
        + ") AS v (name, amount) WHERE CASE name WHEN 'fund' THEN amount > 0 ELSE amount < 0 END",
    ),
    "balance": (
        "余额须等于分录之和",
        "a balance equals the sum of its postings",
        f"""
        WITH {_SIDES}, s AS (
            SELECT seller_id, account, sum(change) AS total FROM sides GROUP BY 1, 2
        )
        SELECT b.seller_id, a.name, coalesce(s.total, 0), {_BALANCE_OF.replace("s.", "a.")}
        FROM ledger_book AS b
        CROSS JOIN (VALUES {", ".join(f"({a.value}, '{a.name.lower()}')" for a in Account)})
            AS a (account, name)
        LEFT JOIN s ON s.seller_id = b.seller_id AND s.account = a.account
        WHERE coalesce(s.total, 0) <> {_BALANCE_OF.replace("s.", "a.")}
        """,
    ),
    "no_book": (
        "分录须属于已开立的账本",
        "a posting stands in a book",
        """
        SELECT p.seller_id, 'postings', 0, count(*) FROM ledger_posting AS p
        LEFT JOIN ledger_book AS b USING (seller_id) WHERE b.seller_id IS NULL GROUP BY 1
        """,
    ),
    "seq": (
        "分录须连续编号",
        "postings are numbered without a gap",
        """
        SELECT b.seller_id, 'seq', b.seq, coalesce(p.count, 0)
        FROM ledger_book AS b LEFT JOIN (
            SELECT seller_id, count(*), min(seq) AS least, max(seq) AS most
            FROM ledger_posting GROUP BY 1
        ) AS p USING (seller_id)
        WHERE b.seq <> coalesce(p.count, 0) OR coalesce(p.least, 1) <> 1
           OR coalesce(p.most, 0) <> b.seq
        """,
    ),
    "running": (
        "逐笔余额须与累计一致",
        "a running balance is the sum up to its line",
        f"""
        WITH {_SIDES}, ran AS (
            SELECT seller_id, seq, account, after,
                   sum(change) OVER (PARTITION BY seller_id, account ORDER BY seq) AS total
            FROM sides
        )
        SELECT seller_id, 'seq ' || seq || ' account ' || account, total, after
        FROM ran WHERE total <> after
        """,
    ),
    "clock": (
        "账本时间不得倒流",
        "a book's clock never runs back",
        """
        SELECT seller_id, coalesce('seq ' || seq, 'book'),
               (extract(epoch FROM coalesce(before, 'epoch')) * 1000000)::bigint,
               (extract(epoch FROM at) * 1000000)::bigint
        FROM (
            SELECT seller_id, seq, at,
                   lag(at) OVER (PARTITION BY seller_id ORDER BY seq) AS before
            FROM ledger_posting
            UNION ALL
            SELECT b.seller_id, NULL::bigint, b.last_at, max(p.at)
            FROM ledger_book AS b LEFT JOIN ledger_posting AS p USING (seller_id)
            GROUP BY b.seller_id, b.last_at
        ) AS x WHERE at < before OR (seq IS NULL AND at <> coalesce(before, 'epoch'))
        """,
    ),
    "locked": (
        "冻结余额须等于未了结占用之和",
        "locked money is the sum of open holds",
        f"""
        SELECT b.seller_id, 'locked', coalesce(h.total, 0), b.locked
        FROM ledger_book AS b LEFT JOIN (
            SELECT seller_id, sum(amount) AS total FROM ledger_hold
            WHERE state = {HoldState.OPEN.value} GROUP BY 1
        ) AS h USING (seller_id)
        WHERE coalesce(h.total, 0) <> b.locked
        """,
    ),
    "hold_made": (
        "每笔占用须与其分录一致",
        "a hold is as its posting made it",
        f"""
        SELECT coalesce(h.seller_id, p.seller_id), 'hold ' || coalesce(h.hold, p.hold),
               coalesce(p.amount, 0), coalesce(h.amount, 0)
        FROM (SELECT * FROM ledger_posting WHERE op = {Op.HOLD.value}) AS p
        FULL JOIN ledger_hold AS h ON h.seller_id = p.seller_id AND h.hold = p.hold
        WHERE (h.amount, h.source, h.expires_at, h.cause)
            IS DISTINCT FROM (p.amount, p.source, p.expires_at, p.cause)
        """,
    ),
    "hold_resolved": (
        "占用状态须与了结分录一致，且至多了结一次",
        "a hold is resolved once, as its postings say",
        f"""
        WITH told AS (
            SELECT seller_id, hold,
                   count(*) FILTER (WHERE op <> {Op.RETURN.value}) AS times,
                   max(CASE op WHEN {Op.CAPTURE.value} THEN {HoldState.CAPTURED.value}
                               WHEN {Op.RELEASE.value} THEN {HoldState.RELEASED.value}
                               WHEN {Op.EXPIRE.value} THEN {HoldState.EXPIRED.value} END) AS state,
                   coalesce(sum(amount) FILTER (WHERE op = {Op.CAPTURE.value}), 0) AS captured,
                   sum(amount) AS total
            FROM ledger_posting
            WHERE op NOT IN ({Op.MOVE.value}, {Op.HOLD.value}) GROUP BY 1, 2
        )
        SELECT coalesce(h.seller_id, t.seller_id), 'hold ' || coalesce(h.hold, t.hold),
               coalesce(t.total, 0), CASE WHEN h.state = 0 THEN 0 ELSE coalesce(h.amount, 0) END
        FROM ledger_hold AS h
        FULL JOIN told AS t ON t.seller_id = h.seller_id AND t.hold = h.hold
        WHERE h.hold IS NULL OR coalesce(t.state, {HoldState.OPEN.value}) <> h.state
           OR coalesce(t.times, 0) <> CASE WHEN h.state = 0 THEN 0 ELSE 1 END
           OR coalesce(t.captured, 0) <> h.captured
           OR coalesce(t.total, 0) <> CASE WHEN h.state = 0 THEN 0 ELSE h.amount END
        """,
    ),
    "hold_back": (
        "了结占用须退回其来源账户，且在应有的时间",
        "what a hold frees goes back to where it came from, and in its time",
        f"""
        SELECT p.seller_id, 'seq ' || p.seq,
               CASE WHEN p.target <> h.source AND p.op <> {Op.CAPTURE.value} THEN h.source
                    ELSE (extract(epoch FROM h.expires_at) * 1000000)::bigint END,
               CASE WHEN p.target <> h.source AND p.op <> {Op.CAPTURE.value} THEN p.target
                    ELSE (extract(epoch FROM p.at) * 1000000)::bigint END
        FROM ledger_posting AS p JOIN ledger_hold AS h USING (seller_id, hold)
        WHERE (p.op IN ({Op.RELEASE.value}, {Op.EXPIRE.value}, {Op.RETURN.value})
               AND p.target <> h.source)
           OR (h.expires_at < 'infinity' AND CASE p.op
               WHEN {Op.EXPIRE.value} THEN p.at < h.expires_at
               WHEN {Op.RETURN.value} THEN false
               ELSE p.at >= h.expires_at END)
        """,
    ),
    "locked_by_holds": (
        "冻结账户只能由占用类分录变动",
        "locked money moves by holds alone",
        f"""
        SELECT seller_id, 'seq ' || seq, 0, amount FROM ledger_posting
        WHERE (op = {Op.MOVE.value}) = (source = {_LOCKED} OR target = {_LOCKED})
           OR (op = {Op.MOVE.value}) <> (hold = '00000000-0000-0000-0000-000000000000')
        """,
    ),
}


def check(limit_per_law: int = 100) -> list[Broken]:
    """Every breach of every law; empty when the books are sound."""
    return [
        Broken(law, int(seller_id), str(detail), int(expected), int(found), zh, en)
        for law, (zh, en, query) in LAWS.items()
        for seller_id, detail, expected, found in sets.fetch_rows(
            f"SELECT * FROM ({query}) AS broken ORDER BY 1, 2 LIMIT {limit_per_law}"
        )
    ]
