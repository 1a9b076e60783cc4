"""Verbs of evidence: hand in, record facts, look, export, hold, end, seal, stamp."""

from xiaobao.evidence.acts.keeping import (
    HoldElsewhere,
    HoldUnknown,
    end_case,
    lift_hold,
    place_hold,
    reopen_case,
)
from xiaobao.evidence.acts.sealing import (
    LogDamaged,
    StampNotTaken,
    StampsNotInstalled,
    seal,
    seal_dossier,
    sign_statement,
    signing_key,
    stamp_log,
)
from xiaobao.evidence.acts.submitting import (
    EvidenceRefused,
    Prepared,
    facts_prepared,
    prepare,
    record_prepared,
    record_snapshot,
    submit_all,
    submit_evidence,
    sweep_unfinished,
)
from xiaobao.evidence.acts.viewing import (
    OriginalNotShown,
    ReasonMissing,
    export_case,
    read_original,
    record_view,
    view_piece,
)

__all__ = [
    "EvidenceRefused", "HoldElsewhere", "HoldUnknown", "LogDamaged", "OriginalNotShown",
    "Prepared", "ReasonMissing", "StampNotTaken", "StampsNotInstalled", "end_case",
    "export_case", "facts_prepared", "lift_hold", "place_hold", "prepare", "read_original",
    "record_prepared", "record_snapshot", "record_view", "reopen_case", "seal",
    "seal_dossier", "sign_statement", "signing_key", "stamp_log", "submit_all",
    "submit_evidence", "sweep_unfinished", "view_piece",
]  # fmt: skip
