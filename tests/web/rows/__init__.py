"""One file for each console: a row for each of its addresses, gathered from this folder."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.web.matrix import Row

_NAMES = sorted(one.stem for one in Path(__file__).parent.glob("*.py") if one.stem != "__init__")
ROWS: dict[str, "Row"] = {}
# Of accounts last: signing out ends the walk.
for _name in sorted(_NAMES, key=lambda name: name == "account"):
    ROWS |= import_module(f"tests.web.rows.{_name}").ROWS

# Addresses for programs, who come with tokens and scopes: tried where the tests of that door lie.
ELSEWHERE = {"api/v1/": "tests/api"}
