"""Why something cannot be done about a claim now, and what can be."""

from __future__ import annotations

from typing import ClassVar

from xiaobao.kernel.money import in_words
from xiaobao.kernel.problems import Problem


class ClaimMoveImpossible(Problem):
    """What is asked cannot happen where the claim stands."""

    code = "claim_move_impossible"
    zh = "维权 {claim_id} {state_zh}，现在不能“{event_zh}”；现在可以：{possible_zh}"
    en = (
        "claim {claim_id} is '{state_en}': '{event_en}' cannot happen now; what can: {possible_en}"
    )


class ClaimKeyReused(Problem):
    """The key names something else that was done before."""

    code = "claim_key_reused"
    zh = "key 字段：“{key}”已用于另一项内容不同的操作；请换一个 key"
    en = "key: '{key}' names something else that was done before; give another key"


class ClaimNameTaken(Problem):
    """A claim of this name was filed with another content."""

    code = "claim_name_taken"
    zh = "key 字段：已有名为“{claim}”的维权，内容不同；请换一个 key"
    en = "key: a claim called '{claim}' stands with another content; give another key"


class OrderUnknown(Problem):
    code = "claim_order_unknown"
    status: ClassVar[int] = 404
    zh = "order 字段：卖家“{seller}”没有订单“{order}”，或其下单事实尚未到达；先导入订单"
    en = (
        "order: seller '{seller}' has no order '{order}', or its placing is not known yet; "
        "import it first"
    )


class GoodsProofMissing(Problem):
    """A seller proves that it repaired or replaced; the buyer's word alone needs no proof."""

    code = "claim_goods_proof_missing"
    status: ClassVar[int] = 422
    zh = "evidence 字段：请提交已维修或更换的证据（如运单、维修记录、照片）；或由买家确认"
    en = (
        "evidence: show that it was repaired or replaced (a waybill, a record of the repair, a "
        "photo), or let the buyer confirm it"
    )


class AskNotWider(Problem):
    """A buyer may ask for more, and not for something else that brings no more."""

    code = "claim_ask_not_wider"
    status: ClassVar[int] = 422
    zh = "ask 字段：改为这一诉求不会使您得到更多；可以改为：{more_zh}"
    en = "ask: this would bring no more than what is asked for; what would: {more_en}"


class AskWidened(Problem):
    """The buyer asked for more while the seller was about to accept."""

    code = "claim_ask_widened"
    zh = "ask 字段：买家刚刚把诉求改为“{ask_zh}”；请看过新的金额后再答复"
    en = "ask: the buyer asks for '{ask_en}' now; look at the new sum, and answer again"


class SuspendedByTest(Problem):
    """Clocks stand still for a test only by ordering one."""

    code = "claim_suspended_by_ordering_test"
    status: ClassVar[int] = 422
    zh = "reason 字段：test 不能直接用于中止；用 xiaobao claims order-test 送检，时限随之停止"
    en = (
        "reason: a claim is not suspended for a test; order one with xiaobao claims order-test, "
        "and its clocks stand still"
    )


class SuspendedByParties(Problem):
    """Talks are the parties' own: the platform does not stop the clocks for them."""

    code = "claim_suspended_by_parties"
    status: ClassVar[int] = 403
    zh = "reason 字段：自行和解由买卖双方都同意才中止；平台只为 court 或 police 中止"
    en = (
        "reason: for talks of their own both parties have to agree; the platform suspends for "
        "court or police alone"
    )


class AuthorityDocumentMissing(Problem):
    """A party stops the clocks for a court or the police only with a document of theirs."""

    code = "claim_authority_document_missing"
    status: ClassVar[int] = 422
    zh = (
        "evidence 字段：为法院或公安中止，须先提交受理或立案的机关文书"
        "（证据类型 authority_document）；没有文书时，时限照常进行"
    )
    en = (
        "evidence: to suspend for a court or the police, hand in their document first, as "
        "evidence of the kind authority_document; without it the clocks run on"
    )


class OtherHasToAgree(Problem):
    """One party asked for talks; the clocks stand still once the other asks too."""

    code = "claim_suspension_asked"
    zh = "reason 字段：已请求停表协商，对方同意后时限才停止；在此之前请照常办理"
    en = (
        "reason: a stop for talks was asked for; the clocks stand still once the other party "
        "agrees, and run until then"
    )


class ClaimSuspendedBefore(Problem):
    """Each reason stops the clocks once."""

    code = "claim_suspended_before"
    zh = "reason 字段：这件维权已因同一事由中止过；每种事由只能中止一次"
    en = "reason: the claim was suspended for this reason before; each stops it once"


class ResumedByOthers(Problem):
    """Who stopped the clocks lets them go on, or the platform; after talks either party."""

    code = "claim_resumed_by_others"
    status: ClassVar[int] = 403
    zh = "by 字段：这次中止只能由提出的一方或平台恢复；到期也会自动恢复"
    en = (
        "by: only who stopped the clocks or the platform lets them go on; they go on by "
        "themselves in the end"
    )


class ShopHadLeft(Problem):
    """What a shop sells after it left the guarantee is not under it."""

    code = "claim_shop_had_left"
    zh = "order 字段：订单“{order}”下单时卖家已退出消保，不在保障范围内；请向卖家或 12315 主张权利"
    en = (
        "order: the shop had left the guarantee when '{order}' was placed, so the guarantee does "
        "not cover it; turn to the shop, or to the consumer authority"
    )


class OrderOfAnother(Problem):
    """Only the buyer of an order claims about it."""

    code = "claim_order_of_another"
    status: ClassVar[int] = 403
    zh = "buyer 字段：订单“{order}”不属于买家“{buyer}”；只能就自己的订单维权"
    en = "buyer: order '{order}' is not of buyer '{buyer}'; a claim is about one's own order"


class ItemNotOrdered(Problem):
    code = "claim_item_not_ordered"
    status: ClassVar[int] = 422
    zh = "item 字段：订单“{order}”中没有商品“{item}”；其中有：{items}"
    en = "item: order '{order}' has no item '{item}'; it has: {items}"


class ClaimStands(Problem):
    """One claim of a kind about an order."""

    code = "claim_stands"
    zh = "kind 字段：该订单已有同类维权“{claim}”（{state_zh}）；请在其中继续，或对其申诉"
    en = (
        "kind: this order has a claim of this kind, '{claim}' ({state_en}); go on in it, or "
        "appeal its ruling"
    )


class ClaimsNotHeard(Problem):
    """The market's pack has no terms for claims."""

    code = "claims_not_heard"
    status: ClassVar[int] = 422
    zh = "市场“{market}”在下单时的规则包缺少维权条款：{missing}；发布补全后的规则包"
    en = (
        "the pack of market '{market}' had no terms for claims when the order was placed: "
        "{missing}; publish a pack that has them"
    )


class AmountWrong(Problem):
    code = "claim_amount_wrong"
    status: ClassVar[int] = 422
    zh = "amount 字段：{amount_minor} 须在 {least_minor} 与 {most_minor} 之间（最小货币单位）"
    en = "amount: {amount_minor} must lie between {least_minor} and {most_minor} minor units"
    page_zh = "金额须在 {least} 与 {most} 之间"
    page_en = "give an amount between {least} and {most}"

    def __init__(
        self, *, amount_minor: int, least_minor: int, most_minor: int, currency: str
    ) -> None:
        super().__init__(
            amount_minor=amount_minor, least_minor=least_minor, most_minor=most_minor,
            least=in_words(least_minor, currency), most=in_words(most_minor, currency),
        )  # fmt: skip


class OfferUnknown(Problem):
    code = "claim_offer_unknown"
    status: ClassVar[int] = 404
    zh = "offer 字段：没有待答复的第 {number} 号方案；用 xiaobao claims show 查看"
    en = "offer: no offer {number} stands; see xiaobao claims show"
    page_zh = "这个方案已不待答复；请刷新页面看“协商”，也可以另提一个方案"
    page_en = (
        "this offer stands no more; reload the page to see 'Talks', or make an offer yourself"
    )


class OfferOfOneself(Problem):
    code = "claim_offer_of_oneself"
    zh = "offer 字段：第 {number} 号方案是己方提出的，由对方答复"
    en = "offer: offer {number} is one's own; the other party answers it"


class ReopenTooLate(Problem):
    code = "claim_reopen_too_late"
    zh = "重新受理的期限已于 {closed_at} 届满，或该维权已重新受理过一次"
    en = "the time to reopen ended at {closed_at}, or the claim was reopened once before"


class NewFactsMissing(Problem):
    code = "claim_new_facts_missing"
    status: ClassVar[int] = 422
    zh = "words 字段：重新受理须说明新的事实或提交新的证据"
    en = "words: say what is new, or hand in new evidence, for a claim to be reopened"


class MomentMissed(Problem):
    """An act is told with a moment before what stands."""

    code = "claim_moment_missed"
    status: ClassVar[int] = 422
    zh = "at 字段：{at} 早于该维权的提出时间 {filed_at}"
    en = "at: {at} is before the claim was filed, {filed_at}"
