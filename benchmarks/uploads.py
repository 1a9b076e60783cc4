"""What a film costs the server's memory: handed in, looked at, and taken out in a dossier.

    python benchmarks/uploads.py [--megabytes 1 9 180] [--threads 1]

One worker process, as `xiaobao up` serves, over a home of its own. Before each step the kernel's
mark of the most memory that the process ever held is set back; what it says afterwards is told,
less what was held before the step. `--threads` hand the same film in, into as many claims, at the
same time. Linux alone tells such marks; as long as figures do not grow with the film, it is read
in portions.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.api import HERE, Served, token_of, world  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EDGE = "edge-of-a-part"
PORTION = 1 << 20


def of_process(process: int) -> Iterator[int]:
    """A process and all that come from it."""
    yield process
    for task in Path(f"/proc/{process}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from of_process(int(child))


def memory(process: int, name: str) -> int:
    """What the kernel says of all of them, in bytes."""
    lines = [
        line
        for one in of_process(process)
        for line in Path(f"/proc/{one}/status").read_text().splitlines()
        if line.startswith(f"{name}:")
    ]
    return sum(int(line.split()[1]) * 1024 for line in lines)


def forget(process: int) -> None:
    for one in of_process(process):
        Path(f"/proc/{one}/clear_refs").write_text("5")


def film(size: int) -> Iterator[bytes]:
    """An MP4 of so many bytes: index first, then frames of which no two portions are equal."""
    head = b"\0\0\0\x18ftypisom\0\0\0\0isommp41" + b"\0\0\0\x28moov\0\0\0\x20mvhd" + bytes(24)
    yield head + (size - len(head)).to_bytes(4, "big") + b"mdat"
    left = size - len(head) - 8
    seed = os.urandom(64)
    while left > 0:
        seed = seed[1:] + seed[:1]
        portion = (seed * (PORTION // len(seed)))[: min(left, PORTION)]
        yield portion
        left -= len(portion)


class Caller:
    """Calls of one client, a connection each."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.auth = port, {"Authorization": f"Bearer {token}"}

    def post(self, path: str, told: dict[str, Any], key: str) -> None:
        headers = {**self.auth, "Content-Type": "application/json", "Idempotency-Key": key}
        self._answered("POST", path, json.dumps(told).encode(), headers)

    def hand_in(self, claim: int, size: int) -> None:
        """Sent as it is made: this side holds none of it either."""
        fields = "".join(
            f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in (("kind", "unboxing_video"), ("party", "buyer"))
        )
        head = (
            f"{fields}--{EDGE}\r\n"
            'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\n'
            "Content-Type: video/mp4\r\n\r\n"
        ).encode()
        tail = f"\r\n--{EDGE}--\r\n".encode()
        headers = {
            **self.auth, "Idempotency-Key": f"film-{claim}-{size}",
            "Content-Type": f"multipart/form-data; boundary={EDGE}",
            "Content-Length": str(len(head) + size + len(tail)),
        }  # fmt: skip
        body = (part for parts in ([head], film(size), [tail]) for part in parts)
        self._answered("POST", f"{at(claim)}/evidence", body, headers)

    def take(self, path: str) -> int:
        return self._answered("GET", path, None, self.auth)[0]

    def look(self, claim: int, size: int) -> None:
        """The film of this size, whole."""
        _, said = self._answered("GET", f"{at(claim)}/evidence", None, self.auth)
        (number,) = [one["number"] for one in json.loads(said)["pieces"] if one["bytes"] == size]
        taken = self.take(f"{at(claim)}/evidence/{number}?why=bench")
        assert taken == size, f"{taken} of {size} bytes"

    def _answered(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        link = http.client.HTTPConnection(HERE, self.port, timeout=120)
        link.request(method, f"/api/v1{path}", body, headers)
        answer = link.getresponse()
        taken, said = 0, b""
        while portion := answer.read(PORTION):
            taken, said = taken + len(portion), said or portion
        link.close()
        assert answer.status < 300, said[:500]
        return taken, said


def at(claim: int) -> str:
    return f"/sellers/shop-{claim}/claims/c-{claim}"


def measured(process: int, act: Callable[[], Any]) -> str:
    time.sleep(1)
    forget(process)
    before, began = memory(process, "VmRSS"), time.perf_counter()
    act()
    took = time.perf_counter() - began
    more = memory(process, "VmHWM") - before
    return f"{more / 1e6:7.1f} MB more at its peak, {took:5.2f} s"


def by_all(threads: int, act: Callable[[int], Any]) -> None:
    crew = [threading.Thread(target=act, args=[one]) for one in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()


def measure(server: Served, who: tuple[str, str], megabytes: list[int], threads: int) -> None:
    caller, process = Caller(server.port, token_of(server.port, *who)), server.process.pid
    for claim in range(threads):
        told = {"claim": f"c-{claim}", "order": f"o-{claim}", "buyer": f"b-{claim}"}
        caller.post(f"/sellers/shop-{claim}/claims", told | {"kind": "not_as_described"},
                    f"claim-{claim}")  # fmt: skip
    caller.take(at(0))
    print(f"held before anything is handed in: {memory(process, 'VmRSS') / 1e6:.1f} MB")
    for one in megabytes:
        size = one * 1_000_000
        steps: dict[str, Callable[[int], Any]] = {
            "handed in": partial(caller.hand_in, size=size),
            "looked at": partial(caller.look, size=size),
        }
        for name, act in steps.items():
            told_of = measured(process, partial(by_all, threads, act))
            print(f"{one:4} MB by {threads}  {name}: {told_of}", flush=True)
    if sum(megabytes) <= 200:
        told_of = measured(process, lambda: caller.take(f"{at(0)}/dossier?why=bench"))
        print(f"{sum(megabytes):4} MB in one dossier: {told_of}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--megabytes", type=int, nargs="+", default=[1, 9, 180])
    asked.add_argument("--threads", type=int, default=1)
    args = asked.parse_args()
    home = tempfile.mkdtemp(prefix="xiaobao-bench-")
    os.environ["XIAOBAO_HOME"] = home
    os.environ.pop("DATABASE_URL", None)
    try:
        who = world(50)
        with Served("xiaobao.site.wsgi:application", 1) as server:
            measure(server, who, args.megabytes, args.threads)
    finally:
        from xiaobao.database.embedded import server as embedded

        embedded().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
