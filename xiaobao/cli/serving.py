"""Serving: a web server on this machine's own address, and the clocks fired beside it."""

from __future__ import annotations

import json
import os
import socket
import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from xiaobao.cli.beside import alipay_beside
from xiaobao.cli.output import language, note, say
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = "127.0.0.1"
ROUND_SECONDS = 5
ANSWERS_SECONDS = 0.05
TELLING_SECONDS = 60
THREADS = 4


class PortTaken(Problem):
    """Another program listens there."""

    code = "port_taken"
    zh = "端口 {port} 已被占用；请用 --port 换一个"
    en = "port {port} is taken; choose another with --port"


def serve(port: int, *, as_json: bool = False) -> None:
    """Serve consoles and API, fire due clocks and tell subscribers, until Ctrl-C.

    As JSON, one line says where once that answers, and nothing else is printed.

    :raises PortTaken: if somebody listens there
    """
    from django.db import connections

    # Before there is a thread: a process forked while one imports waits for its import for ever.
    import xiaobao.gateways.alipay.frozen
    import xiaobao.work.calls
    import xiaobao.work.clock
    import xiaobao.work.comparisons
    import xiaobao.work.figures
    import xiaobao.work.run
    import xiaobao.work.webhooks  # noqa: F401
    from xiaobao.gateways.webhooks import make_ready

    make_ready()
    _check_free(port)
    server = _web_server(port)
    # The server's processes may be forked from this one: no connection may be in two hands.
    connections.close_all()
    ending = threading.Event()
    beside = [
        threading.Thread(target=_over_and_over, args=[ending, _fire_due], daemon=True),
        # Apart from the clocks: a subscriber who answers slowly holds up nobody's money.
        threading.Thread(target=_over_and_over, args=[ending, _tell_subscribers], daemon=True),
        # So is a comparison over years of orders.
        threading.Thread(target=_over_and_over, args=[ending, _compare_drafts], daemon=True),
        threading.Thread(target=_over_and_over, args=[ending, _reckon_figures], daemon=True),
    ]
    if as_json:
        beside.append(threading.Thread(target=_print_where, args=[ending, port], daemon=True))
    for one in beside:
        one.start()
    note(
        say(
            zh=f"控制台：http://{HERE}:{port}/ （Ctrl-C 结束）",
            en=f"consoles: http://{HERE}:{port}/ (Ctrl-C ends)",
        )
    )
    try:
        server.serve()
    finally:
        ending.set()
        for one in beside:
            one.join(timeout=ROUND_SECONDS)


def serve_demo(port: int) -> None:
    """As `serve`, in the generated marketplace's own time, with one-click sign-in.

    :raises PortTaken: if somebody listens there
    """
    from django.conf import settings

    behind = _behind()
    # For a server process that reads its settings anew, and for one that is forked from here.
    os.environ["XIAOBAO_DEMO_BEHIND_US"] = str(round(behind.total_seconds() * 1_000_000))
    settings.DEMO_IS_BEHIND, settings.IS_DEMO = behind, True
    _note_client(port)
    with alipay_beside(f"http://{HERE}:{port}/notify/alipay"):
        serve(port)


def _note_client(port: int) -> None:
    """A client of the API for whoever tries it on this marketplace."""
    from xiaobao.work.callers import add_client, clients, revoke_client
    from xiaobao.work.clock import now
    from xiaobao.work.scopes import ClientRole

    for one in clients():
        # Of a demo served before: its secret was for those who tried it then.
        if one.name == "demo" and one.revoked_at is None and not one.seller_id:
            revoke_client(one.client_id, at=now())
    client_id, secret = add_client("demo", ClientRole.PLATFORM, at=now())
    note(
        say(
            zh=f"API：http://{HERE}:{port}/api/v1/ 客户端 {client_id} 密钥 {secret}",
            en=f"API: http://{HERE}:{port}/api/v1/ client {client_id} secret {secret}",
        )
    )


def _behind() -> timedelta:
    from xiaobao.cli.house import now
    from xiaobao.work.life import lived_until

    lived = lived_until()
    assert lived is not None, "a demo is served that was never lived"
    return now() - lived


def _print_where(ending: threading.Event, port: int) -> None:
    """One line of JSON with the addresses, for whoever started this and waits."""
    while not ending.wait(ANSWERS_SECONDS):
        try:
            socket.create_connection((HERE, port), timeout=ROUND_SECONDS).close()
        except OSError:
            continue
        consoles = f"http://{HERE}:{port}/"
        told = {"consoles": consoles, "api": f"{consoles}api/v1/", "port": port}
        print(json.dumps(told), flush=True)
        return


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError as trouble:
            raise PortTaken(port=port) from trouble


def _web_server(port: int) -> Any:
    from granian import Granian
    from granian.constants import Interfaces

    return Granian(
        "xiaobao.site.wsgi:application", address=HERE, port=port, interface=Interfaces.WSGI,
        blocking_threads=THREADS, log_enabled=False,
    )  # fmt: skip


def _over_and_over(ending: threading.Event, round_of: Callable[[], None]) -> None:
    """Round after round until the server ends; a round that failed is followed by the next."""
    from django.db import DatabaseError, connections

    while not ending.wait(ROUND_SECONDS):
        try:
            round_of()
        except Problem as trouble:
            note(trouble.says(language()))
        except DatabaseError as trouble:
            # The next round tries again: clocks must not stand still while pages are served.
            note(" ".join(str(trouble).split()))
        finally:
            connections.close_all()


def _fire_due() -> None:
    """Let due clocks fire; a run under way elsewhere is waited for."""
    from xiaobao.evidence.acts import sweep_unfinished
    from xiaobao.work.calls import purge
    from xiaobao.work.clock import now
    from xiaobao.work.run import pass_time

    at = now()
    pass_time(at)
    purge(at)
    sweep_unfinished()


def _compare_drafts() -> None:
    """Reckon the comparisons that the desk of policy asked for."""
    from xiaobao.work.clock import now
    from xiaobao.work.comparisons import reckon_asked

    reckon_asked(now())


def _reckon_figures() -> None:
    """Reckon again what pages show of all of history."""
    from xiaobao.work.clock import now
    from xiaobao.work.figures import reckon_due

    reckon_due(now())


def _tell_subscribers() -> None:
    from xiaobao.work.webhooks import deliver_due

    # Then whoever failed is tried again, however much is left for whoever is slow.
    deliver_due(within=timedelta(seconds=TELLING_SECONDS))
