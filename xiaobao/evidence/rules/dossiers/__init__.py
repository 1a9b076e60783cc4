"""Dossiers: everything of a case in one sealed archive, and what is wrong with one."""

from xiaobao.evidence.rules.dossiers.archive import DossierRefused, packed
from xiaobao.evidence.rules.dossiers.checking import Checked, check, fingerprint_of, open_archive
from xiaobao.evidence.rules.dossiers.sealing import FORMAT, kind_of, sealed

__all__ = [
    "FORMAT",
    "Checked",
    "DossierRefused",
    "check",
    "fingerprint_of",
    "kind_of",
    "open_archive",
    "packed",
    "sealed",
]
