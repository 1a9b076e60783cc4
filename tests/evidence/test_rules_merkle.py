"""The tree: published vectors, and every proof made here."""

from __future__ import annotations

import base64
import json
from collections import Counter
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from xiaobao.evidence.rules.merkle import (
    EMPTY_ROOT,
    Edge,
    ProofRefused,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    tree_over,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

VECTORS = SHARED / "data" / "vectors" / "merkle_rfc6962.jsonl"


def leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


def bytes_of(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def judge(v: dict[str, Any]) -> None:
    proof = [bytes_of(step) for step in v["proof"] or []]
    match v["kind"]:
        case "consistency":
            verify_consistency(
                v["size1"], v["size2"], proof, bytes_of(v["root1"]), bytes_of(v["root2"])
            )
        case "inclusion":
            leaf, root = bytes_of(v["leafHash"]), bytes_of(v["root"])
            verify_inclusion(v["leafIdx"], v["treeSize"], leaf, proof, root)
        case "subtreeinclusion":
            leaf, root = bytes_of(v["leafHash"]), bytes_of(v["root"])
            verify_subtree_inclusion(v["leafIdx"], v["start"], v["end"], leaf, proof, root)
        case "subtreeconsistency":
            part, root = bytes_of(v["root1"]), bytes_of(v["root2"])
            verify_subtree_consistency(v["start"], v["end"], v["size"], proof, part, root)
        case other:
            raise AssertionError(other)


def test_published_verdicts_hold() -> None:
    if not VECTORS.exists():
        pytest.skip("the published vectors are not beside the project")
    judged: Counter[tuple[str, bool]] = Counter()
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        vector = json.loads(line)
        try:
            judge(vector)
        except ProofRefused:
            assert vector["wantErr"], vector["file"]
        else:
            assert not vector["wantErr"], vector["file"]
        judged[vector["kind"], vector["wantErr"]] += 1
    assert judged == {
        ("inclusion", True): 40, ("inclusion", False): 3, ("consistency", True): 47,
        ("consistency", False): 2, ("subtreeinclusion", True): 92,
        ("subtreeinclusion", False): 7, ("subtreeconsistency", True): 53,
        ("subtreeconsistency", False): 8,
    }  # fmt: skip


def test_roots_as_rfc_6962_computes_them() -> None:
    assert sha256(b"").digest() == EMPTY_ROOT
    assert leaf_hash(b"") == bytes.fromhex(
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    a, b, c = leaves(3)
    assert root_of(0, 0, tree_over([])) == EMPTY_ROOT
    assert root_of(0, 1, tree_over([a])) == a
    assert root_of(0, 3, tree_over([a, b, c])) == node_hash(node_hash(a, b), c)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_proof_of_small_trees_verifies(size: int) -> None:
    all_leaves = leaves(size)
    whole = tree_over(all_leaves)
    root = root_of(0, size, whole)
    for index, leaf in enumerate(all_leaves):
        verify_inclusion(index, size, leaf, inclusion_proof(index, size, whole), root)
    for old in range(size + 1):
        old_root = root_of(0, old, whole)
        verify_consistency(old, size, consistency_proof(old, size, whole), old_root, root)


@given(st.integers(2, 300), st.data())
def test_a_flipped_bit_anywhere_fails(size: int, data: st.DataObject) -> None:
    whole = tree_over(leaves(size))
    root = root_of(0, size, whole)
    index = data.draw(st.integers(0, size - 1))
    parts = [leaves(size)[index], root, *inclusion_proof(index, size, whole)]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flipped(parts[place], bit)
    with pytest.raises(ProofRefused):
        verify_inclusion(index, size, parts[0], parts[2:], parts[1])


@given(st.integers(2, 300), st.data())
def test_a_flipped_bit_in_a_consistency_proof_fails(size: int, data: st.DataObject) -> None:
    whole = tree_over(leaves(size))
    old = data.draw(st.integers(1, size - 1))
    parts = [root_of(0, old, whole), root_of(0, size, whole), *consistency_proof(old, size, whole)]
    place, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[place] = flipped(parts[place], bit)
    with pytest.raises(ProofRefused):
        verify_consistency(old, size, parts[2:], parts[0], parts[1])


@given(st.integers(1, 300), st.data())
def test_a_proof_proves_its_own_place_alone(size: int, data: st.DataObject) -> None:
    whole = tree_over(leaves(size))
    root = root_of(0, size, whole)
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))
    proof = inclusion_proof(index, size, whole)
    if other != index:
        with pytest.raises(ProofRefused):
            verify_inclusion(other, size, leaves(size)[index], proof, root)
    for changed in (proof[:-1], [*proof, root]):
        if changed != proof:
            with pytest.raises(ProofRefused):
                verify_inclusion(index, size, leaves(size)[index], changed, root)


@given(st.lists(st.integers(0, 40), max_size=8))
def test_a_tree_that_grows_has_the_same_roots(parts: list[int]) -> None:
    edge = Edge()
    for part in parts:
        edge.add(leaves(edge.size + part)[edge.size :])
        assert edge.root() == root_of(0, edge.size, tree_over(leaves(edge.size)))


def flipped(one: bytes, bit: int) -> bytes:
    return (int.from_bytes(one, "big") ^ (1 << bit)).to_bytes(len(one), "big")
