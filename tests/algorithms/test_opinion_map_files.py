"""The files of an export: read as they are meant, or refused with a sentence. Nothing else ever happens."""

from __future__ import annotations

import contextlib
import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samsyn.algorithms.opinion_map.polis_files import (
    COMMENTS,
    LONGEST_CELL,
    MATRIX,
    VOTES,
    Conversation,
    FaultyFileError,
    read_conversation,
    read_pairs,
)

quick = settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = {COMMENTS, VOTES, MATRIX}


def file(*rows: str) -> bytes:
    return "\n".join(rows).encode()


def cast(conversation: Conversation) -> dict[tuple[str, str], int]:
    """The votes by the names of people and statements."""
    votes = conversation.votes
    return {
        (conversation.participants[who], conversation.statements[what].id): int(vote)
        for who, what, vote in zip(votes.person, votes.statement, votes.value, strict=True)
    }


def read(files: dict[str, bytes]) -> Conversation | FaultyFileError:
    """What the files hold, or the fault that was found in them; any other exception goes on."""
    try:
        found: Conversation | FaultyFileError = read_conversation(files)
    except FaultyFileError as fault:
        found = fault
    if isinstance(found, FaultyFileError):
        assert found.fault in FaultyFileError.FAULTS
        assert len(str(found)) < 300
        return found
    assert len(found.participants) == found.votes.people
    assert len(found.statements) == found.votes.statements
    return found


CELLS = st.one_of(
    st.sampled_from(
        ["1", "0", "-1", "2", "", " ", "1.0", "x", "nan", "1e400", "9" * 30, '"', ",", "\n", "\x00", "é", "٣", "²"]
    ),
    st.text(max_size=6),
)
HEADINGS = st.sampled_from(
    [
        "timestamp",
        "datetime",
        "comment-id",
        "voter-id",
        "vote",
        "vote",
        "participant",
        "group-id",
        "n-votes",
        "xid",
        "moderated",
        "comment-body",
        "is-meta",
        "1",
        "2",
        "",
    ]
)


@st.composite
def tables(draw) -> bytes:
    rows = [draw(st.lists(HEADINGS, max_size=9)), *draw(st.lists(st.lists(CELLS, max_size=9), max_size=6))]
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])), "replace")


@quick
@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.one_of(st.binary(max_size=200), tables())))
def test_any_bytes_are_read_or_refused(files):
    read(files)


@quick
@given(st.binary(max_size=120))
def test_any_pairs_are_read_or_refused(content):
    with contextlib.suppress(FaultyFileError):
        assert all(isinstance(cell, str) for pair in read_pairs(content) for cell in pair)


ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 4).map(str), st.integers(1, 4).map(str), st.sampled_from([1, 0, -1])),
    min_size=1,
    max_size=25,
)


@quick
@given(ROWS, st.randoms(use_true_random=False))
def test_doubled_and_shuffled_rows_change_nothing(rows, random):
    heading = "timestamp,datetime,comment-id,voter-id,vote"
    lines = [f"{time},,{what},{who},{vote}" for time, who, what, vote in rows]
    first = read({VOTES: file(heading, *lines)})
    mixed = lines + [random.choice(lines) for _more in range(5)]
    random.shuffle(mixed)
    second = read({VOTES: file(heading, *mixed)})
    assert cast(second) == cast(first)
    latest = {pair: max(row[0] for row in rows if (row[1], row[2]) == pair) for pair in cast(first)}
    for (who, what), vote in cast(first).items():
        assert (latest[who, what], who, what, vote) in rows, "the latest counts"


def test_either_file_with_votes_is_enough_and_both_agree():
    comments = file("comment-id,moderated,comment-body", "1,1,One", "2,-1,Two", "3,0,Three")
    votes = file("timestamp,datetime,comment-id,voter-id,vote", "5,,1,a,1", "6,x,2,a,-1", "7,,1,b,0")
    matrix = file(
        "participant,xid,group-id,n-comments,n-votes,n-agree,n-disagree,1,2,3", "a,,0,9,9,9,9,1,-1,", "b,k,,0,0,0,0,0,,"
    )
    found = [
        read({COMMENTS: comments, **more})
        for more in ({VOTES: votes}, {MATRIX: matrix}, {VOTES: votes, MATRIX: matrix})
    ]
    for one in found:
        assert cast(one) == {("a", "1"): 1, ("a", "2"): -1, ("b", "1"): 0}
        assert [statement.removed for statement in one.statements] == [False, True, False]
        assert one.unknown == ()


def test_between_equally_late_votes_the_matrix_decides():
    votes = file(
        "timestamp,comment-id,voter-id,vote", "5,1,a,1", "5,1,a,-1", "5,2,a,-1", "5,2,a,1", "4,3,a,1", "3,3,a,0"
    )
    matrix = file("participant,1,2,3", "a,-1,1,0")
    assert cast(read({VOTES: votes, MATRIX: matrix})) == {("a", "1"): -1, ("a", "2"): 1, ("a", "3"): 1}


def test_statements_that_nobody_lists_are_kept_and_named():
    found = read({COMMENTS: file("comment-id", "1"), VOTES: file("comment-id,voter-id,vote", "1,a,1", "77,a,0")})
    assert found.unknown == ("77",)
    assert [one.id for one in found.statements] == ["1", "77"]
    assert len(found.votes) == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "neither"),
        ({COMMENTS: b"comment-id\n1"}, "neither"),
        ({VOTES: b""}, "empty"),
        ({VOTES: b"  \n\n"}, "empty"),
        ({VOTES: b"comment-id,vote\n1,1"}, "voter-id"),
        ({VOTES: b"comment-id,voter-id,vote\n1,a,2"}, "row 2, column vote: a vote is neither 1, 0 nor -1: 2"),
        ({VOTES: b"comment-id,voter-id,vote\n1,a,1\n1,b,"}, "row 3, column vote"),
        ({VOTES: b"comment-id,voter-id,vote\n,a,1"}, "row 2, column comment-id"),
        ({VOTES: b"timestamp,comment-id,voter-id,vote\nsoon,1,a,1"}, "row 2, column timestamp: the row cannot be read"),
        ({VOTES: b"timestamp,comment-id,voter-id,vote\nnan,1,a,1"}, "not a time in numbers: nan"),
        ({VOTES: b"comment-id,voter-id,vote\n1,a,1,1,1"}, "row 2"),
        ({VOTES: b"PK\x03\x04\x00\x00\x08\x00"}, "not text"),
        ({MATRIX: b"who,1\na,1"}, "participant"),
        ({MATRIX: b"participant,n-pass,1\na,5,7"}, "participants-votes.csv, row 2, column 1: a vote"),
        ({MATRIX: b"participant,1\n,1"}, "row 2, column participant"),
        ({MATRIX: b"participant,1\na,1\na,-1"}, "row 3: the row cannot be read (a stands there twice"),
        ({MATRIX: b"participant,1,1\na,1,-1"}, "twice, with different votes on 1"),
        ({COMMENTS: b"comment-id,comment-body\n1,A\n1,A\n1,B", VOTES: b"comment-id,voter-id,vote\n"}, "row 4"),
        (
            {COMMENTS: b"comment-id,moderated\n1,9", VOTES: b"comment-id,voter-id,vote\n1,a,1"},
            "column moderated",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_row(files, said):
    fault = read(files)
    assert isinstance(fault, FaultyFileError)
    assert said in str(fault)


SAID = "Färre möten är bättre – ”öva” på café"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman"])
def test_texts_in_any_usual_encoding(encoding):
    body = f"comment-id,moderated,comment-body\r\n1,1,{SAID}\r\n".encode(encoding)
    found = read({COMMENTS: body, VOTES: b"comment-id,voter-id,vote\n1,a,1"})
    assert isinstance(found, Conversation)
    assert found.statements[0].text == SAID


def test_two_encodings_in_one_file_are_not_guessed_at():
    body = "comment-id,comment-body\n1,Färre\n".encode() + "2,möten\n".encode("cp1252")
    fault = read({COMMENTS: body, VOTES: b"comment-id,voter-id,vote\n1,a,1"})
    assert isinstance(fault, FaultyFileError)
    assert str(fault) == "comments.csv, row 3: the file is not text (UTF-8 and another encoding are mixed)"
    odd = "comment-id,vote".encode("utf-16") + b"\x00"
    assert isinstance(read({VOTES: odd}), FaultyFileError)


def test_columns_of_the_matrix_that_are_no_statements_are_left_alone_and_named():
    comments = file("comment-id,comment-body", "1,One", "s-2,Two")
    matrix = file("participant,n-pass,department,1,weight,s-2,xid", "a,3,Kök,1,0.5,-1,k", "b,,Vård,0,2,,z")
    found = read({COMMENTS: comments, MATRIX: matrix})
    assert isinstance(found, Conversation)
    assert cast(found) == {("a", "1"): 1, ("a", "s-2"): -1, ("b", "1"): 0}
    assert found.ignored == ("n-pass", "department", "weight")
    assert [one.id for one in found.statements] == ["1", "s-2"]
    alone = read({MATRIX: matrix})
    assert cast(alone) == {("a", "1"): 1, ("b", "1"): 0}
    assert alone.ignored == ("n-pass", "department", "weight", "s-2")
    voted = read({MATRIX: matrix, VOTES: file("comment-id,voter-id,vote", "s-2,c,1")})
    assert cast(voted)["a", "s-2"] == -1, "votes.csv knows it"


def test_numbers_that_went_through_a_spreadsheet_are_what_they_were():
    rows = ["1500000000.0,1.0,a,1.0", "1500000001.5,1.0,a,-1.0", "1.5000000001e9,1.0,a,0.0", "900,1.0,b,1"]
    comments = file("comment-id,moderated,comment-body", "1.0,1.0,One", "2,-1.0,Two", "3,0.0,Three")
    found = read({COMMENTS: comments, VOTES: file("timestamp,comment-id,voter-id,vote", *rows)})
    assert isinstance(found, Conversation)
    assert cast(found) == {("a", "1.0"): -1, ("b", "1.0"): 1}, "the latest is that one and a half seconds later"
    assert [one.moderated for one in found.statements] == [-1, 0, 1]


def test_rows_that_stand_there_twice_are_not_votes_that_were_changed():
    rows = ["5,1,a,1", "5,1,a,1", "6,1,a,-1", "7,2,a,1", "7,2,a,1"]
    found = read({VOTES: file("timestamp,comment-id,voter-id,vote", *rows)})
    assert isinstance(found, Conversation)
    assert (found.doubled, found.repeated) == (1, 2)


def test_a_row_of_empty_cells_is_a_pair_and_an_empty_line_is_none():
    assert read_pairs(b"participant,statement\na,1\n,\n\n \nb,2\n") == [("a", "1"), ("", ""), ("b", "2")]


def test_a_script_is_a_text_like_any_other():
    text = "<script>alert(1)</script>=cmd|' /C calc'!A0"
    found = read({COMMENTS: file("comment-id,comment-body", f'1,"{text}"'), VOTES: b"comment-id,voter-id,vote\n1,a,1"})
    assert found.statements[0].text == text


def test_one_voter_and_nothing_but_passes():
    one = read({VOTES: file("comment-id,voter-id,vote", *(f"{number},a,1" for number in range(9)))})
    assert (one.votes.people, len(one.votes)) == (1, 9)
    passes = read({VOTES: file("comment-id,voter-id,vote", *(f"{n % 5},{n // 5},0" for n in range(40)))})
    assert not passes.votes.value.any()
    heading = read({VOTES: b"comment-id,voter-id,vote\n"})
    assert len(heading.votes) == 0


def test_a_text_of_a_hundred_megabytes_is_refused_without_copies_of_copies():
    content = b'comment-id,comment-body\n1,"' + b"a" * 100_000_000 + b'"\n'
    tracemalloc.start()
    try:
        fault = read({COMMENTS: content, VOTES: b"comment-id,voter-id,vote\n1,a,1"})
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(fault, FaultyFileError)
    assert "row 2" in str(fault)
    assert most < 3 * len(content)


def test_many_short_rows_in_one_text_are_refused_too():
    text = '"' + "a\n" * (LONGEST_CELL // 2 + 1) + '"'
    fault = read({COMMENTS: f"comment-id,comment-body\n1,{text}".encode(), VOTES: b"comment-id,voter-id,vote\n1,a,1"})
    assert isinstance(fault, FaultyFileError)
