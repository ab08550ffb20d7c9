"""Votes as few bytes, and back."""

from __future__ import annotations

import io

import numpy as np

from samsyn.algorithms.opinion_map.votes import Votes, gather


def pack(votes: Votes) -> bytes:
    """The votes, packed: about a byte each."""
    out = io.BytesIO()
    size = np.array([votes.people, votes.statements])
    value = votes.value.astype(np.int8)
    np.savez_compressed(out, person=votes.person, statement=votes.statement, value=value, size=size)
    return out.getvalue()


def unpack(packed: bytes) -> Votes:
    """What `pack` was given."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
        people, statements = kept["size"].tolist()
        return gather(kept["person"], kept["statement"], kept["value"], people=people, statements=statements)
