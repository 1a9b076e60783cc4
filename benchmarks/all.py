"""Every benchmark, one after another, within a time.

    python benchmarks/all.py [--minutes 10] [--rounds 5] [--only ledger callers]

The most asked for come first. What does not begin in time, or is cut off, is named at the end;
give it the minutes, or run it by itself: each is one command. Peers that are not installed are
left out by the benchmark itself, saying so (`uv sync --group bench` brings django-hordak, DuckDB
and zen-engine). TigerBeetle is named, not measured: its client has nothing to speak to without a
server of its own.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from goals import HEAD, KEPT

HERE = Path(__file__).parent


def commands(rounds: int) -> dict[str, list[str]]:
    """By name: the script and its arguments, sized for two quiet cores."""
    several = ["--rounds", str(rounds)]
    return {
        "ledger": ["ledger.py", *several],
        "callers": ["callers.py", *several, "--callers", "1", "64", "--each", "60"],
        "slow-disk": [
            "callers.py", *several, "--callers", "64", "--each", "12", "--flush-ms", "1",
        ],
        "orders": ["orders.py", *several],
        "start": ["start.py", *several],
        "growth": ["growth.py", *several],
        "claims-law": ["claims_law.py"],
        "exits": ["exits.py"],
        "claims": ["claims.py", "--claims", "20", "--standing", "0"],
        "lab": ["lab.py"],
        "api": ["api.py"],
        "webhooks": ["webhooks.py"],
        "pages": ["pages.py"],
        "uploads": ["uploads.py"],
        "supervision": ["supervision.py"],
        "growth-10m": ["growth.py", *several, "--standing", "1000000", "10000000"],
        "backlog-1m": ["backlog.py", "--orders", "1000000"],
    }  # fmt: skip


def run_within(seconds: float, command: list[str]) -> int | None:
    """Its status; None where it was interrupted, so that it throws its own database away."""
    running = subprocess.Popen(command)
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.send_signal(signal.SIGINT)
        running.wait()
        return None


def measure(chosen: dict[str, list[str]], minutes: float) -> dict[str, list[str]]:
    """What became of those that did not end well, by how."""
    ends = time.monotonic() + minutes * 60
    bad: dict[str, list[str]] = {}
    for name, command in chosen.items():
        began = time.monotonic()
        if began >= ends:
            bad.setdefault("not measured for want of time", []).append(name)
            continue
        print(f"## {name}: python benchmarks/{' '.join(command)}\n", flush=True)
        status = run_within(ends - began, [sys.executable, str(HERE / command[0]), *command[1:]])
        if status != 0:
            how = "cut off by the time" if status is None else "failed"
            bad.setdefault(how, []).append(name)
        print(f"\n({time.monotonic() - began:.0f} s)\n", flush=True)
    return bad


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", nargs="+", choices=list(commands(1)), default=list(commands(1)))
    asked = options.parse_args()
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{cores} cores, load {load:.2f} at the beginning, {asked.minutes:g} minutes\n")
    if shutil.which("tigerbeetle") is None:
        print("TigerBeetle is left out: no server of it on this machine\n")
    every = commands(asked.rounds)
    with tempfile.NamedTemporaryFile(prefix="xiaobao-goals-") as kept:
        os.environ[KEPT] = kept.name
        bad = measure({name: every[name] for name in every if name in asked.only}, asked.minutes)
        print(f"## goals\n\n{HEAD}\n{Path(kept.name).read_text(encoding='utf-8')}")
    for how, names in bad.items():
        print(f"{how}: {', '.join(names)}")
    return 1 if "failed" in bad else 0


if __name__ == "__main__":
    sys.exit(main())
