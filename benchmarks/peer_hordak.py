"""django-hordak on the server of the ledger's benchmark, in a database of its own.

Run by `benchmarks/callers.py`, which names the server in HORDAK_HOST and the load in the
arguments; prints transfers a second and the 50th and 99th hundredth of their milliseconds.
"""

from __future__ import annotations

import os
import sys
import threading
import time


def main(threads: int, each: int, accounts: int, is_hot: bool) -> None:
    import django
    from django.conf import settings

    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "NAME": "hordak",
                "USER": "postgres", "HOST": os.environ["HORDAK_HOST"],
            }
        },
        INSTALLED_APPS=[
            "django.contrib.contenttypes", "django.contrib.auth", "mptt", "djmoney", "hordak",
        ],
        DEFAULT_CURRENCY="EUR", CURRENCIES=["EUR"], USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    )  # fmt: skip
    django.setup()
    from django.core.management import call_command
    from django.db import connections
    from hordak.models import Account
    from moneyed import Money

    call_command("migrate", verbosity=0)
    for number in range(accounts + 1):
        Account.objects.get_or_create(
            code=str(number),
            defaults={
                "name": f"account {number}", "type": "LI" if number else "AS",
                "currencies": ["EUR"],
            },
        )  # fmt: skip
    fund, *sellers = Account.objects.order_by("id")
    took: list[float] = []
    start = threading.Barrier(threads + 1)

    def transfer(number: int) -> None:
        start.wait()
        for turn in range(each):
            began = time.perf_counter()
            to = sellers[0 if is_hot else (number * each + turn) % accounts]
            fund.transfer_to(to, Money(3, "EUR"))
            took.append(time.perf_counter() - began)
        connections.close_all()

    running = [threading.Thread(target=transfer, args=(n,)) for n in range(threads)]
    for one in running:
        one.start()
    start.wait()
    began = time.perf_counter()
    for one in running:
        one.join()
    seconds = time.perf_counter() - began
    took.sort()
    half, most = took[len(took) // 2], took[int(len(took) * 0.99)]
    print(f"{len(took) / seconds:.0f} {half * 1e3:.2f} {most * 1e3:.2f}")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]), is_hot=sys.argv[4] == "hot")
