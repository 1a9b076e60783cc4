"""A pack that was handed in is based on a shipped one or on none: on no folder of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from xiaobao.promises.packs import PackNotReadable, read_files
from xiaobao.work.drafts import folder_of, stands_alone

MARK = "\ufeff"
HEAD = read_files("cn")["pack.toml"]


@pytest.mark.parametrize("marks", [0, 1, 2, 5])
def test_no_mark_hides_what_a_pack_is_based_on(tmp_path: Path, marks: int) -> None:
    (tmp_path / "pack.toml").write_text(HEAD, "utf-8")
    (tmp_path / "secret.csv").write_text("a,b", "utf-8")
    for base in (str(tmp_path), f"../{tmp_path.name}", "../cn", "cn/", "handed-in", "x", ""):
        files = {"pack.toml": MARK * marks + f'based_on = "{base}"\n' + HEAD}
        assert not stands_alone(files), base
        with pytest.raises(PackNotReadable, match="based_on"), folder_of(files):
            pass
    files = {"pack.toml": MARK * marks + 'based_on = "cn"\n' + HEAD}
    with folder_of(files) as folder:
        assert read_files(folder) == read_files("cn") | {"pack.toml": files["pack.toml"][marks:]}
    assert not Path(folder).parent.exists()


@pytest.mark.parametrize(
    "head",
    [
        "based_on = ", "a = 1\na = 2", "\0", f"a = 1\n{MARK}b = 2", "a = " + "[" * 5_000,
        "based_on = 5", "based_on = ['cn']",
    ],
)  # fmt: skip
def test_a_head_that_cannot_be_read_is_refused(head: str) -> None:
    assert not stands_alone({"pack.toml": head})


def test_nothing_that_lies_beside_is_layered_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else on the machine puts a folder called like a shipped pack where ours are."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "cn").mkdir()
    (tmp_path / "cn" / "pack.toml").write_text("planted = true", "utf-8")
    (tmp_path / "cn" / "planted.csv").write_text("a,b", "utf-8")
    with folder_of({"pack.toml": f'based_on = "cn"\n{HEAD}'}) as folder:
        assert "planted.csv" not in read_files(folder)
