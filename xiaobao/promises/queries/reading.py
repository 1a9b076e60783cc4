"""Versions and drafts as read and linted, kept in this process under the hash of their content."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from xiaobao.promises.queries.catalogue import pack_files
from xiaobao.promises.queries.versions import draft_files
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xiaobao.promises.facts import Draft, Finding, Pack, Version

    Read = tuple[Pack, tuple[Finding, ...]]

# Linting a pack takes some sixty milliseconds, and kept it takes half a megabyte: the versions
# and drafts that people look at are few.
MOST_KEPT = 24
_kept: OrderedDict[str, Read] = OrderedDict()


def version_read(version: Version) -> Read:
    """A published version, and what the linter of today finds in it."""
    return _read(version.sha256, lambda: pack_files(version.pack_id))


def draft_read(draft: Draft) -> Read:
    """As `version_read`, of a draft."""
    return _read(draft.sha256, lambda: draft_files(draft.draft_id))


def _read(sha256: str, files: Callable[[], Mapping[str, str]]) -> Read:
    """The same content reads the same in every database: nothing kept can be stale."""
    found = _kept.pop(sha256, None)
    if found is None:
        pack, findings = lint_pack(files())
        found = (pack, tuple(findings))
    # Put last again. Threads that read the same at once write the same.
    _kept[sha256] = found
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)
    return found
