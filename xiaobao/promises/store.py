"""Writes the catalogue: the only code that adds markets, packs, clauses, categories and terms."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xiaobao.database import trips
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import ids_of
from xiaobao.promises.facts import Draft, PackRow, Term

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.promises.facts import Category, Notice, Pack

# int8range needs room above the number it holds.
_KEY_MASK = 2**62 - 1


# The table of the catalogue's token.
REVISION = "promises_revision"


def hold_catalogue() -> None:
    """One publication at a time; whoever has books in memory will see that they are stale."""
    execute(
        f"INSERT INTO {REVISION} AS r (revision_id, token) VALUES (1, gen_random_uuid()) "
        "ON CONFLICT (revision_id) DO UPDATE SET token = gen_random_uuid()"
    )
    trips.known().pop(REVISION, None)


# The number of the lock under which drafts are commented on, and announced.
_VERSIONS = 7_201_116_002


def hold_versions(*, is_shared: bool = False) -> None:
    """One draft or announcement at a time, and no comment in between.

    Comments do not wait for each other, and nobody's books in memory become stale by them.
    """
    kind = "_shared" if is_shared else ""
    execute(f"SELECT pg_advisory_xact_lock{kind}(%s)", [_VERSIONS])


def market_row(name: str) -> tuple[int, str, str, str] | None:
    """market_id, line, currency, zone."""
    rows = fetch_rows(
        "SELECT market_id, line, currency, zone FROM promises_market WHERE name = %s", [name]
    )
    return (rows[0][0], rows[0][1], rows[0][2], rows[0][3]) if rows else None


def add_market(pack: Pack) -> int:
    rows = fetch_rows(
        "INSERT INTO promises_market (market_id, name, line, currency, zone) "
        "SELECT coalesce(max(market_id), 0) + 1, %s, %s, %s, %s FROM promises_market "
        "RETURNING market_id",
        [pack.market, pack.name, pack.currency, pack.zone],
    )
    return int(rows[0][0])


def set_line(market_id: int, line: str) -> None:
    execute("UPDATE promises_market SET line = %s WHERE market_id = %s", [line, market_id])


def published_pack(pack: Pack) -> PackRow | None:
    """The published pack with this very content, where its line governs the market."""
    rows = fetch_rows(
        "SELECT p.pack_id, p.published_at, p.version, p.market_id FROM promises_pack p "
        "JOIN promises_market m ON m.market_id = p.market_id AND m.line = p.name "
        "WHERE m.name = %s AND p.name = %s AND p.sha256 = %s",
        [pack.market, pack.name, pack.sha256],
    )
    if not rows:
        return None
    pack_id, published_at, version, market_id = rows[0]
    return PackRow(pack_id, pack.market, pack.name, pack.sha256, published_at, version, market_id)


def add_pack(pack: Pack, market_id: int, at: datetime) -> int:
    signed = pack.agreement
    rows = fetch_rows(
        "INSERT INTO promises_pack (market_id, name, version, sha256, published_at, title_zh, "
        "title_en, agreement_version, agreement_sha256, agreement_zh, agreement_en, files) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb) RETURNING pack_id",
        [
            market_id, pack.name, pack.version, pack.sha256, at, pack.title_zh, pack.title_en,
            signed.version, signed.sha256, signed.zh, signed.en, json.dumps(pack.files),
        ],
    )  # fmt: skip
    pack_id = int(rows[0][0])
    execute(
        "INSERT INTO promises_clause (pack_id, ref, title_zh, title_en, zh, en) "
        "SELECT %s, c.* FROM jsonb_to_recordset(%s::jsonb) "
        "AS c(ref text, title_zh text, title_en text, zh text, en text)",
        [pack_id, json.dumps([vars(c) for c in pack.clauses])],
    )
    return pack_id


def reworded(market_id: int, pack: Pack) -> bool:
    """Whether published clauses or the agreement say something else in this pack."""
    rows = fetch_rows(
        "SELECT EXISTS (SELECT FROM jsonb_to_recordset(%(clauses)s::jsonb) "
        "    AS g(ref text, zh text, en text) "
        "  JOIN LATERAL (SELECT c.zh, c.en FROM promises_clause c "
        "    JOIN promises_pack p USING (pack_id) "
        "    WHERE c.ref = g.ref AND p.market_id = %(market)s AND p.name = %(line)s "
        "    AND NOT EXISTS (SELECT FROM promises_withdrawal w WHERE w.pack_id = p.pack_id) "
        "    ORDER BY p.pack_id DESC LIMIT 1) AS c ON (c.zh, c.en) <> (g.zh, g.en)) "
        "OR (SELECT p.agreement_sha256 <> %(sha256)s FROM promises_pack p "
        "  WHERE p.market_id = %(market)s AND p.name = %(line)s "
        "  AND NOT EXISTS (SELECT FROM promises_withdrawal w WHERE w.pack_id = p.pack_id) "
        "  ORDER BY p.pack_id DESC LIMIT 1) IS TRUE",
        {
            "clauses": json.dumps([vars(c) for c in pack.clauses]), "market": market_id,
            "line": pack.name, "sha256": pack.agreement.sha256,
        },
    )  # fmt: skip
    return bool(rows[0][0])


def moved_categories(market_id: int, categories: Sequence[Category]) -> list[str]:
    """Published codes whose parent is another in `categories`, or that are missing there."""
    parents = {c.code: c.parent for c in categories}
    rows = fetch_rows(
        "SELECT code, parent FROM promises_category WHERE market_id = %s ORDER BY code",
        [market_id],
    )
    return [code for code, parent in rows if parents.get(code) != parent]


def put_categories(market_id: int, categories: Sequence[Category]) -> None:
    """Add new codes and take over new words; a code has one number in all markets."""
    rows = json.dumps([{**vars(c), "n": n} for n, c in enumerate(categories)])
    execute(
        "WITH given AS (SELECT * FROM jsonb_to_recordset(%(rows)s::jsonb) "
        "  AS g(n int, code text, parent text, zh text, en text)), "
        "known AS (SELECT DISTINCT code, category_id FROM promises_category), "
        "fresh AS (SELECT code, (SELECT coalesce(max(category_id), 0) FROM known) "
        "    + row_number() OVER (ORDER BY n) AS category_id "
        "  FROM given WHERE code <> 'general' AND code NOT IN (SELECT code FROM known)) "
        "INSERT INTO promises_category (market_id, code, category_id, parent, zh, en) "
        "SELECT %(market)s, g.code, coalesce(k.category_id, f.category_id, 0), g.parent, g.zh, "
        "  g.en FROM given g LEFT JOIN known k USING (code) LEFT JOIN fresh f USING (code) "
        "ON CONFLICT (market_id, code) DO UPDATE SET zh = excluded.zh, en = excluded.en",
        {"rows": rows, "market": market_id},
    )


def terms_of(market_id: int, line: str) -> list[Term]:
    """Every published term of a market's pack line, but for those withdrawn."""
    rows = fetch_rows(
        "SELECT tbl, key, (extract(epoch FROM lower(during)) * 1000000)::bigint, "
        "coalesce((extract(epoch FROM upper(during)) * 1000000)::bigint, %s), values, clause, "
        "source, certainty, notes, '', 0, term_id FROM promises_term "
        "WHERE market_id = %s AND line = %s AND withdrawn_at IS NULL ORDER BY term_id",
        [FAR_US, market_id, line],
    )
    return [Term(*row) for row in rows]


def add_terms(pack_id: int, market_id: int, line: str, terms: Sequence[Term]) -> None:
    """:raises psycopg.errors.ExclusionViolation: if two rows of a key would overlap"""
    if not terms:
        return
    names = [f"{market_id}|{line}|{t.table}|{t.key}" for t in terms]
    keys = [int(k) & _KEY_MASK for k in ids_of(names)]
    execute(
        "INSERT INTO promises_term (pack_id, market_id, line, tbl, key, k, during, values, "
        "clause, source, certainty, notes) "
        "SELECT %s, %s, %s, t.tbl, t.key, t.k, tstzrange(t.begins, t.ends), t.vals, t.clause, "
        "t.source, t.certainty, t.notes FROM jsonb_to_recordset(%s::jsonb) AS t(tbl text, "
        "key text, k bigint, begins timestamptz, ends timestamptz, vals jsonb, clause text, "
        "source text, certainty smallint, notes jsonb)",
        [
            pack_id,
            market_id,
            line,
            json.dumps([_row(t, k) for t, k in zip(terms, keys, strict=True)]),
        ],
    )


def _row(term: Term, key: int) -> dict[str, Any]:
    return {
        "tbl": term.table, "key": term.key, "k": key,
        "begins": moment_of(term.begins_us).isoformat(), "ends": _end(term),
        "vals": term.values, "clause": term.clause, "source": term.source,
        "certainty": term.certainty, "notes": term.notes,
    }  # fmt: skip


def _end(term: Term) -> str | None:
    return None if term.ends_us == FAR_US else moment_of(term.ends_us).isoformat()


def end_terms(terms: Sequence[Term]) -> None:
    """Close open rows at their new ends."""
    rows = [{"id": t.term_id, "ends": _end(t)} for t in terms]
    execute(
        "UPDATE promises_term t SET during = tstzrange(lower(t.during), g.ends) "
        "FROM jsonb_to_recordset(%s::jsonb) AS g(id bigint, ends timestamptz) "
        "WHERE t.term_id = g.id",
        [json.dumps(rows)],
    )


def note_terms(terms: Sequence[Term]) -> None:
    """Take over corrected sources and certainties."""
    rows = [
        {"id": t.term_id, "source": t.source, "certainty": t.certainty, "notes": t.notes}
        for t in terms
    ]
    execute(
        "UPDATE promises_term t SET source = g.source, certainty = g.certainty, notes = g.notes "
        "FROM jsonb_to_recordset(%s::jsonb) "
        "AS g(id bigint, source text, certainty smallint, notes jsonb) WHERE t.term_id = g.id",
        [json.dumps(rows)],
    )


# -- the life of a version -----------------------------------------------------------------------


def draft_of(market_id: int, name: str, version: str) -> Draft | None:
    rows = fetch_rows(
        "SELECT draft_id, market_id, name, version, sha256, opened_at, opened_by "
        "FROM promises_draft WHERE market_id = %s AND name = %s AND version = %s",
        [market_id, name, version],
    )
    return Draft(*rows[0]) if rows else None


def add_draft(pack: Pack, market_id: int, *, by: str, at: datetime) -> None:
    execute(
        "INSERT INTO promises_draft (market_id, name, version, sha256, opened_at, opened_by, "
        "files) VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb)",
        [market_id, pack.name, pack.version, pack.sha256, at, by, json.dumps(pack.files)],
    )


def add_comment(draft_id: int, *, words: str, by: str, at: datetime) -> int:
    """The comment's number; the same words of the same person are one comment."""
    once = [draft_id, by, sha256(words.encode()).hexdigest()]
    execute(
        "INSERT INTO promises_comment (draft_id, said_by, words_sha256, said_at, words) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [*once, at, words],
    )
    rows = fetch_rows(
        "SELECT comment_id FROM promises_comment WHERE draft_id = %s AND said_by = %s "
        "AND words_sha256 = %s",
        once,
    )
    return int(rows[0][0])


def add_reply(comment_id: int, *, words: str, by: str, at: datetime) -> str:
    """The reply that stands: this one, or the one given before."""
    execute(
        "INSERT INTO promises_reply (comment_id, said_at, said_by, words) "
        "VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [comment_id, at, by, words],
    )
    rows = fetch_rows("SELECT words FROM promises_reply WHERE comment_id = %s", [comment_id])
    return str(rows[0][0])


def add_announcement(pack_id: int, draft_id: int, notice: Notice, *, by: str) -> None:
    execute(
        "INSERT INTO promises_announcement (pack_id, draft_id, announced_at, announced_by, "
        "effective_at, is_major, notice_days, why_major) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb)",
        [
            pack_id, draft_id, notice.announced_at, by, notice.effective_at, notice.is_major,
            notice.days, json.dumps([{"zh": zh, "en": en} for zh, en in notice.why_major]),
        ],
    )  # fmt: skip


def is_withdrawn(pack_id: int) -> bool:
    return bool(fetch_rows("SELECT 1 FROM promises_withdrawal WHERE pack_id = %s", [pack_id]))


def withdraw_pack(pack_id: int, *, by: str, why: str, at: datetime) -> None:
    """Withdraw what a pack added, and open again what it would have ended."""
    execute(
        "INSERT INTO promises_withdrawal (pack_id, withdrawn_at, withdrawn_by, why) "
        "VALUES (%s, %s, %s, %s)",
        [pack_id, at, by, why],
    )
    execute("UPDATE promises_term SET withdrawn_at = %s WHERE pack_id = %s", [at, pack_id])
    execute(
        "UPDATE promises_term t SET during = tstzrange(lower(t.during), NULL) "
        "FROM promises_term w WHERE w.pack_id = %s AND w.k = t.k AND t.withdrawn_at IS NULL "
        "AND upper(t.during) = lower(w.during)",
        [pack_id],
    )
