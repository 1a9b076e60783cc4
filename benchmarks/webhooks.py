"""How quick webhooks are sent: to a receiver on this machine that answers at once.

    python benchmarks/webhooks.py [--messages 5000] [--sellers 200 1] [--ms 0]

Beside each figure stands that of the same messages sent and not written down: what the sending
alone takes, with the receiver on the same processors. With `--ms` the receiver waits so long
before it answers, as one far away does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
RECEIVER = """
import asyncio, sys
wait = float(sys.argv[1]) / 1000
async def answer(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            length = int(head.lower().partition(b"content-length:")[2].split(b"\\r\\n")[0])
            await reader.readexactly(length)
            await asyncio.sleep(wait)
            writer.write(b"HTTP/1.1 204 No Content\\r\\ncontent-length: 0\\r\\n\\r\\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def tell(messages: int, sellers: int, first: int) -> None:
    import numpy as np

    from xiaobao.kernel.references import causes_of
    from xiaobao.outbox import acts
    from xiaobao.outbox.facts import EventKind

    at_us = 1_767_225_600_000_000
    part = np.arange(first, first + messages)
    ids = 1 + part % sellers
    cause = causes_of(301, np.full(messages, at_us), ids, part)
    acts.tell(EventKind.CLAIM_FILED, ids, *cause, at_us=at_us + part, subject_id=part)


def measure(messages: int, sellers: int, first: int) -> dict[str, float]:
    from xiaobao.work import webhooks

    tell(messages, sellers, first)
    sending = 0.0

    def send(runs: Any) -> Any:
        nonlocal sending
        began = time.perf_counter()
        came = webhooks._send(runs)  # noqa: SLF001
        sending += time.perf_counter() - began
        return came

    began = time.perf_counter()
    done = webhooks.deliver_due(send=send)
    took = time.perf_counter() - began
    assert done.delivered == messages, done
    return {"per_s": messages / took, "sending_alone_per_s": messages / sending}


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--messages", type=int, default=5000)
    asked.add_argument("--sellers", type=int, nargs="+", default=[200, 1])
    asked.add_argument("--ms", type=float, default=0)
    args = asked.parse_args()
    home = tempfile.mkdtemp(prefix="xiaobao-bench-")
    os.environ["XIAOBAO_HOME"] = home
    os.environ["XIAOBAO_WEBHOOKS_MAY_STAY_HERE"] = "1"
    os.environ.pop("DATABASE_URL", None)
    receiver = subprocess.Popen(
        [sys.executable, "-c", RECEIVER, str(args.ms)], stdout=subprocess.PIPE, text=True
    )
    try:
        from xiaobao.database.opening import open_house

        open_house()
        from datetime import UTC, datetime

        from xiaobao.outbox import acts

        assert receiver.stdout is not None
        port = receiver.stdout.readline().strip()
        at = datetime(2026, 1, 1, tzinfo=UTC)
        acts.subscribe("bench", f"http://127.0.0.1:{port}/", ["*"], at=at, may_stay_here=True)
        for place, sellers in enumerate(args.sellers):
            told = measure(args.messages, sellers, place * args.messages)
            said = "  ".join(f"{key} {value:,.0f}" for key, value in told.items())
            print(f"{args.messages} messages of {sellers} sellers  {said}", flush=True)
    finally:
        receiver.terminate()
        receiver.wait()
        from xiaobao.database.embedded import server as embedded

        embedded().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
