"""What programs that call the API may do: scopes by name, and which of them each role can have."""

from __future__ import annotations

from enum import IntEnum


class ClientRole(IntEnum):
    """For whom a program speaks. A seller's speaks for one shop, and sees no other."""

    PLATFORM = 1  # the marketplace's own system: names the person it speaks for
    SELLER = 2
    ADJUDICATOR = 3
    POLICY = 4
    FINANCE = 5
    SUPERVISOR = 6


# zh, en
CLIENT_ROLE_WORDS = {
    ClientRole.PLATFORM: ("平台系统", "the marketplace's own system"),
    ClientRole.SELLER: ("一家店铺", "one shop"),
    ClientRole.ADJUDICATOR: ("小二", "adjudicator"),
    ClientRole.POLICY: ("规则", "policy owner"),
    ClientRole.FINANCE: ("财务", "finance"),
    ClientRole.SUPERVISOR: ("监管", "supervisor"),
}
SCOPE_WORDS = {
    "sellers:read": ("查看卖家", "see sellers"),
    "sellers:write": (
        "办理加入、修改店铺资料与承诺",
        "enrol sellers, change profiles",
    ),
    "items:read": ("查看消保商品", "see covered items"),
    "items:write": ("标记、取消、撤销", "mark, unmark, undo"),
    "orders:read": ("查看订单", "see orders"),
    "facts:write": ("提交订单事实", "tell facts of orders"),
    "deposits:read": ("查看保证金与流水", "see deposits and statements"),
    "deposits:write": ("报价、缴存", "quote and lodge"),
    "claims:read": ("查看维权", "see claims"),
    "claims:write": ("提出、答复、协商、举证、撤回、申诉", "file, answer, offer, show, appeal"),
    "rulings:write": (
        "裁决、中止与恢复、送检、交大众评审",
        "rule, suspend and resume, order tests, put claims to a jury",
    ),
    "juries:read": ("查看评审员与评审团", "see jurors and panels"),
    "juries:write": (
        "管理评审员、代评审员密封与公开投票",
        "keep jurors, hand in and open their votes",
    ),
    "advice:read": ("查看咨询", "see threads with specialists"),
    "advice:write": ("提问、答复、结束咨询", "ask, answer, close threads"),
    "exits:read": ("查看退保", "see exits"),
    "exits:write": ("申请、提交、撤回退保", "apply to exit, submit, call off"),
    "exits:decide": ("批准、驳回退保", "approve and refuse exits"),
    "violations:read": ("查看违规", "see violations"),
    "violations:write": ("记录、复核违规", "record violations and decide about them"),
    "violations:appeal": ("申诉违规", "appeal against violations"),
    "packs:read": ("查看规则包", "see policy packs"),
    "packs:write": (
        "征求意见、答复意见、公示、撤回",
        "consult, reply, announce, withdraw versions of packs",
    ),
    "drafts:comment": ("对草案提意见", "comment on drafts of packs"),
    "buyers:write": (
        "给买家订单链接、绑定收款账号",
        "give buyers links to orders, bind where they are paid",
    ),
    "books:read": ("查看试算平衡、欠款、对账", "see the trial balance, debts, reconciliation"),
    "books:write": ("提交账单、日结", "hand bills in, close days"),
    "unowed:write": ("了结误付", "settle money that left unowed"),
    "supervision:read": ("查看监管", "see shops ranked, signals, the platform's own clocks"),
    "webhooks:read": ("查看事件推送", "see webhooks"),
    "webhooks:write": ("订阅、轮换密钥、重发", "subscribe, rotate secrets, replay"),
    "decisions:read": ("查看、重算决定", "see decisions and replay them"),
}
_READING = frozenset(scope for scope in SCOPE_WORDS if scope.endswith(":read"))
# What no shop sees.
_INSIDE = {"decisions:read", "juries:read", "books:read", "supervision:read"}
_OF_ROLE = {
    ClientRole.PLATFORM: frozenset(SCOPE_WORDS),
    ClientRole.SELLER: (_READING - _INSIDE)
    | {
        "sellers:write", "items:write", "deposits:write", "claims:write", "exits:write",
        "violations:appeal", "webhooks:write", "advice:write", "drafts:comment",
    },
    # Where messages go, and whose books differ, is nothing that a ruling rests on.
    ClientRole.ADJUDICATOR: (_READING - {"webhooks:read", "books:read", "supervision:read"})
    | {"rulings:write", "exits:decide", "advice:write"},
    ClientRole.POLICY: frozenset({"packs:read", "packs:write", "sellers:read"}),
    ClientRole.FINANCE: frozenset(
        {
            "sellers:read", "deposits:read", "exits:read", "books:read", "books:write",
            "unowed:write",
        }
    ),
    ClientRole.SUPERVISOR: _READING | {"violations:write"},
}  # fmt: skip


def scopes_of(role: ClientRole) -> list[str]:
    """Every scope that a role can have, in the order of the table."""
    return [scope for scope in SCOPE_WORDS if scope in _OF_ROLE[role]]
