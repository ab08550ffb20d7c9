"""Votes as the engine reads them: one row per person and statement that met, in an order that does not depend on the
order in which the votes came.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import ArrayLike, NDArray

AGREE, PASS, DISAGREE = 1, 0, -1

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.floating[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Votes:
    """Who voted what on what: people × statements, most of it empty.

    `mask` holds a one where somebody has voted, `values` the vote (1 agree, 0 pass, −1 disagree) at the same places;
    both are compressed rows with sorted columns and share their index arrays.
    """

    mask: Any  # csr_array of float32, people × statements
    values: Any

    @property
    def people(self) -> int:
        return int(self.mask.shape[0])

    @property
    def statements(self) -> int:
        return int(self.mask.shape[1])

    def __len__(self) -> int:
        return int(self.mask.nnz)

    @cached_property
    def by_statement(self) -> Votes:
        """The same with statements as rows."""
        turned = self.values.tocsc()
        shape = (self.statements, self.people)
        return Votes(*_pair(turned.data, turned.indices, turned.indptr, shape))

    def back(self) -> Votes:
        """What these rows of statements are `by_statement`; it need not be worked out again there."""
        found = self.by_statement
        # This way only: were each to hold the other, neither would be freed at once, and chance worlds are many.
        del self.__dict__["by_statement"]
        found.__dict__["by_statement"] = self
        return found

    @cached_property
    def person(self) -> NDArray[np.int32]:
        """The person of each vote, in the order of the rows."""
        return np.repeat(np.arange(self.people, dtype=np.int32), np.diff(self.mask.indptr))

    @property
    def statement(self) -> NDArray[np.int32]:
        """The statement of each vote, in the order of the rows."""
        found: NDArray[np.int32] = self.mask.indices
        return found

    @property
    def value(self) -> NDArray[np.float32]:
        """Each vote, in the order of the rows."""
        found: NDArray[np.float32] = self.values.data
        return found

    @cached_property
    def per_person(self) -> Ints:
        """How many votes each person has cast."""
        return np.diff(self.mask.indptr).astype(np.int64)

    @cached_property
    def per_statement(self) -> Ints:
        """How many people have voted on each statement."""
        return np.diff(self.by_statement.mask.indptr).astype(np.int64)

    def of(self, people: ArrayLike) -> Votes:
        """The votes of some of the people, given as indices; all statements stay."""
        return _from_rows(self.values[np.asarray(people)])

    def on(self, statements: ArrayLike) -> Votes:
        """The votes on some of the statements, given as a mask or indices; all people stay."""
        kept = np.asarray(statements)
        kept = np.flatnonzero(kept) if kept.dtype == bool else kept.astype(np.int64)
        if np.array_equal(kept, np.arange(self.statements)):
            return self
        return _from_rows(self.by_statement.values[kept]).back()

    def where(self, kept: Bools) -> Votes:
        """Only the votes for which `kept` (one truth per vote, in the order of the rows) holds."""
        rows = np.concatenate([[0], np.cumsum(np.bincount(self.person[kept], minlength=self.people))])
        pair = _pair(self.value[kept], self.statement[kept], rows.astype(self.mask.indptr.dtype), self.mask.shape)
        return Votes(*pair)

    def with_values(self, value: NDArray[Any]) -> Votes:
        """The same places with other votes on them, in the order of the rows."""
        return Votes(*_pair(value, self.mask.indices, self.mask.indptr, self.mask.shape))


def gather(person: ArrayLike, statement: ArrayLike, value: ArrayLike, *, people: int, statements: int) -> Votes:
    """Votes from three arrays of equal length, in any order.

    Args:
        person: who voted, 0 … people − 1.
        statement: on what, 0 … statements − 1.
        value: 1 agree, 0 pass, −1 disagree.
        people, statements: how many there are; those without a vote stay as empty rows and columns.

    Raises:
        ValueError: the lengths differ, an index or a vote is out of bounds, or somebody voted twice on a statement
            (`latest` settles that first).
    """
    who, what, vote = np.asarray(person), np.asarray(statement), np.asarray(value)
    if not len(who) == len(what) == len(vote):
        raise ValueError("person, statement and value differ in length")
    if len(who) and (who.min() < 0 or who.max() >= people or what.min() < 0 or what.max() >= statements):
        raise ValueError("a vote names a person or statement that is not there")
    if len(vote) and not ((vote == AGREE) | (vote == DISAGREE) | (vote == PASS)).all():
        raise ValueError("a vote is neither 1, 0 nor -1")
    loose = sp.coo_array((vote.astype(np.float32), (who.astype(np.int32), what.astype(np.int32))), (people, statements))
    loose.has_canonical_format = True  # said, so that nothing is sorted or added up: the turns below sort
    # Each turn leaves what it turns in order: rows, then columns, then rows again, whatever the order was.
    columns = loose.tocsr().tocsc()
    found = Votes(*_pair(columns.data, columns.indices, columns.indptr, (statements, people))).back()
    same = found.statement[1:] == found.statement[:-1]
    if (same & (found.person[1:] == found.person[:-1])).any():
        raise ValueError("somebody has voted twice on the same statement")
    return found


def latest(person: ArrayLike, statement: ArrayLike, time: ArrayLike, rank: ArrayLike) -> Ints:
    """Where each person's last vote on each statement stands: the latest time, among equals the highest rank."""
    who, what = np.asarray(person), np.asarray(statement)
    order = np.lexsort((np.asarray(rank), np.asarray(time), what, who))
    last = np.ones(len(order), bool)
    last[:-1] = (who[order][1:] != who[order][:-1]) | (what[order][1:] != what[order][:-1])
    found: Ints = order[last]
    return found


def evenly(numbers: Ints, most: int) -> Ints:
    """At most so many of the numbers, evenly from all of them."""
    return numbers[np.linspace(0, len(numbers) - 1, most).astype(np.int64)] if len(numbers) > most else numbers


def _pair(data: NDArray[Any], indices: NDArray[Any], indptr: NDArray[Any], shape: tuple[int, int]) -> tuple[Any, Any]:
    values = sp.csr_array((np.asarray(data, np.float32), indices, indptr), shape=shape)
    ones = np.ones(len(values.data), np.float32)
    return sp.csr_array((ones, values.indices, values.indptr), shape=shape), values


def _from_rows(rows: Any) -> Votes:
    return Votes(*_pair(rows.data, rows.indices, rows.indptr, rows.shape))
