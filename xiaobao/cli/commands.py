"""Every command by name, in the order of the help: its module and its words."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


@dataclass(frozen=True)
class Entry:
    """One command or group: the module that holds it, and its words in the help."""

    module: str
    zh: str
    en: str
    is_group: bool = True
    needs_house: bool = True  # models, and so Django's settings

    def load(self) -> typer.Typer:
        """Import the command: only the one asked for ever is."""
        app: typer.Typer = import_module(f"xiaobao.cli.{self.module}").app
        return app


# In the order of the help.
COMMANDS = {
    "demo": Entry(
        "demo",
        "从零生成一个市场，逐日运转，打印结果",
        "generate a marketplace, live it day by day, print what happened",
        is_group=False,
    ),
    "up": Entry(
        "up", "启动控制台与到期任务", "serve the consoles, and fire what is due", is_group=False
    ),
    "import": Entry("imports", "导入真实订单", "bring real orders in"),
    "run": Entry(
        "run",
        "触发到某一时刻为止所有到期的时钟",
        "fire every clock that is due up to a time",
        is_group=False,
    ),
    "sellers": Entry("sellers", "卖家：加入、列表、查看", "sellers: enrol, list, show"),
    "clients": Entry(
        "clients", "API 客户端：添加、列表、撤销", "clients of the API: add, list, revoke"
    ),
    "buyers": Entry(
        "buyers", "买家：订单的链接、收款账号", "buyers: links to orders, accounts to be paid to"
    ),
    "people": Entry(
        "people",
        "账号与角色：开通、邀请、给予、收回、列表、记录",
        "accounts and roles: add, invite, grant, revoke, list, log",
    ),
    "label": Entry(
        "label",
        "店铺的信誉标签",
        "a shop's trust label, as anybody may check it",
        is_group=False,
    ),
    "orders": Entry(
        "orders", "订单：一个订单的全部", "orders: one of them, with all that was told of it"
    ),
    "items": Entry("items", "消保商品：标记、取消、撤销", "covered items: mark, unmark, undo"),
    "deposit": Entry(
        "deposit", "保证金：报价、缴存、明细", "deposits: quote, lodge, show, statement"
    ),
    "policy": Entry("policy", "规则包：检查、发布、查看", "policy packs: lint, publish, show"),
    "ledger": Entry("ledger", "账本：检查、试算平衡", "the ledger: check, trial balance"),
    "claims": Entry(
        "claims",
        "维权：提出、答复、协商、举证、裁决、申诉、查看",
        "claims: file, answer, offer, rule, appeal, show, list",
    ),
    "hearings": Entry(
        "hearings", "裁决：队列、裁决与理由、大众评审", "hearings: queue, rulings, the jury"
    ),
    "exits": Entry("exits", "退保：核对、申请、审核、查看", "exits: check, apply, decide, follow"),
    "unowed": Entry(
        "unowed",
        "误付：要求退回、追回、核销",
        "money that left unowed: asked back, come back, written off",
    ),
    "coach": Entry(
        "coach",
        "辅导：怎样退得更多、更快",
        "what lets a seller leave sooner, or with more",
        is_group=False,
    ),
    "consult": Entry("consult", "咨询：提问、答复、查看", "consultations: ask, answer, show"),
    "violations": Entry(
        "violations",
        "违规：记录、申诉、复核、扣分、公示",
        "violations: record, appeal, decide, points, register",
    ),
    "supervision": Entry(
        "supervision",
        "监管：违约率、信号、抽查、平台自身时限",
        "breach rates, signals, inspections, the platform's own clocks",
    ),
    "evidence": Entry(
        "evidence", "证据：提交、查看、封存、检查", "evidence: add, show, prove, hold, seal, check"
    ),
    "dossier": Entry(
        "dossier",
        "一宗维权的卷宗：一个签名的档案",
        "everything of one claim in one signed archive",
        is_group=False,
    ),
    "replay": Entry(
        "replay",
        "按原规则重算决定，逐字节比较",
        "make decisions again by the very rules, and compare every byte",
        is_group=False,
    ),
    "verify": Entry(
        "verify",
        "离线核对一份卷宗，指出第一处错误",
        "check a dossier offline, and name the first thing that is wrong",
        is_group=False,
        needs_house=False,
    ),
    "lab": Entry(
        "lab", "政策实验室：导出历史、比较规则包", "the lab: export history, compare packs over it"
    ),
    "reconcile": Entry(
        "reconcile",
        "对账：网关账单与账本逐行核对",
        "a gateway's bill against the ledger, line by line",
        is_group=False,
    ),
    "gateway": Entry(
        "gateway",
        "支付网关：本机支付宝、账单下载、日结",
        "payment gateways: a local Alipay, bills fetched, days closed",
    ),
    "webhooks": Entry(
        "webhooks",
        "事件推送：订阅、密钥轮换、日志、重发",
        "webhooks: subscribe, rotate, log, replay, deliver",
    ),
    "doctor": Entry(
        "doctor",
        "运行状况：版本、待触发的时钟、被破坏的不变量",
        "versions, pending clocks, broken invariants: is all well?",
        is_group=False,
    ),
}
