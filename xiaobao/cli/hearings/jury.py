"""`xiaobao hearings jury`: jurors, their tests, panels, sealed and opened votes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from xiaobao.cli.claims.naming import ClaimName, Key, SellerOf, Words, key_of, moment_at
from xiaobao.cli.claims.printing import words_for
from xiaobao.cli.evidence.pieces import named
from xiaobao.cli.house import Moment, open_for_command
from xiaobao.cli.output import Json, moment, print_json, print_pairs, print_table, say

if TYPE_CHECKING:
    from xiaobao.hearings.facts import PanelRow

app = typer.Typer(
    help="大众评审：评审员、测试、抽取、密封与公开投票 · jurors, tests, panels, votes",
    no_args_is_help=True,
)
Juror = Annotated[str, typer.Option("--juror", metavar="NAME", help="评审员 · the juror")]
VoteOf = Annotated[str, typer.Option("--vote", help="uphold, reject")]
Salt = Annotated[
    str,
    typer.Option("--salt", metavar="S", help="自选的秘密，公开时须一致 · a secret word"),
]


@app.command("add")
def add(
    juror: Annotated[str, typer.Argument(metavar="NAME")],
    *,
    kind: Annotated[str, typer.Option(help="buyer, seller, expert")],
    at: Moment = None,
    as_json: Json = False,
) -> None:
    """增加评审员 · add a juror"""
    from xiaobao.hearings.facts import JurorKind

    which = named(JurorKind, kind, "--kind")
    open_for_command()
    from xiaobao.hearings import acts

    acts.add_juror(juror, which, at=moment_at(at))
    _done(juror, as_json=as_json)


@app.command("remove")
def remove(
    juror: Annotated[str, typer.Argument(metavar="NAME")], *, at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """不再抽取该评审员 · draw a juror no more"""
    open_for_command()
    from xiaobao.hearings import acts

    acts.end_juror(juror, at=moment_at(at))
    _done(juror, as_json=as_json)


@app.command("known")
def known(
    case: Annotated[str, typer.Argument(metavar="CASE")], *, vote: VoteOf, words: Words = "",
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """增加答案已知的测试案例 · add a case whose right answer is known"""
    from xiaobao.hearings.facts import Vote

    right = named(Vote, vote, "--vote")
    open_for_command()
    from xiaobao.hearings import acts

    acts.add_known_case(case, right, words=words, at=moment_at(at))
    _done(case, as_json=as_json)


@app.command("test")
def judge(
    case: Annotated[str, typer.Argument(metavar="CASE")], *, juror: Juror, vote: VoteOf,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """评审员判断测试案例 · a juror judges a known case"""
    from xiaobao.hearings.facts import Vote

    said = named(Vote, vote, "--vote")
    open_for_command()
    from xiaobao.hearings import acts

    is_right = acts.judge_known_case(juror, case, said, at=moment_at(at))
    if as_json:
        print_json({"juror": juror, "case": case, "is_right": is_right})
    else:
        print(say(zh="正确", en="right") if is_right else say(zh="错误", en="wrong"))


@app.command("list")
def list_jurors(*, as_json: Json = False) -> None:
    """评审员及其测试成绩 · jurors, and how they judged known cases"""
    open_for_command()
    from xiaobao.hearings.facts import JUROR_WORDS
    from xiaobao.hearings.queries import jurors

    rows = jurors()
    if as_json:
        print_json({"jurors": rows})
        return
    print_table(
        [say(zh="评审员", en="juror"), say(zh="类别", en="kind"),
         say(zh="测试案例", en="known cases"), say(zh="其中正确", en="of them right")],
        [[row.name, words_for(JUROR_WORDS[row.kind]), row.cases, row.right]
         for row in rows if row.left_at is None],
    )  # fmt: skip


@app.command("call")
def call(
    claim: ClaimName, *, seller: SellerOf = None, key: Key, at: Moment = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """把维权交大众评审，种子由证据链和日志得出 · put a claim to a jury, drawn by lot"""
    open_for_command()
    from xiaobao.hearings import acts

    named_claim = key_of(claim, seller)
    panel = acts.call_panel(named_claim.seller_id, named_claim.claim_id, key=key, at=moment_at(at))
    _print_panel(claim, panel, as_json=as_json)


@app.command("seal")
def seal(
    claim: ClaimName, *, juror: Juror, vote: VoteOf, salt: Salt, seller: SellerOf = None,
    at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """密封投票：只交哈希，不交选择 · hand in a sealed vote: its hash alone"""
    from xiaobao.hearings.facts import Vote

    said = named(Vote, vote, "--vote")
    open_for_command()
    from xiaobao.hearings import acts
    from xiaobao.hearings.queries import panels_of
    from xiaobao.hearings.rules.jury import seal as seal_of
    from xiaobao.kernel.references import id_of

    named_claim = key_of(claim, seller)
    panels = panels_of(named_claim.seller_id, named_claim.claim_id)
    sealed = seal_of(panels[-1].reference, id_of(juror), said, salt) if panels else ""
    panel = acts.seal_vote(
        named_claim.seller_id, named_claim.claim_id, juror=juror, sha256=sealed, at=moment_at(at)
    )
    _print_panel(claim, panel, as_json=as_json)


@app.command("open")
def open_one(
    claim: ClaimName, *, juror: Juror, vote: VoteOf, salt: Salt, words: Words = "",
    seller: SellerOf = None, at: Moment = None, as_json: Json = False,
) -> None:  # fmt: skip
    """公开密封的投票并说明理由 · open a sealed vote, with reasons"""
    from xiaobao.hearings.facts import Vote

    said = named(Vote, vote, "--vote")
    open_for_command()
    from xiaobao.hearings import acts

    named_claim = key_of(claim, seller)
    panel = acts.open_vote(
        named_claim.seller_id, named_claim.claim_id, juror=juror, vote=said, salt=salt,
        words=words, at=moment_at(at),
    )  # fmt: skip
    _print_panel(claim, panel, as_json=as_json)


@app.command("show")
def show(claim: ClaimName, *, seller: SellerOf = None, as_json: Json = False) -> None:
    """评审团、投票与结果 · the panel, its votes, and what they came to"""
    open_for_command()
    from xiaobao.hearings.queries import panels_of

    named_claim = key_of(claim, seller)
    panels = panels_of(named_claim.seller_id, named_claim.claim_id)
    if as_json:
        print_json({"claim": claim, "panels": panels})
    elif not panels:
        print(say(zh="未交大众评审", en="no jury was asked"))
    for panel in panels if not as_json else []:
        _print_panel(claim, panel, as_json=False)


def _done(name: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"done": name})
    else:
        print(say(zh=f"已办理：{name}", en=f"done: {name}"))


def _print_panel(claim: str, panel: PanelRow, *, as_json: bool) -> None:
    from xiaobao.hearings.facts import JUROR_WORDS, VOTE_WORDS

    if as_json:
        print_json({"claim": claim, "panel": panel})
        return
    print_pairs(
        [
            (say(zh="维权", en="claim"), claim),
            (say(zh="种子", en="seed"), panel.seed),
            (say(zh="密封截止", en="sealed by"), moment(panel.seal_until)),
            (say(zh="公开截止", en="opened by"), moment(panel.open_until)),
            (say(zh="法定人数", en="quorum"), panel.quorum),
            (
                say(zh="效力", en="effect"),
                say(zh="有约束力", en="binding") if panel.is_binding
                else say(zh="供参考", en="advice"),
            ),
            (say(zh="结果", en="answer"), _answer(panel)),
        ]
    )  # fmt: skip
    print_table(
        [say(zh="评审员", en="juror"), say(zh="类别", en="kind"), say(zh="权重", en="weight"),
         say(zh="密封", en="sealed"), say(zh="投票", en="vote"), say(zh="理由", en="reasons")],
        [
            [s.name, words_for(JUROR_WORDS[s.kind]), f"{s.weight_bps / 100:.2f}%",
             moment(s.sealed_at) if s.sealed_at else "-",
             words_for(VOTE_WORDS[s.vote]) if s.vote else "-", s.words]
            for s in panel.seats
        ],
    )  # fmt: skip


def _answer(panel: PanelRow) -> str:
    from xiaobao.hearings.facts import OUTCOME_WORDS

    if panel.tally is None:
        return say(zh="未定", en="not yet")
    if panel.tally.outcome is None:
        return say(zh="未达人数或多数，转由工作人员", en="no quorum or majority: staff decide")
    return words_for(OUTCOME_WORDS[panel.tally.outcome])
