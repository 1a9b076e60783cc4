"""Dossiers: everything of a case in one sealed archive, and what is wrong with one."""

from xiaobao.evidence.rules.dossiers.archive import DossierRefused, packed
from xiaobao.evidence.rules.dossiers.checking import Checked, check
from xiaobao.evidence.rules.dossiers.sealing import FORMAT, sealed

__all__ = ["FORMAT", "Checked", "DossierRefused", "check", "packed", "sealed"]
