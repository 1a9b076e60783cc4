"""Before a thread runs beside the server, all it needs is imported: the server forks."""

from __future__ import annotations

import subprocess
import sys

SEEN = """
import sys, threading
from xiaobao.database.opening import prepare_django
prepare_django()
from xiaobao.cli import serving
serving._web_server = lambda port: type("Server", (), {"serve": lambda self: None})()
serving._check_free = lambda port: None
class Seen(threading.Thread):
    def start(self):
        before = set(sys.modules)
        import xiaobao.work.clock, xiaobao.work.run
        print(sorted(set(sys.modules) - before))
    def join(self, timeout=None):
        pass
threading.Thread = Seen
serving.serve(1)
"""


def test_the_thread_beside_the_server_imports_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", SEEN], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
