"""Why something cannot be done about an exit now, and what can be."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class ExitMoveImpossible(Problem):
    """What is asked cannot happen where the exit stands."""

    code = "exit_move_impossible"
    zh = "第 {number} 号退保{state_zh}，不能“{event_zh}”；用 xiaobao exits show 查看"
    en = "exit {number} is '{state_en}': '{event_en}' cannot happen now; see xiaobao exits show"
    page_zh = "第 {number} 号退保{state_zh}，不能“{event_zh}”；请刷新页面，看它走到哪一步"
    page_en = (
        "exit {number} is '{state_en}': '{event_en}' cannot happen now; reload the page to see "
        "where it stands"
    )


class ExitUnderWay(Problem):
    """One exit at a time."""

    code = "exit_under_way"
    zh = "已有第 {number} 号退保在进行（{state_zh}）；先等它结束，或撤回"
    en = "exit {number} is under way ({state_en}); wait for it, or cancel it first"


class NoExitUnderWay(Problem):
    code = "no_exit_under_way"
    status: ClassVar[int] = 404
    zh = "卖家 {seller_id} 没有进行中的退保；用 xiaobao exits apply 申请"
    en = "seller {seller_id} has no exit under way; apply with xiaobao exits apply"
    page_zh = "没有进行中的退保；请刷新页面，看最近一次如何结束"
    page_en = "no exit is under way; reload the page to see how the last one ended"


class ExitKeyReused(Problem):
    """The key names another application."""

    code = "exit_key_reused"
    zh = "key 字段：“{key}”已用于另一份内容不同的申请；请换一个 key"
    en = "key: '{key}' names another application, of other content; give another key"


class ExitAmountTooLarge(Problem):
    """More is asked than may leave now."""

    code = "exit_amount_too_large"
    status: ClassVar[int] = 422
    zh = (
        "amount 字段：申请退还 {asked_minor}，现在最多可退 {free_minor}（最小货币单位）；"
        "xiaobao exits check 列出占用的每一项和到期日"
    )
    en = (
        "amount: {asked_minor} is asked, and at most {free_minor} (minor units) may leave now; "
        "xiaobao exits check lists what holds the rest, and until when"
    )
    page_zh = "超过现在可退的金额；“还有哪些事项占用保证金”列出占用的每一项和到期日"
    page_en = (
        "more than can be returned now; 'What is still holding it' lists each thing that holds "
        "the rest, and until when"
    )


class ExitAmountMissing(Problem):
    code = "exit_amount_missing"
    status: ClassVar[int] = 422
    zh = "amount 字段：部分退还须给出正的金额；全部退还用 --all"
    en = "amount: give a positive amount for a part; for all of it, --all"
    page_zh = "请填写大于零的金额；要退还全部，请在上方选“全部退还并退出”"
    page_en = "give a positive amount; for all of it, choose 'All of it, and leave' above"


class NothingToRefund(Problem):
    """Nothing is there to be paid back, and nothing to leave."""

    code = "exit_nothing_to_refund"
    status: ClassVar[int] = 422
    zh = "卖家 {seller_id} 已不在消保中，也没有可退的保证金"
    en = "seller {seller_id} has left the guarantee, and there is no deposit to pay back"


class BoundAccountMissing(Problem):
    """Money goes only to an account bound in the real name."""

    code = "exit_account_missing"
    status: ClassVar[int] = 422
    zh = "店铺资料缺少 {fields}：退款只付到实名的绑定账户；用 xiaobao sellers profile 补全"
    en = (
        "the shop profile lacks {fields}: money goes back only to an account bound in the real "
        "name; complete it with xiaobao sellers profile"
    )
    page_zh = "收款账户资料不全：退款只付到实名的绑定账户；请先在“承诺与资料”里补全"
    page_en = (
        "the account to pay to is not complete: money goes back only to an account bound in the "
        "real name; complete it under 'Promises'"
    )


class RefusalNeedsBlocker(Problem):
    """Nothing that is waited for stands, and something may leave: it may not be refused."""

    code = "exit_refusal_needs_blocker"
    zh = "没有须等待的阻碍项，不能驳回（电子商务法第三十四、三十五条）；请批准"
    en = (
        "nothing stands that the pack waits for, so it may not be refused (E-Commerce Law "
        "articles 34 and 35); approve it"
    )


class WordsMissing(Problem):
    code = "exit_words_missing"
    status: ClassVar[int] = 422
    zh = "why 字段：驳回须写明理由"
    en = "why: a refusal states its reasons"
