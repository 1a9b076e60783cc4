"""docs/integrate.md followed literally: its shell blocks, in an empty folder, with curl."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str) -> list[str]:
    return BLOCK.findall((DOCS / name).read_text(encoding="utf-8"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_both_languages_run_the_same_commands() -> None:
    assert blocks("integrate.md") == blocks("integrate.zh-CN.md")
    assert len(blocks("integrate.md")) == 12


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_an_engineer_with_curl_gets_from_a_token_to_a_payout(tmp_path: Path) -> None:
    port = free_port()
    # Each block between marks, so that what it answered can be told apart; ended by itself.
    script = "\n".join(
        f"echo '== {number}'\n{block}" for number, block in enumerate(blocks("integrate.md"), 1)
    )
    script = script.replace("8868", str(port)).replace(" demo ", f" demo --port {port} ", 1)
    bin_ = Path(sys.executable).parent
    env = os.environ | {
        "PATH": f"{bin_}:{os.environ['PATH']}", "XIAOBAO_HOME": str(tmp_path / "home"),
    }  # fmt: skip
    env.pop("DATABASE_URL", None)
    folder = tmp_path / "empty"
    folder.mkdir()
    done = subprocess.run(
        ["bash", "-eu", "-c", f"trap 'kill ${{DEMO:-}} 2> /dev/null || true' EXIT\n{script}"],
        cwd=folder, env=env, capture_output=True, text=True, timeout=400, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    told = dict(re.findall(r"^== (\d+)\n(.*?)(?=^== |\Z)", done.stdout, re.MULTILINE | re.DOTALL))
    assert '"market":"cn"' in told["3"]
    assert '{"orders_new":1,"facts_new":6,"facts_known":0,"contradictions":0}' in told["5"]
    assert '"state":"confirmed"' in told["6"]
    assert '"state":"awaiting_seller"' in told["7"]
    assert told["8"].count('"claim":"case-1"') == 3
    assert '"state":"under_review"' in told["8"]
    assert '"outcome":"upheld"' in told["9"]
    assert '"paid":{"amount":12800,"currency":"CNY"}' in told["9"]
    assert '"amount":{"amount":12800,"currency":"CNY"},"state":"confirmed"' in told["10"]
    assert '"code": "idempotency_key_reused"' in told["11"]
    assert '"code": "not_found"' in told["11"]
