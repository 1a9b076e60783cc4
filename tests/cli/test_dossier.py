"""`xiaobao dossier` and `xiaobao verify`: out of the house, and checked without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.claims.making import file, later, open_world
from xiaobao.cli.main import run_command
from xiaobao.evidence.queries import log_key

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command(["--lang", "en", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def text(capsys: Capsys, language: str, *arguments: str, status: int = 0) -> str:
    assert run_command(["--lang", language, *arguments]) == status
    return capsys.readouterr().out


@pytest.mark.usefixtures("committed")
def test_out_of_the_house_and_checked_without_it(
    capsys: Capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_world()
    file("C/1 维权")
    out = tmp_path / "卷 宗.zip"
    at = ["--at", later(hours=1).isoformat()]
    made = answer(capsys, "dossier", "C/1 维权", "--out", str(out), *at)
    assert made["size"] == out.stat().st_size
    assert out.stat().st_mode & 0o777 == 0o600
    # The very same again is no trouble; another one in its place is.
    answer(capsys, "dossier", "C/1 维权", "--out", str(out), *at)
    other = answer(
        capsys, "dossier", "C/1 维权", "--out", str(out), "--for", "buyer", *at, status=1
    )
    assert other["code"] == "dossier_not_writable"
    monkeypatch.chdir(tmp_path)
    buyers = answer(capsys, "dossier", "C/1 维权", "--for", "buyer", *at)
    assert buyers["file"] == "C_1_.buyer.zip"
    assert answer(capsys, "dossier", "none", status=1)["code"] == "claim_unknown"

    monkeypatch.setenv("DATABASE_URL", "no address at all")
    sound = answer(capsys, "verify", str(out), "--key", made["fingerprint"])
    assert (sound["ok"], sound["is_key_known"], sound["originals"]) == (True, True, 3)
    assert sound["about"]["claim"] == "C/1 维权"
    key = str(log_key())
    assert answer(capsys, "verify", str(out), "--key", key)["ok"] is True
    strange = answer(capsys, "verify", str(out), "--key", "0" * 32, status=1)
    assert strange["piece"] == "key.txt"
    assert run_command(["verify", str(out), "--key", "not a key"]) == 2
    capsys.readouterr()
    assert answer(capsys, "verify", "absent.zip", status=1)["code"] == "dossier_unreadable"
    assert "完好" in text(capsys, "zh", "verify", str(out))
    assert "compare it with the one published" in text(capsys, "en", "verify", str(out))

    body = bytearray(out.read_bytes())
    place = body.index(b"exposure_locked")
    body[place] ^= 1
    broken = tmp_path / "broken.zip"
    broken.write_bytes(body)
    assert answer(capsys, "verify", str(broken), status=1)["piece"] == "ledger.json"
    assert "不成立。ledger.json：" in text(capsys, "zh", "verify", str(broken), status=1)
