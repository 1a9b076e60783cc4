"""Why an act about a violation cannot be done, and what to do instead."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.problems import Problem


class ViolationSellerUnknown(Problem):
    code: ClassVar[str] = "violation_seller_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "seller 字段：没有编号为 {seller_id} 的卖家；请先加入消保"
    en: ClassVar[str] = "seller: nobody has the id {seller_id}; enrol the seller first"


class ViolationNotRuled(Problem):
    """The market's pack, as it was when this happened, says nothing of this kind."""

    code: ClassVar[str] = "violation_not_ruled"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "kind 字段：市场“{market}”的规则包在当时没有“{what}”的规定；"
        "换一个种类，或先发布规定它的规则包"
    )
    en: ClassVar[str] = (
        "kind: the pack of market '{market}' did not rule on {what} at that time; choose another "
        "kind, or publish a pack that does"
    )


class ViolationNameTaken(Problem):
    code: ClassVar[str] = "violation_name_taken"
    zh: ClassVar[str] = "violation 字段：“{violation}”已用于该卖家的另一条违规；换一个名称"
    en: ClassVar[str] = (
        "violation: '{violation}' names another violation of this seller; give another name"
    )


class ViolationNotNameable(Problem):
    code: ClassVar[str] = "violation_not_nameable"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{field} 字段：不能为空；填写后再试"
    en: ClassVar[str] = "{field}: may not be blank; fill it in"


class ViolationUnitsWrong(Problem):
    code: ClassVar[str] = "violation_units_wrong"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "units 字段：{units} 须为 1 或以上的整数（涉及多少订单或商品）"
    en: ClassVar[str] = "units: {units} must be 1 or more (how many orders or items it is about)"


class ViolationInFuture(Problem):
    code: ClassVar[str] = "violation_in_future"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "happened 字段：{happened} 晚于记录时间 {at}；写发生的时间"
    en: ClassVar[str] = "happened: {happened} is later than the record at {at}; say when it was"


class ViolationMoveImpossible(Problem):
    code: ClassVar[str] = "violation_move_impossible"
    zh: ClassVar[str] = (
        "违规“{violation}”当前为“{state_zh}”，不能{event_zh}；现在可以：{possible_zh}"
    )
    en: ClassVar[str] = (
        "violation '{violation}' is {state_en}: it cannot be {event_en}; possible now: "
        "{possible_en}"
    )


class SamePersonDecides(Problem):
    """Nobody decides about what they recorded themselves."""

    code: ClassVar[str] = "violation_same_person"
    status: ClassVar[int] = 403
    zh: ClassVar[str] = "by 字段：“{by}”就是记录这条违规的人；须由另一人决定"
    en: ClassVar[str] = "by: '{by}' recorded this violation; another person has to decide"
