"""The same answer from Spark as from here, to the last byte: on a lived marketplace and on Olist.

Runs where Java and the extra are: `make spark` installs the extra and runs it.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import SHARED
from tests.database.homes import Home

if TYPE_CHECKING:
    from collections.abc import Iterator

OLIST = SHARED / "data" / "olist"
HAS_JAVA = shutil.which("java") is not None
HAS_SPARK = importlib.util.find_spec("pyspark") is not None
pytestmark = [
    pytest.mark.skipif(not HAS_JAVA, reason="no Java here: Spark needs Java 17 or newer"),
    pytest.mark.skipif(not HAS_SPARK, reason="pyspark is not installed: make spark installs it"),
]
LIVED = ("demo", "--sellers", "10", "--orders", "500", "--days", "30", "--no-serve")


@pytest.fixture
def home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="xb-spark-"))
    folder.chmod(0o755)
    made = Home(folder / "home")
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


def said(home: Home, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", "from xiaobao.cli.main import main; main()", *arguments, "--json"],
        capture_output=True, text=True, check=False, env=home.environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_spark_says_what_the_local_engine_says_of_a_lived_marketplace(home: Home) -> None:
    said(home, *LIVED)
    lake = str(home.path / "lake")
    said(home, "lab", "export", "--out", lake)
    compare = ("lab", "compare", "--pack", "cn", "--lake", lake)
    here = said(home, *compare)
    assert '"orders": 5' in here or '"orders": 4' in here
    assert said(home, *compare, "--engine", "spark") == here
    # The same again through a Spark Connect server.
    assert said(home, *compare, "--engine", "spark", "--spark", "local[2]") == here


@pytest.mark.skipif(not OLIST.exists(), reason="the Olist set does not lie beside the project")
def test_spark_says_what_the_local_engine_says_of_olist(home: Home) -> None:
    said(home, "import", "olist", str(OLIST))
    lake = str(home.path / "lake")
    said(home, "lab", "export", "--out", lake)
    compare = ("lab", "compare", "--pack", "olist-b", "--against", "olist-a", "--lake", lake)
    here = said(home, *compare)
    assert '"to_buyers_minor": 29219200' in here
    assert said(home, *compare, "--engine", "spark") == here
