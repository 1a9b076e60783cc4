"""The live catalogue: what the application role may do, and how every table is keyed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from xiaobao.database.connections import APP_ROLE, OWNER
from xiaobao.database.opening import append_only_tables, deletable_tables
from xiaobao.database.roles import READ_ONLY, grant
from xiaobao.database.sets import cursor

pytestmark = pytest.mark.django_db

# Written once when published, by a catalogue's own key; copied whole to every machine.
CATALOGUE_ROOMS = ("promises_",)
KEYS = """
SELECT c.relname, x.indisprimary, i.relname,
       array(SELECT a.attname::text FROM unnest(x.indkey) WITH ORDINALITY k(n, at)
             JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n
             ORDER BY k.at)
  FROM pg_index x
  JOIN pg_class c ON c.oid = x.indrelid
  JOIN pg_class i ON i.oid = x.indexrelid
 WHERE x.indisunique AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)
"""


def rows(query: str, *params: Any) -> list[tuple[Any, ...]]:
    with cursor() as cur:
        return cur.execute(query, params).fetchall()


def tables() -> set[str]:
    return {
        name
        for (name,) in rows(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p')"
        )
    }


def sellers_tables() -> list[str]:
    return sorted(
        name
        for (name,) in rows(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
            "AND a.attname = 'seller_id' AND NOT a.attisdropped"
        )
    )


def may(table: str, verb: str) -> bool:
    ((answer,),) = rows("SELECT has_table_privilege(%s, %s, %s)", APP_ROLE, table, verb)
    return bool(answer)


def test_acts_run_as_the_application_role() -> None:
    assert rows("SELECT current_user::text") == [(APP_ROLE,)]


def test_nobody_may_delete_anything_but_sign_ins_nor_truncate() -> None:
    # Answers kept for a repeated call, counts of a minute, and what came of each attempt to
    # deliver an event are nobody's history either.
    signing_in = set(deletable_tables())
    assert {one.split("_")[0] for one in signing_in} - {"work", "outbox"} == {
        "account", "allauth", "auth", "django", "mfa", "usersessions",
    }  # fmt: skip
    assert {one for one in signing_in if one.startswith(("work_", "outbox_"))} == {
        "outbox_attempt", "work_allowance", "work_answer", "work_figure_failure",
    }  # fmt: skip
    assert tables() > signing_in
    for table in tables():
        assert may(table, "DELETE") is (table in signing_in), table
        assert not may(table, "TRUNCATE"), table


def test_what_is_append_only_may_not_be_updated() -> None:
    named = append_only_tables()
    assert "ledger_posting" in named
    assert "orders_fact" in named
    assert set(named) <= tables(), "a table is named that is not there"
    for table in named:
        assert may(table, "INSERT"), table
        assert not may(table, "UPDATE"), table


REFUSED = (
    "UPDATE ledger_posting SET seller_id = 0",
    "DELETE FROM ledger_posting",
    "DELETE FROM ledger_book",
    "TRUNCATE ledger_posting",
    "DROP TABLE ledger_posting",
    "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
    "UPDATE orders_fact SET seller_id = 0",
    "DELETE FROM orders_fact",
    """INSERT INTO orders_fact SELECT * FROM orders_fact
       ON CONFLICT (seller_id, order_id, kind, digest) DO UPDATE SET reason = 0""",
    "SELECT * FROM ledger_posting FOR UPDATE",
    "CREATE TABLE public.mine (id int)",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE RULE mine AS ON UPDATE TO ledger_book DO NOTHING",
    "ALTER TABLE ledger_posting OWNER TO xiaobao_app",
    "CREATE ROLE mine",
    "ALTER ROLE xiaobao_app SUPERUSER",
    "COPY ledger_book TO PROGRAM 'true'",
    "COPY ledger_book TO '/tmp/mine'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT lo_import('/etc/passwd')",
)


@pytest.mark.parametrize("verb", REFUSED)
def test_postgresql_refuses_the_application_role(verb: str) -> None:
    with cursor() as cur, pytest.raises(psycopg.errors.InsufficientPrivilege):
        cur.execute(verb)


def test_the_application_role_owns_nothing_and_nothing_lends_it_more() -> None:
    assert rows(
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, rolcanlogin "
        "FROM pg_roles WHERE rolname = %s", APP_ROLE,
    ) == [(False,) * 6]  # fmt: skip
    assert rows("SELECT relname FROM pg_class WHERE relowner = %s::regrole", APP_ROLE) == []
    member = "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = %s::regrole"
    assert rows(member, APP_ROLE) == []
    assert (
        rows(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        == []
    )
    columns = (
        "SELECT attrelid::regclass::text FROM pg_attribute WHERE attacl IS NOT NULL "
        "AND attrelid::regclass::text = ANY(%s)"
    )
    assert rows(columns, sorted(tables())) == []


def test_the_rest_may_be_read_added_and_updated() -> None:
    for table in tables() - READ_ONLY - set(append_only_tables()):
        assert may(table, "SELECT"), table
        assert may(table, "INSERT"), table
        assert may(table, "UPDATE"), table


def test_migrations_are_recorded_by_the_owner_alone() -> None:
    assert may("django_migrations", "SELECT")
    assert not may("django_migrations", "INSERT")


@pytest.mark.django_db(databases=["default", OWNER])
def test_granting_again_changes_nothing() -> None:
    assert grant(append_only_tables(), deletable_tables()) is False


def test_every_table_is_a_sellers_or_a_catalogues_or_named() -> None:
    """A table that is neither must say here why it is small and shared."""
    shared = {
        "django_migrations",
        "work_window",  # a row a day: how far time has been lived, by one process at a time
        "evidence_tile",  # the log's tree: 256 hashes a row, added by the sealing alone
        "evidence_checkpoint",  # a row a sealing
        "evidence_stamp",  # a row for each trusted timestamp over a checkpoint
        "hearings_juror",  # a row a juror, added by staff
        "hearings_known_case",  # cases that jurors are tested by; few, added by staff
        "hearings_known_vote",  # a juror's own answers to them
        "people_zone",  # a row for each account that chose in which zone it reads times
        "people_invitation",  # a row an invitation, made by staff
        "outbox_subscription",  # a row a subscription, made by staff
        "violations_look",  # a row a market: how far it was looked at, by the one run there is
        "supervision_look",  # a row a market: the week that is counted next, by the same run
        "work_comparison",  # a row for each pack that staff had compared over all of history
        "work_bill",  # a row for each bill of a gateway that was read
        "work_day_close",  # a row a day
        "work_payee",  # a buyer's own row: where it is paid
        "work_life",  # one row: the generated marketplace of a demonstration
        "work_figure",  # a row for each figure over all of history, reckoned beside the clocks
        "trust_report",  # four a year and market: as it was published
        "trust_report_due",  # a row a market: the quarter to be reported next
        "supervision_judged_by",  # a row a market and week: the numbers it was judged by
    }
    others = tables() - set(sellers_tables()) - shared - set(deletable_tables())
    assert {t for t in others if not t.startswith(CATALOGUE_ROOMS)} == set()


def test_a_sellers_table_is_keyed_by_the_seller_first() -> None:
    keys = rows(KEYS, sellers_tables())
    primary = {table: columns for table, is_primary, _, columns in keys if is_primary}
    assert set(primary) == set(sellers_tables())
    assert [t for t, columns in primary.items() if columns[0] != "seller_id"] == []


def test_every_unique_constraint_of_a_sellers_table_holds_the_seller() -> None:
    keys = rows(KEYS, sellers_tables())
    assert [name for _, _, name, columns in keys if "seller_id" not in columns] == []


def test_what_a_distributed_postgresql_could_not_keep_is_named_here() -> None:
    """Exclusions and triggers on sellers' tables; spread over machines, these would be dropped.

    Covers are few and lodged under the seller's lock, which keeps them apart as well.
    """
    found = rows(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'x' "
        "AND conrelid::regclass::text = ANY(%s) UNION ALL "
        "SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal "
        "AND tgrelid::regclass::text = ANY(%s)",
        sellers_tables(),
        sellers_tables(),
    )
    assert {table for (table,) in found} <= {"deposits_cover"}


def test_terms_may_not_overlap_by_the_databases_own_word() -> None:
    guarded = {
        name
        for (name,) in rows(
            "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'x' OR conperiod"
        )
    }
    dated = {
        name
        for (name,) in rows(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
            "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
            "AND c.relname LIKE 'promises%%' AND NOT a.attisdropped "
            "AND (a.attname IN ('begins', 'begins_at', 'during', 'in_force') "
            "     OR a.atttypid = 'tstzrange'::regtype)"
        )
    }
    assert dated
    assert dated <= guarded
