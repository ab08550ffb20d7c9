"""The files of a Polis export: `comments.csv`, `votes.csv`, `participants-votes.csv`. Bytes in, a conversation out.

Agree is 1, pass 0, disagree −1. Of several votes of one person on one statement the latest counts; among equally late
ones the one that the matrix shows. Either of the two files with votes is enough. Counts that the files give of
themselves (`n-votes`, `agrees`) are not believed, dates in words not read. A column of the matrix is a statement's if
its heading is a whole number or the id of a statement that another file knows; every other is left alone, and named.
Numbers may have gone through a program that writes 1 as 1.0.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from samsyn.algorithms.opinion_map.encoding import UnreadableError, decode
from samsyn.algorithms.opinion_map.votes import Bools, Votes, gather, latest

COMMENTS, VOTES, MATRIX = "comments.csv", "votes.csv", "participants-votes.csv"
LONGEST_CELL, LONGEST_LINE = 131_072, 4_000_000  # the first is what Python reads into one cell
MOST_PEOPLE, MOST_STATEMENTS = 1_000_000, 20_000
_BEFORE_ALL = -1  # before any time; times are told by their place among all
_MODERATED = {"": 0, "0": 0, "1": 1, "-1": -1, "0.0": 0, "1.0": 1, "-1.0": -1, "+1": 1}
_TIME = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{0,30})?([eE][+-]?[0-9]{1,2})?")
_VOTES = {"1": 1, "0": 0, "-1": -1, "1.0": 1, "0.0": 0, "-1.0": -1, "+1": 1}
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_COMMENT_COLUMNS = [
    "timestamp",
    "datetime",
    "comment-id",
    "author-id",
    "agrees",
    "disagrees",
    "moderated",
    "comment-body",
]
_VOTE_COLUMNS = ["timestamp", "datetime", "comment-id", "voter-id", "vote"]
_OWN_COLUMNS = frozenset({"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"})


class FaultyFileError(ValueError):
    """A file that cannot be read: `file`, `row` (the heading's is 1; None: the whole) and one of the faults below.

    `column` is the heading of the cell that is at fault, `detail` what stands in it, or what else is to be said.
    """

    FAULTS: Mapping[str, str] = {
        "missing": "there is neither votes.csv nor participants-votes.csv",
        "empty": "the file is empty",
        "text": "the file is not text",
        "column": "a column is missing: {detail}",
        "row": "the row cannot be read",
        "vote": "a vote is neither 1, 0 nor -1: {detail}",
        "large": "there is too much in the file",
    }

    def __init__(self, fault: str, file: str, row: int | None = None, detail: str = "", column: str = "") -> None:
        self.fault, self.file, self.row, self.detail, self.column = fault, file, row, detail, column[:40]
        where = f"{file}, row {row}" if row else file
        where += f", column {self.column}" if column else ""
        sentence = self.FAULTS[fault]
        more = f" ({detail})" if detail and "{detail}" not in sentence else ""
        super().__init__(f"{where}: {sentence.format(detail=detail)}{more}")


@dataclass(frozen=True)
class Statement:
    """A statement as the export has it. `moderated`: 1 let in, 0 undecided, −1 removed."""

    id: str
    text: str = ""
    moderated: int = 0
    meta: bool = False

    @property
    def removed(self) -> bool:
        return self.moderated < 0 or self.meta


@dataclass(frozen=True, eq=False)
class Conversation:
    """What the files hold, in the order of the ids.

    `doubled`: rows of votes.csv that a later vote replaced. `unknown`: statements voted on that comments.csv lacks.
    `repeated`: rows of votes.csv that stand there more than once. `ignored`: columns of the matrix that are nobody's
    statement.
    """

    participants: tuple[str, ...]
    statements: tuple[Statement, ...]
    votes: Votes
    doubled: int
    unknown: tuple[str, ...]
    repeated: int = 0
    ignored: tuple[str, ...] = ()

    @property
    def removed(self) -> Bools:
        """One truth per statement: it was moderated out, or is about the conversation itself."""
        return np.array([statement.removed for statement in self.statements], bool)


def read_conversation(files: Mapping[str, bytes]) -> Conversation:
    """Read an export, given as file names and what is in them.

    Raises:
        FaultyFileError: in words, with the row. Nothing is guessed.
    """
    if VOTES not in files and MATRIX not in files:
        raise FaultyFileError("missing", VOTES)
    statements = _statements(files[COMMENTS]) if COMMENTS in files else {}
    cast = _vote_rows(files[VOTES]) if VOTES in files else []
    known = statements.keys() | {row[1] for row in cast}
    matrix = _matrix(files[MATRIX], known) if MATRIX in files else _Matrix(set(), [], [], {})
    shown = matrix.votes
    found = [(person, statement, _BEFORE_ALL, vote) for (person, statement), vote in shown.items()] + cast
    people = matrix.people | {row[0] for row in found}
    voted_on = {row[1] for row in found} | set(matrix.statements)
    unknown = tuple(sorted(voted_on - statements.keys(), key=_order)) if COMMENTS in files else ()
    every = {**{one: Statement(one) for one in voted_on}, **statements}
    if len(people) > MOST_PEOPLE or len(every) > MOST_STATEMENTS:
        raise FaultyFileError("large", VOTES if VOTES in files else MATRIX)
    participants, ids = tuple(sorted(people, key=_order)), tuple(sorted(every, key=_order))
    votes = _gather(found, shown, participants, ids)
    different = set(cast)
    doubled = len(different) - len({row[:2] for row in cast})
    texts = tuple(every[one] for one in ids)
    return Conversation(participants, texts, votes, doubled, unknown, len(cast) - len(different), tuple(matrix.ignored))


def write_conversation(conversation: Conversation, days: Mapping[str, str]) -> dict[str, bytes]:
    """The three files of a conversation, without anyone's groups or times; what `read_conversation` reads back.

    Args:
        days: the day of each statement by its id, as it should stand in `datetime`.
    """
    votes, ids = conversation.votes, [one.id for one in conversation.statements]
    agrees = [0] * len(ids)
    disagrees = [0] * len(ids)
    matrix = [[""] * len(ids) for _person in conversation.participants]
    cast = []
    for who, what, value in zip(votes.person.tolist(), votes.statement.tolist(), votes.value.tolist(), strict=True):
        vote = int(value)
        agrees[what] += vote > 0
        disagrees[what] += vote < 0
        matrix[who][what] = str(vote)
        cast.append(["", "", ids[what], conversation.participants[who], str(vote)])
    comments = [
        ["", days.get(one.id, ""), one.id, "", str(agrees[place]), str(disagrees[place]), str(one.moderated), one.text]
        for place, one in enumerate(conversation.statements)
    ]
    people = [
        [who, "", "", str(sum(map(bool, row))), str(row.count("1")), str(row.count("-1")), *row]
        for who, row in zip(conversation.participants, matrix, strict=True)
    ]
    heading = ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *ids]
    return {
        COMMENTS: _written(_COMMENT_COLUMNS, comments),
        VOTES: _written(_VOTE_COLUMNS, cast),
        MATRIX: _written(heading, people),
    }


def _written(heading: list[str], rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    return out.getvalue().encode()


def read_pairs(content: bytes, file: str = "pairs.csv") -> list[tuple[str, str]]:
    """Pairs of `participant,statement`, in their order; a row of empty cells is a pair of nobody and nothing."""
    rows = _table(content, file, ("participant", "statement"), blank=True)
    return [(row["participant"], row["statement"]) for _number, row in rows]


def _gather(
    found: list[tuple[str, str, int, int]],
    shown: Mapping[tuple[str, str], int],
    participants: tuple[str, ...],
    ids: tuple[str, ...],
) -> Votes:
    person_of = {one: place for place, one in enumerate(participants)}
    statement_of = {one: place for place, one in enumerate(ids)}
    person = np.array([person_of[row[0]] for row in found], np.int64)
    statement = np.array([statement_of[row[1]] for row in found], np.int64)
    time = np.array([row[2] for row in found], np.int64)
    vote = np.array([row[3] for row in found], np.int64)
    rank = np.array([4 * (shown.get((row[0], row[1])) == row[3]) + row[3] for row in found], np.int64)
    kept = latest(person, statement, time, rank)
    return gather(person[kept], statement[kept], vote[kept], people=len(participants), statements=len(ids))


def _statements(content: bytes) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for number, row in _table(content, COMMENTS, ("comment-id",)):
        moderated = row.get("moderated", "")
        if moderated not in _MODERATED:
            raise FaultyFileError("row", COMMENTS, number, f"neither 1, 0 nor -1: {moderated[:20]}", "moderated")
        meta = row.get("is-meta", "").lower() in {"1", "1.0", "true", "t"}
        one = row["comment-id"]
        statement = Statement(one, row.get("comment-body", ""), _MODERATED[moderated], meta)
        if one and found.setdefault(one, statement) != statement:
            raise FaultyFileError("row", COMMENTS, number, f"{one[:20]} stands there twice, and not the same")
    return found


def _vote_rows(content: bytes) -> list[tuple[str, str, int, int]]:
    """Person, statement, time and vote; times as their place among all, those that are missing first."""
    found, times = [], []
    for number, row in _table(content, VOTES, ("comment-id", "voter-id", "vote")):
        time = row.get("timestamp", "")
        if time and not _TIME.fullmatch(time):
            raise FaultyFileError("row", VOTES, number, f"not a time in numbers: {time[:20]}", "timestamp")
        for column in ("voter-id", "comment-id"):
            if not row[column]:
                raise FaultyFileError("row", VOTES, number, "nothing stands there", column)
        times.append(time)
        found.append((row["voter-id"], row["comment-id"], _vote(row["vote"], VOTES, number, "vote")))
    moments = {time: Decimal(time) for time in set(times) if time}
    place = {moment: number for number, moment in enumerate(sorted(set(moments.values())), 1)}
    return [(*row[:2], place[moments[time]] if time else 0, row[2]) for row, time in zip(found, times, strict=True)]


@dataclass(frozen=True)
class _Matrix:
    """The people, the statements that have columns, the columns that are none, and the votes."""

    people: set[str]
    statements: list[str]
    ignored: list[str]
    votes: dict[tuple[str, str], int]


def _matrix(content: bytes, known: Set[str]) -> _Matrix:
    """What participants-votes.csv holds. `known`: the statements of the other files."""
    rows = _rows(content, MATRIX)
    heading = next(rows)[1]
    if "participant" not in heading:
        raise FaultyFileError("column", MATRIX, 1, "participant")
    who = heading.index("participant")
    named = [(place, name) for place, name in enumerate(heading) if name and name not in _OWN_COLUMNS]
    columns = [(place, name) for place, name in named if name in known or _is_number(name)]
    ignored = [name for _place, name in named if name not in known and not _is_number(name)]
    found = _Matrix(set(), [name for _place, name in columns], ignored, {})
    for number, row in rows:
        if len(row) > len(heading):
            raise FaultyFileError("row", MATRIX, number, "it has more cells than the heading")
        if len(row) <= who or not row[who]:
            raise FaultyFileError("row", MATRIX, number, "nothing stands there", "participant")
        found.people.add(row[who])
        for place, name in columns:
            if place < len(row) and row[place]:
                vote = _vote(row[place], MATRIX, number, name)
                if found.votes.setdefault((row[who], name), vote) != vote:
                    doubled = f"{row[who][:20]} stands there twice, with different votes on {name[:20]}"
                    raise FaultyFileError("row", MATRIX, number, doubled)
    return found


def _vote(written: str, file: str, number: int, column: str) -> int:
    if written not in _VOTES:
        raise FaultyFileError("vote", file, number, written[:20] or "nothing", column)
    return _VOTES[written]


def _table(
    content: bytes, file: str, needed: tuple[str, ...], *, blank: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows with their numbers, as column name → cell."""
    rows = _rows(content, file, blank=blank)
    heading = next(rows)[1]
    for name in needed:
        if name not in heading:
            raise FaultyFileError("column", file, 1, name)
    for number, row in rows:
        if len(row) > len(heading):
            raise FaultyFileError("row", file, number, "it has more cells than the heading")
        yield number, dict(zip(heading, row + [""] * (len(heading) - len(row)), strict=True))


def _rows(content: bytes, file: str, *, blank: bool = False) -> Iterator[tuple[int, list[str]]]:
    """All rows with their numbers, the heading first; empty ones are left out, with `blank` only empty lines."""
    reader = csv.reader(_lines(_decode(content, file)))
    empty = True
    number = 0
    try:
        for number, row in enumerate(reader, 1):
            cells = [cell.strip() for cell in row]
            if any(cells) or (blank and not empty and len(cells) > 1):
                empty = False
                yield number, cells
    except csv.Error:
        raise FaultyFileError("row", file, number + 1, "a cell or line is too long, or a quote is not closed") from None
    if empty:
        raise FaultyFileError("empty", file)


def _lines(text: str) -> Iterator[str]:
    """The lines, none of which is copied before it is known to be short enough."""
    for line in _LINE.finditer(text):
        if line.end() - line.start() > LONGEST_LINE:
            raise csv.Error("the line is too long")
        yield line.group()


def _decode(content: bytes, file: str) -> str:
    if not content or content.isspace():
        raise FaultyFileError("empty", file)
    try:
        return decode(content)
    except UnreadableError as fault:
        raise FaultyFileError("text", file, fault.line, fault.why) from None


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def _order(one: str) -> tuple[bool, int, str]:
    """Numbers by size, then everything else by letters."""
    return (False, int(one), one) if one.isascii() and one.isdecimal() and len(one) < 18 else (True, 0, one)
