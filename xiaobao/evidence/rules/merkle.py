"""The Merkle tree of RFC 9162 (as RFC 6962): roots, proofs, and their verification; pure bytes.

A proof is made from the hashes of whole subtrees, which a caller finds by height and index, so
that nothing has to read all leaves; `tree_over` serves a list of leaves.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


class ProofRefused(ValueError):  # noqa: N818
    """A proof does not prove what it claims; says at which step it fails."""


def leaf_hash(content: bytes) -> bytes:
    """RFC 9162 §2.1.1: the prefix keeps a leaf from ever passing for a node."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


# -- making --------------------------------------------------------------------------------------


def tree_over(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    """Whole subtrees of a list of leaf hashes, each computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def whole(height: int, index: int) -> bytes:
        if height == 0:
            return leaves[index]
        if (height, index) not in known:
            below = whole(height - 1, 2 * index), whole(height - 1, 2 * index + 1)
            known[height, index] = node_hash(*below)
        return known[height, index]

    return whole


def root_of(first: int, last: int, whole: Callable[[int, int], bytes]) -> bytes:
    """The hash over leaves [first, last), as RFC 9162 §2.1.1 splits them."""
    count = last - first
    if count == 0:
        return EMPTY_ROOT
    height = count.bit_length() - 1
    if count == 1 << height and first % count == 0:
        return whole(height, first >> height)
    split = first + _left_of(count)
    return node_hash(root_of(first, split, whole), root_of(split, last, whole))


def _left_of(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(index: int, size: int, whole: Callable[[int, int], bytes]) -> list[bytes]:
    """RFC 9162 §2.1.3.1: the siblings on the way from leaf `index` to the root over `size`."""
    assert 0 <= index < size, "the leaf is in the tree"
    first, last, path = 0, size, []
    while last - first > 1:
        split = first + _left_of(last - first)
        if index < split:
            path.append(root_of(split, last, whole))
            last = split
        else:
            path.append(root_of(first, split, whole))
            first = split
    return path[::-1]


def consistency_proof(old: int, new: int, whole: Callable[[int, int], bytes]) -> list[bytes]:
    """RFC 9162 §2.1.4.1: that the first `old` leaves of `new` are those of the older tree."""
    assert 0 <= old <= new, "the older tree is not larger"
    if old in (0, new):
        return []
    first, last, path, is_old_whole = 0, new, [], True
    while old != last - first:
        split = _left_of(last - first)
        if old <= split:
            path.append(root_of(first + split, last, whole))
            last = first + split
        else:
            path.append(root_of(first, first + split, whole))
            first, old, is_old_whole = first + split, old - split, False
    if not is_old_whole:
        path.append(root_of(first, last, whole))
    return path[::-1]


# -- verifying -----------------------------------------------------------------------------------


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162 §2.1.3.2.

    :raises ProofRefused: unless the leaf hash stands at `index` under this root
    """
    _check_hashes(leaf, root, *proof)
    if not 0 <= index < size:
        raise ProofRefused(f"leaf {index} is not in a tree of {size}")
    made = leaf
    for sibling, is_left, _ in _climb(index, index, size - 1, proof):
        made = node_hash(sibling, made) if is_left else node_hash(made, sibling)
    if made != root:
        raise ProofRefused("the proof leads to another root")


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """RFC 9162 §2.1.4.2; a tree of no leaves is consistent with every tree, without any proof.

    :raises ProofRefused: unless the newer tree begins with the older one
    """
    _check_hashes(old_root, new_root, *proof)
    if old == new and old_root != new_root:
        raise ProofRefused("one size and two roots")
    verify_subtree_consistency(0, old, new, proof, old_root, new_root)


def verify_subtree_inclusion(
    index: int, first: int, last: int, leaf: bytes, proof: Sequence[bytes], root: bytes
) -> None:
    """Of the leaf `index` in the subtree over leaves [first, last) (Merkle Tree Certificates).

    :raises ProofRefused: unless it stands there
    """
    _check_subtree(first, last)
    verify_inclusion(index - first, last - first, leaf, proof, root)


def verify_subtree_consistency(
    first: int, last: int, size: int, proof: Sequence[bytes], part_root: bytes, root: bytes
) -> None:
    """That the subtree over leaves [first, last) is part of the tree of `size` leaves.

    :raises ProofRefused: unless it is
    """
    _check_subtree(first, last)
    if last > size:
        raise ProofRefused(f"leaf {last - 1} is not in a tree of {size}")
    if first == last:
        _verify_nothing(proof, part_root)
        return
    _check_hashes(part_root, root, *proof)
    begin, end, edge = first, last - 1, size - 1
    while begin != end and (end == edge or end & 1):
        begin, end, edge = begin >> 1, end >> 1, edge >> 1
    # Where the part is one whole subtree its root is the first step, and is not sent.
    path = [part_root, *proof] if begin == end else list(proof)
    if not path:
        raise ProofRefused("the proof is empty")
    made_part = made = path[0]
    for sibling, is_left, is_inside in _climb(begin, end, edge, path[1:]):
        made_part = node_hash(sibling, made_part) if is_left and is_inside else made_part
        made = node_hash(sibling, made) if is_left else node_hash(made, sibling)
    if (made_part, made) != (part_root, root):
        raise ProofRefused("the proof leads to another root")


def _climb(
    begin: int, end: int, edge: int, path: Sequence[bytes]
) -> Iterator[tuple[bytes, bool, bool]]:
    """Each sibling on the way up, whether it stands left, and whether inside the subtree.

    `begin` and `end` are the places of the subtree's first and last leaf, `edge` of the tree's.
    """
    for step, sibling in enumerate(path):
        if edge == 0:
            raise ProofRefused(f"the proof goes on past the root, from step {step}")
        is_left = bool(end & 1) or end == edge
        yield sibling, is_left, begin < end
        while is_left and end and not end & 1:
            begin, end, edge = begin >> 1, end >> 1, edge >> 1
        begin, end, edge = begin >> 1, end >> 1, edge >> 1
    if edge:
        raise ProofRefused("the proof ends before the root")


def _check_subtree(first: int, last: int) -> None:
    """A subtree begins at a multiple of the power of two that it fits in."""
    if not 0 <= first <= last or first % (1 << max(last - first - 1, 0).bit_length()):
        raise ProofRefused(f"[{first}, {last}) is not a subtree")


def _verify_nothing(proof: Sequence[bytes], part_root: bytes) -> None:
    if proof:
        raise ProofRefused("nothing is to be proved here, and something is given")
    if part_root != EMPTY_ROOT:
        raise ProofRefused("a tree of no leaves has another root")


def _check_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise ProofRefused(f"a hash is {HASH_BYTES} bytes long")


# -- growing -------------------------------------------------------------------------------------


class Edge:
    """A tree as it grows, leaf by leaf: only the whole subtrees on its right edge are held."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []  # the largest first: one for each bit of `size`

    def add(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            made, size = leaf, self.size
            while size & 1:
                made, size = node_hash(self._whole.pop(), made), size >> 1
            self._whole.append(made)
            self.size += 1

    def root(self) -> bytes:
        if not self._whole:
            return EMPTY_ROOT
        *rest, made = self._whole
        for left in reversed(rest):
            made = node_hash(left, made)
        return made
