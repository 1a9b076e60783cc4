"""A pack's files handed in: checked, compared, and put to consultation if nothing is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import Role
from xiaobao.promises import acts
from xiaobao.promises import queries as promises
from xiaobao.promises.packs import KINDS, LARGEST_BYTES, read_files, shipped
from xiaobao.promises.queries import MarketUnknown
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.policy.reading import said_differently
from xiaobao.web.telling import field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now
from xiaobao.work.drafts import folder_of, stands_alone

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.promises.facts import Pack

MOST_FILES = 100


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page(Role.POLICY)
def check(request: HttpRequest) -> HttpResponse:
    """The linter on files handed in, and what they would change; consulted on where asked to."""
    shown: dict[str, object] = {}
    if request.method == "POST":
        files = _handed_in(request)
        if files is None:
            return HttpResponseRedirect(reverse("rules-check"))
        with folder_of(files) as folder:
            try:
                pack, findings = lint_pack(read_files(folder))
                shown = {"pack": pack, "findings": findings, "changes": _changes(pack)}
                if field(request, "act") == "consult" and not findings:
                    draft = acts.consult_on(folder, by=visitor_of(request).name, at=now())
                    tell(request, zh="已交付征求意见", en="put to consultation")
                    return HttpResponseRedirect(reverse("rules-draft", args=[draft.draft_id]))
            except Problem as problem:
                tell_problem(request, problem)
    return render(request, "rules/check.html", shown | {"tab": "check"})


def _handed_in(request: HttpRequest) -> dict[str, str] | None:
    """Texts by name; what is no text of a pack is told, and nothing of it is looked at."""
    given = request.FILES.getlist("files")[: MOST_FILES + 1]
    files = {}
    for one in given:
        name = Path(str(one.name)).name
        if Path(name).suffix not in KINDS or (one.size or 0) > LARGEST_BYTES:
            tell_wrong(
                request,
                zh=f"{name} 不是规则包的文件：只收不超过 1 MB 的 .toml、.csv、.md",
                en=f"{name} is no file of a pack: .toml, .csv and .md of at most 1 MB",
                about="files",
            )  # fmt: skip
            return None
        try:
            files[name] = one.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            tell_wrong(
                request, zh=f"{name} 不是 UTF-8 文本", en=f"{name} is not UTF-8", about="files"
            )
            return None
    if "pack.toml" not in files or len(given) > MOST_FILES:
        tell_wrong(
            request, zh="请选择规则包文件夹里的全部文件，其中须有 pack.toml",
            en="choose every file of the pack's folder, pack.toml among them", about="files",
        )  # fmt: skip
        return None
    if stands_alone(files):
        return files
    names = shipped()
    tell_wrong(
        request,
        zh="pack.toml 须是可读的 TOML，based_on 只能是随附的规则包："
        f"{'、'.join(names)}",
        en="pack.toml must be readable TOML, and based_on can only name a pack that comes "
        f"with the house: {', '.join(names)}",
        about="files",
    )  # fmt: skip
    return None


def _changes(pack: Pack) -> list[tuple[str, str]]:
    """What it would change in its market; nothing is compared with where it is the first."""
    try:
        market = promises.market(pack.market)
    except MarketUnknown:
        return []
    standing = promises.version_in_force(market.market_id, at=now())
    if standing is None:
        return []
    return said_differently(promises.version_read(standing)[0], pack)
