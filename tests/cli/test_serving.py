"""Before a thread runs beside the server, all they need is imported: the server forks."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

from xiaobao.cli import serving

if TYPE_CHECKING:
    import pytest

SEEN = """
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        self.send_response(204)
        self.end_headers()
    def log_message(self, *words):
        pass
answering = HTTPServer(("127.0.0.1", 0), Answering)
threading.Thread(target=answering.handle_request, daemon=True).start()
from xiaobao.database.opening import prepare_django
prepare_django()
from xiaobao.cli import serving
serving._web_server = lambda port: type("Server", (), {"serve": lambda self: None})()
serving._check_free = lambda port: None
class Seen(threading.Thread):
    def start(self):
        if getattr(self, "_target", None) is not serving._over_and_over:
            return super().start()
        before = set(sys.modules)
        import xiaobao.work.clock, xiaobao.work.comparisons, xiaobao.work.figures
        import xiaobao.work.run, xiaobao.work.webhooks
        if self._args[1] is serving._tell_subscribers:
            from xiaobao.gateways.webhooks import Message, send_runs
            url = f"http://127.0.0.1:{answering.server_address[1]}/"
            told = send_runs([[Message(url, {}, b"")]], may_stay_here=True)
            assert told[0][0].status == 204, told
        print(sorted(set(sys.modules) - before))
    def join(self, timeout=None):
        if self.ident is not None:
            super().join(timeout)
threading.Thread = Seen
serving.serve(1)
"""


def test_threads_beside_the_server_import_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEEN], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[]\n" * 4


def test_where_it_serves_is_said_in_one_line_once_it_answers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind((serving.HERE, 0))
        port = taken.getsockname()[1]
        ending = threading.Event()
        waiting = threading.Thread(target=serving._print_where, args=[ending, port])
        waiting.start()
        taken.listen()
        waiting.join(timeout=30)
    line = capsys.readouterr().out
    assert line.endswith("\n")
    assert json.loads(line) == {
        "consoles": f"http://127.0.0.1:{port}/", "api": f"http://127.0.0.1:{port}/api/v1/",
        "port": port,
    }  # fmt: skip
    # Where it never comes to answer, nothing is said.
    ending.set()
    serving._print_where(ending, port)
    assert capsys.readouterr().out == ""
