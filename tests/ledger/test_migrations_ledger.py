"""A database of before, with postings in it, is brought to what is written now."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib import import_module

import numpy as np
import psycopg
import pytest
from django.db import transaction

from tests.ledger.ledger_model import Asked, postings
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.ledger import acts, queries

pytestmark = pytest.mark.usefixtures("committed")
START = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE = (
    "ALTER TABLE ledger_posting "
    "DROP CONSTRAINT ledger_posting_pkey, DROP CONSTRAINT ledger_posting_cause, "
    "ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (seller_id, cause, leg), "
    "ADD CONSTRAINT ledger_posting_seq UNIQUE (seller_id, seq)"
)
NOW = {
    "ledger_posting_pkey": "PRIMARY KEY (seller_id, seq)",
    "ledger_posting_cause": "UNIQUE (cause, leg, seller_id)",
}


def keys() -> dict[str, str]:
    return dict(
        fetch_rows(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = 'ledger_posting'::regclass AND contype IN ('p', 'u')"
        )
    )


def test_a_database_of_before_keeps_its_postings_and_their_keys() -> None:
    """One statement: whole or not at all, so that a start cut off begins it again."""
    acts.open_books(np.array([3]), "CNY", at=START)
    acts.post_all(postings([Asked(3, 1, amount=500)]))
    assert keys() == NOW
    with cursor("owner") as owner:
        owner.execute(BEFORE)
    assert acts.post(postings([Asked(3, 1, amount=500)])).counts() == {"replay": 1}
    migration = import_module("xiaobao.ledger.migrations.0002_pre_keys_in_time").Migration
    (change,) = migration.operations[0].database_operations
    with transaction.atomic(using="owner"), cursor("owner") as owner:
        owner.execute(change.sql)
    assert keys() == NOW
    again = [Asked(3, 1, amount=500), Asked(3, 1, 1), Asked(3, 1, amount=1)]
    assert acts.post(postings(again)).counts() == {"posted": 1, "replay": 1, "other_content": 1}
    for line in ("seq + 9, cause", "seq, gen_random_uuid()"):
        names = line.replace(" + 9", "").replace("gen_random_uuid()", "cause")
        with pytest.raises(psycopg.errors.UniqueViolation), cursor("owner") as owner:
            owner.execute(
                f"INSERT INTO ledger_posting ({names}, seller_id, at, amount, source_after, "
                "target_after, expires_at, hold, leg, op, source, target, why) "
                f"SELECT {line}, seller_id, at, amount, source_after, target_after, expires_at, "
                "hold, leg, op, source, target, why FROM ledger_posting WHERE seq = 1"
            )
    assert queries.check() == []
