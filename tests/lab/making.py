"""Histories for tests of the lab, made without a database: senseless lives under real packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.orders.making import random_facts
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.knowing import as_it_was_known
from xiaobao.lab.history.shapes import Place, Stretch
from xiaobao.lab.replay.policies import Policy, policy_of
from xiaobao.promises.facts import Category
from xiaobao.promises.packs import read_files

if TYPE_CHECKING:
    from xiaobao.orders.facts import Facts

CN = Place(
    "cn", 1, "CNY", "Asia/Shanghai", ((0, Category("general", "", "通用", "general")),), "cn",
    (), FAR_US,
)  # fmt: skip
SHANGHAI = zone_of(CN.zone)


def cn() -> Policy:
    return policy_of(read_files("cn"), CN, "cn")


def harsher() -> Policy:
    """The same pack with a third more time and twice the price for being late."""
    files = read_files("cn")
    files["shipping.toml"] = files["shipping.toml"].replace("ship_hours = 48", "ship_hours = 64")
    late = "late_shipment,2025-02-13,,true,"
    files["compensation.csv"] = files["compensation.csv"].replace(
        f"{late}500,500,3000", f"{late}1000,500,9000"
    )
    return policy_of(files, CN, "harsher")


def facts_of(seed: int, orders: int = 12) -> Facts:
    return random_facts(np.random.default_rng(seed), orders)


def stretch_of(facts: Facts) -> Stretch:
    """A history of these facts, as they were known."""
    known = as_it_was_known(facts, SHANGHAI)
    f = known.states
    rank = np.lexsort((known.until_us, f.order_id, f.seller_id))
    place = np.empty(len(rank), np.int64)
    place[rank] = np.arange(len(rank))
    details = known.details.take(np.argsort(place[known.details.row], kind="stable"))
    details = type(details)(**{**details.as_dict(), "row": place[details.row]})
    states = f.take(rank)
    return Stretch(
        0, states, days_of(states.ordered_us, SHANGHAI), known.known_us[rank],
        known.until_us[rank], details,
    )  # fmt: skip
