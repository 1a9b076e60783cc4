"""The secret key is made once, for its owner alone, and only when something asks for it."""

from __future__ import annotations

import stat
import subprocess
import sys
from typing import TYPE_CHECKING

from tests.database.homes import Home

if TYPE_CHECKING:
    from pathlib import Path

READ = (
    "from xiaobao.database.opening import prepare_django\n"
    "prepare_django()\n"
    "from django.conf import settings\n"
    "print(settings.SECRET_KEY)"
)


def test_processes_that_ask_first_share_one_key(folder: Path) -> None:
    home = Home(folder / "home")
    asking = [home.start(READ) for _ in range(3)]
    keys = {process.communicate()[0].strip() for process in asking}
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in home.path.iterdir()] == ["secret.key"]
    assert stat.S_IMODE((home.path / "secret.key").stat().st_mode) == 0o600


def test_a_signature_of_one_process_holds_in_the_next(folder: Path) -> None:
    home = Home(folder / "home")
    sign = READ + "\nfrom django.core import signing\nprint(signing.dumps({'a': 1}))"
    _, signed = home.run(sign).split("\n")
    check = READ + f"\nfrom django.core import signing\nprint(signing.loads({signed!r}))"
    assert home.run(check).endswith("{'a': 1}")


def test_help_and_version_touch_no_disk(folder: Path) -> None:
    home = Home(folder / "home")
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-c", "from xiaobao.cli.main import main; main()", option],
            check=False, capture_output=True, env=home.environment(), cwd=folder,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout
    assert not home.path.exists()
