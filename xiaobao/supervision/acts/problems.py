"""Why an act of supervision cannot be done, and what to do instead."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class InspectionOpen(Problem):
    code: ClassVar[str] = "inspection_open"
    zh: ClassVar[str] = "该店铺第 {number} 号抽查还没有结束；先结束它，再开始新的"
    en: ClassVar[str] = "inspection {number} of this shop is open: close it before opening another"


class InspectionClosed(Problem):
    code: ClassVar[str] = "inspection_closed"
    zh: ClassVar[str] = "第 {number} 号抽查已结束，不能再记录；如有新情况，另开一次抽查"
    en: ClassVar[str] = "inspection {number} is closed: nothing is recorded any more; open another"


class NothingToInspect(Problem):
    code: ClassVar[str] = "inspection_nothing_to_draw"
    zh: ClassVar[str] = "该店铺在已统计的最近 {weeks} 周内没有订单，无从抽样；等下一周统计后再试"
    en: ClassVar[str] = (
        "this shop had no orders in the last {weeks} weeks counted: there is nothing to draw "
        "from; try again once the next week is counted"
    )


class InspectionWithoutReasons(Problem):
    code: ClassVar[str] = "inspection_without_reasons"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{field} 字段：不能为空；写明理由或选择后再试"
    en: ClassVar[str] = "{field}: may not be blank; give the reasons, or choose"


class InspectionKeyReused(Problem):
    code: ClassVar[str] = "inspection_key_reused"
    zh: ClassVar[str] = "key 字段：“{key}”已用于另一件事；请换一个 key"
    en: ClassVar[str] = "key: '{key}' names something else done before; give another key"


class OrderNotSampled(Problem):
    code: ClassVar[str] = "inspection_order_not_sampled"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "order 字段：“{order}”不在这次的样本中；只能记录抽到的订单"
    en: ClassVar[str] = "order: '{order}' was not drawn for this inspection; record what was"


class FindingStands(Problem):
    code: ClassVar[str] = "inspection_finding_stands"
    zh: ClassVar[str] = "order 字段：“{order}”的结果已经记录，不能更改"
    en: ClassVar[str] = "order: the finding about '{order}' stands and cannot be changed"


class SampleUnfinished(Problem):
    code: ClassVar[str] = "inspection_sample_unfinished"
    zh: ClassVar[str] = (
        "样本 {sampled} 笔订单只看了 {found} 笔：看完全部后再作结论，或选择中途取消"
    )
    en: ClassVar[str] = (
        "of {sampled} orders drawn {found} were looked at: look at all of them, or call it off"
    )


class OutcomeContradicts(Problem):
    code: ClassVar[str] = "inspection_outcome_contradicts"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "outcome 字段：样本中有 {broken} 笔此前未知的违约，结论须与之一致"
    en: ClassVar[str] = "outcome: {broken} orders are broken that were not known; it must agree"
