"""Questions about evidence: cases and chains, the log and its proofs, look-alikes, checks."""

from xiaobao.evidence.queries.alike import near_duplicates
from xiaobao.evidence.queries.cases import (
    FIRST_PIECE,
    LATEST_PIECE,
    PieceUnknown,
    cases_of,
    chain_of,
    count_pieces,
    custody_of,
    due_for_disposal,
    holds_of,
    latest_pieces,
    piece_of,
    pieces_of,
)
from xiaobao.evidence.queries.checking import LAWS, check
from xiaobao.evidence.queries.log import (
    NotSealed,
    Tree,
    checkpoints,
    consistency_of,
    entry_proof_of,
    log_key,
    lot_of,
    proof_of,
    stamps_of,
    unsealed,
)

__all__ = [
    "FIRST_PIECE", "LATEST_PIECE", "LAWS", "NotSealed", "PieceUnknown", "Tree", "cases_of",
    "chain_of", "check", "checkpoints", "consistency_of", "count_pieces", "custody_of",
    "due_for_disposal", "entry_proof_of", "holds_of", "latest_pieces", "log_key", "lot_of",
    "near_duplicates", "piece_of", "pieces_of", "proof_of", "stamps_of", "unsealed",
]  # fmt: skip
