"""How long after its command `xiaobao up` answers: on a database that exists, at rest and running.

    python benchmarks/start.py [--rounds 5]

"at rest" starts the embedded PostgreSQL too. Counted is from the start of the process to the first
answer to `GET /`. Rounds alternate; the database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

XIAOBAO = [str(Path(sys.executable).with_name("xiaobao"))]
MOST_SECONDS = 60


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answered() -> float:
    """Seconds until the first page; the consoles are stopped again."""
    port = free_port()
    began = time.perf_counter()
    up = subprocess.Popen(
        [*XIAOBAO, "up", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while time.perf_counter() - began < MOST_SECONDS:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
                    assert page.status == 200
                    return time.perf_counter() - began
            except urllib.error.URLError:
                time.sleep(0.02)
        raise SystemExit(f"xiaobao up did not answer in {MOST_SECONDS} seconds")
    finally:
        up.send_signal(signal.SIGINT)
        up.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ["XIAOBAO_IDLE_SECONDS"] = "600"
    os.environ.pop("DATABASE_URL", None)
    # As on any machine where it was started once before: modules are compiled already.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    from xiaobao.database.embedded import server

    try:
        subprocess.run([*XIAOBAO, "ledger", "check"], check=True, capture_output=True)
        answered()
        took: dict[str, list[float]] = {"at rest": [], "running": []}
        for _ in range(chosen.rounds):
            took["running"].append(answered())
            server().stop("fast")
            took["at rest"].append(answered())
        print("| the database | answers after, median s | slowest s |")
        print("|---|---:|---:|")
        for name, each in took.items():
            print(f"| {name} | {statistics.median(each):.2f} | {max(each):.2f} |")
    finally:
        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
