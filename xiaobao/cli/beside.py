"""A local Alipay beside the demo's consoles, in a process of its own: money goes through it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from xiaobao.gateways.alipay.config import ENVIRONMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

_RUN = "import sys; from xiaobao.cli.main import run_command; sys.exit(run_command(sys.argv[1:]))"


@contextmanager
def alipay_beside(notify: str) -> Iterator[None]:
    """Serve it while this lasts; where somebody named an account, money goes through theirs."""
    if os.environ.get(ENVIRONMENT):
        yield
        return
    command = [
        sys.executable, "-c", _RUN, "gateway", "serve", "--beside", "--port", "0",
        "--notify", notify,
    ]  # fmt: skip
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as gateway:  # noqa: S603
        assert gateway.stdin is not None
        assert gateway.stdout is not None
        said = gateway.stdout.readline().strip()
        assert said.startswith(f"{ENVIRONMENT}="), "the local Alipay did not start"
        # For the web server's processes too, which are made from this one.
        os.environ[ENVIRONMENT] = said.removeprefix(f"{ENVIRONMENT}=")
        try:
            yield
        finally:
            del os.environ[ENVIRONMENT]
            gateway.stdin.close()
