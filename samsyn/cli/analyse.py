"""`samsyn analyse dialogue FOLDER`: where people stand, from the files of a Polis export. No settings, no database."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samsyn.cli.set_up import complain

if TYPE_CHECKING:
    from samsyn.algorithms.opinion_map.polis_files import Conversation

_SHOWN = 7


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is analysed, and what is written beside the result."""
    kinds = parser.add_subparsers(dest="kind", metavar="kind", required=True)
    dialogue = kinds.add_parser("dialogue", help="votes on statements, as Polis exports them")
    dialogue.add_argument("folder", type=Path, help="with votes.csv or participants-votes.csv, and comments.csv")
    dialogue.add_argument("--polis-compatible", action="store_true", help="find groups as Polis does, tested or not")
    dialogue.add_argument("--groups-csv", type=Path, metavar="FILE", help="write who is in which group")
    dialogue.add_argument("--predict", type=Path, metavar="FILE", help="say what is expected of these pairs")
    dialogue.add_argument("--json", action="store_true", help="print everything as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Read, analyse, print. 1 where a file is refused."""
    # Before numpy is loaded: the matrices are small, threads would only wait for each other, and with one of them the
    # last bit is the same on every machine of a kind.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from samsyn.algorithms.opinion_map import polis_files

    try:
        conversation = _read(arguments.folder)
        pairs = (
            polis_files.read_pairs(arguments.predict.read_bytes(), arguments.predict.name) if arguments.predict else []
        )
    except polis_files.FaultyFileError as fault:
        return complain(f"{fault}.")
    except OSError as error:
        return complain(f"{error.filename}: {error.strerror}.")
    for sentence in _remarks(conversation):
        print(sentence, file=sys.stderr)
    found, labels = _analyse(conversation, compatible=arguments.polis_compatible)
    if arguments.predict:
        found["expected"] = _expect(conversation, pairs)
    if arguments.groups_csv:
        try:
            _write_groups(arguments.groups_csv, conversation.participants, labels)
        except OSError as error:
            return complain(f"{error.filename}: {error.strerror}.")
    _say(_as_json(found) if arguments.json else "\n".join(_lines(found, conversation)))
    return 0


def _as_json(found: dict[str, Any]) -> str:
    """The result with its letters as they are, or as numbers where the reader's end knows no others."""
    return json.dumps(found, ensure_ascii=_encoding().replace("-", "").lower() != "utf8", indent=1)


def _say(text: str) -> None:
    """Print, wherever it goes: letters that it cannot show become numbers, and a reader who leaves early is let go."""
    try:
        print(text.encode(_encoding(), "backslashreplace").decode(_encoding()), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would complain as it leaves


def _encoding() -> str:
    return sys.stdout.encoding or "ascii"


def _read(folder: Path) -> Conversation:
    from samsyn.algorithms.opinion_map.polis_files import COMMENTS, MATRIX, VOTES, read_conversation

    if not folder.is_dir():
        raise NotADirectoryError(20, "there is no such folder", str(folder))
    return read_conversation(
        {name: (folder / name).read_bytes() for name in (COMMENTS, VOTES, MATRIX) if (folder / name).is_file()}
    )


def _remarks(conversation: Conversation) -> list[str]:
    """What the reader should know about the files, on standard error."""
    said = []
    if conversation.unknown:
        said.append(f"Voted on, but not in comments.csv (kept, without words): {', '.join(conversation.unknown[:20])}")
    if conversation.ignored:
        columns = ", ".join(name[:40] for name in conversation.ignored[:20])
        said.append(f"Columns of participants-votes.csv that are no statement's (left alone): {columns}")
    if conversation.doubled:
        said.append(f"{conversation.doubled} votes were replaced by later ones of the same person.")
    if conversation.repeated:
        said.append(f"{conversation.repeated} rows of votes.csv stand there more than once, and count once.")
    return said


def _analyse(conversation: Conversation, *, compatible: bool) -> tuple[dict[str, Any], list[str]]:
    """The result as data, and each participant's group."""
    from samsyn.algorithms.opinion_map import report
    from samsyn.algorithms.opinion_map.analysis import analyse, draw_map
    from samsyn.algorithms.opinion_map.expectation import hidden_vote_error, make_keys
    from samsyn.algorithms.opinion_map.polis import draw_polis_map

    votes, ids = conversation.votes, [one.id for one in conversation.statements]
    kept = [place for place, one in enumerate(conversation.statements) if not one.removed]
    began = time.perf_counter()
    part = votes.on(kept)
    drawn = draw_map(part)
    mapped = time.perf_counter()
    people, statements = make_keys(conversation.participants), make_keys(ids)
    analysis = analyse(part, drawn, keys=(people, statements[kept]))
    found: dict[str, Any] = {
        "participants": len(conversation.participants),
        "statements": len(ids),
        "votes": len(votes),
        **report.describe(analysis, [ids[place] for place in kept]),
    }
    labels, letters = analysis.groups.labels, analysis.groups.letters
    if compatible:
        as_polis = draw_polis_map(votes, conversation.removed)
        found |= report.describe_polis(part, as_polis, [ids[place] for place in kept])
        labels, letters = as_polis.labels, tuple(row["label"] for row in found["groups"])
    error = hidden_vote_error(votes, people, statements)
    found["hidden_vote_error"] = None if error is None else round(error, 6)
    found["seconds"] = {"map": round(mapped - began, 4), "certainty": round(time.perf_counter() - mapped, 4)}
    return found, [letters[number] if number >= 0 else "" for number in labels.tolist()]


def _expect(conversation: Conversation, pairs: list[tuple[str, str]]) -> list[float]:
    """The expected vote of each pair; of people and statements that nothing is known of, what holds on average."""
    import numpy as np

    from samsyn.algorithms.opinion_map.expectation import choose, make_keys
    from samsyn.algorithms.opinion_map.votes import gather

    known, ids = conversation.votes, [one.id for one in conversation.statements]
    # One more person and statement, of whom nothing is known: those are the ones that no file names.
    votes = gather(known.person, known.statement, known.value, people=known.people + 1, statements=known.statements + 1)
    chosen = choose(votes, make_keys([*conversation.participants, ""]), make_keys([*ids, ""]))
    people = {one: place for place, one in enumerate(conversation.participants)}
    statements = {one: place for place, one in enumerate(ids)}
    person = np.array([people.get(who, known.people) for who, _what in pairs], np.int64)
    statement = np.array([statements.get(what, known.statements) for _who, what in pairs], np.int64)
    return [round(float(one), 6) for one in chosen.expect(person, statement)]


def _write_groups(path: Path, participants: tuple[str, ...], labels: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["participant", "group"])
        writer.writerows(zip(participants, labels, strict=True))


def _lines(found: dict[str, Any], conversation: Conversation) -> list[str]:
    """The result in words."""
    texts = {one.id: one.text or f"statement {one.id}" for one in conversation.statements}
    lines = [
        f"{found['participants']} people, {found['statements']} statements, {found['votes']} votes.",
        "",
        _of_axes(found),
        _of_groups(found),
    ]
    for heading, key in (
        ("Most agree, across all", "consensus"),
        ("Separates people", "divisive"),
        ("People are unsure", "unsure"),
    ):
        if found[key]:
            lines += ["", f"{heading}:"]
        for row in found[key][:_SHOWN]:
            verb = {"unsure": "pass"}.get(key, row["direction"])
            shares = f"{row['share']:.0%} {verb} ({row['low']:.0%}–{row['high']:.0%} of {row['votes']})"
            lines.append(f"  {shares}: {texts[row['statement']]}")
    if found["hidden_vote_error"] is not None:
        lines += ["", f"Squared error on hidden votes: {found['hidden_vote_error']:.3f}"]
    return lines


def _of_axes(found: dict[str, Any]) -> str:
    if not found["axes"]:
        return "Nothing separates people more than chance would."
    if found["mainly_agreeing"]:
        return "People differ, mainly in how readily they agree with anything."
    return "People really differ along one line." if found["axes"] == 1 else "People really differ along two lines."


def _of_groups(found: dict[str, Any]) -> str:
    if len(found["groups"]) < 2:
        return "No groups found: people stand everywhere between the ends."
    rows = ", ".join(f"{row['label']} {row['participants']} people ({row['firmness']})" for row in found["groups"])
    return f"Groups: {rows}."
