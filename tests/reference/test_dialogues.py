"""The map on real dialogues: beside what Polis found, on votes that were hidden, on few people, and by the command."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from samsyn.algorithms.opinion_map.analysis import analyse
from samsyn.algorithms.opinion_map.axes import find_axes
from samsyn.algorithms.opinion_map.expectation import choose, choose_factors, hide, make_keys
from samsyn.algorithms.opinion_map.polis_files import COMMENTS, MATRIX, VOTES, Conversation, read_conversation
from samsyn.algorithms.opinion_map.shuffles import shuffle
from samsyn.cli.main import main

SMALL, MEDIUM, LARGE = "small-brexit", "medium-biodiversity", "large-klimarat"
FINDING = {"statement": str, "direction": str, "share": float, "low": float, "high": float, "votes": int}
OTHERS = {"n-pass": "12", "department": "Kök"}
KEYS = {
    "participants": int,
    "statements": int,
    "votes": int,
    "axes": int,
    "groups": list,
    "consensus": list,
    "divisive": list,
    "unsure": list,
    "representative": list,
    "hidden_vote_error": float,
    "seconds": dict,
}


def read(folder: Path) -> Conversation:
    return read_conversation({name: (folder / name).read_bytes() for name in (COMMENTS, VOTES, MATRIX)})


@pytest.fixture
def small(dialogues, tmp_path) -> Path:
    """A copy of the small dialogue with some of its people, to change: files are read the same way however many."""
    folder = tmp_path / "dialogue"
    shutil.copytree(dialogues / SMALL, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    for name, column in ((VOTES, "voter-id"), (MATRIX, "participant")):
        with (folder / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(row for row in rows if int(row[column]) % 3 == 0)
    return folder


@pytest.fixture
def told(capsys):
    """Runs the command: what it says on stdout, read as JSON and nothing else, and on stderr."""

    def run(folder: Path, *options: object) -> tuple[dict, str]:
        code = main(["analyse", "dialogue", str(folder), "--json", *map(str, options)])
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out), said.err

    return run


@pytest.fixture(scope="module")
def known() -> dict[str, tuple]:
    """What the command has said of dialogues: `of_default`, `first`."""
    return {}


@pytest.fixture
def of_default(dialogues, tmp_path, told, known):
    """What the command says of a whole dialogue, on stdout, on stderr and of who is in which group; run once."""

    def find(name: str) -> tuple[dict, str, str]:
        if name not in known:
            file = tmp_path / "default.csv"
            known[name] = (*told(dialogues / name, "--groups-csv", file), file.read_text("utf-8"))
        return known[name]

    return find


@pytest.fixture
def first(small, told, known) -> dict:
    """What the command says of the small dialogue before anything is changed in it; run once."""
    if "small" not in known:
        known["small"] = told(small)
    return known["small"][0]


def without_seconds(found: dict) -> str:
    return json.dumps({name: value for name, value in found.items() if name != "seconds"})


def adjusted_rand_index(first: list[str], second: list[str]) -> float:
    """How alike two divisions of the same people are (Hubert & Arabie 1985): pairs together in both, beyond chance."""
    rows, columns = sorted(set(first)), sorted(set(second))
    table = np.zeros((len(rows), len(columns)))
    for one, other in zip(first, second, strict=True):
        table[rows.index(one), columns.index(other)] += 1

    def pairs(numbers):
        return float((numbers * (numbers - 1) / 2).sum())

    both, left, right = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    chance = left * right / pairs(np.array([len(first)]))
    return (both - chance) / ((left + right) / 2 - chance)


def test_the_index_itself():
    assert adjusted_rand_index(list("aabb"), list("xxyy")) == 1
    assert adjusted_rand_index(list("aabb"), list("xyxy")) == pytest.approx(-0.5)
    assert adjusted_rand_index(list("aaabbb"), list("xxyyzz")) == pytest.approx(0.2424, abs=1e-4)


@pytest.mark.parametrize(("name", "least"), [(SMALL, 0.87), (MEDIUM, 0.92), (LARGE, 0.95)])
def test_the_compatible_mode_finds_the_groups_of_polis(dialogues, tmp_path, told, of_default, name, least):
    with (dialogues / name / MATRIX).open(encoding="utf-8") as file:
        theirs = {row["participant"]: row["group-id"] for row in csv.DictReader(file)}
    file = tmp_path / "groups.csv"
    found, _said = told(dialogues / name, "--polis-compatible", "--groups-csv", file)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert list(rows[0]) == ["participant", "group"]
    ours = {row["participant"]: row["group"] for row in rows}
    assert len(rows) == len(ours) == found["participants"] == len(theirs)
    assert {row["label"]: row["participants"] for row in found["groups"]} == {
        label: list(ours.values()).count(label) for label in set(ours.values()) - {""}
    }
    votes = read(dialogues / name).votes.per_statement
    labels = {row["label"] for row in found["groups"]}
    assert {row["firmness"] for row in found["groups"]} == {"untested"}
    assert {row["group"] for row in found["representative"]} == labels, "each of these groups is marked by something"
    assert all(row["votes"] + row["elsewhere_votes"] <= votes.max() for row in found["representative"])
    default = of_default(name)[0]["consensus"]
    one, other = ({row["statement"]: row for row in rows} for rows in (found["consensus"], default))
    assert {key: row["share"] for key, row in one.items()} == {key: other[key]["share"] for key in one}
    assert [row["acceptance"] for row in one.values()] != [other[key]["acceptance"] for key in one], "of its own groups"
    both = [who for who in ours if ours[who] and theirs[who]]
    alike = adjusted_rand_index([ours[who] for who in both], [theirs[who] for who in both])
    print(f"{name}: {len(both)} placed by both, adjusted Rand index {alike:.3f}")
    assert alike >= least
    placed = {who for who, count in _votes_of(dialogues / name).items() if count >= 7}
    assert placed <= {who for who in ours if ours[who]}, "everybody with seven votes is placed"


def _votes_of(folder: Path) -> dict[str, int]:
    conversation = read(folder)
    return dict(zip(conversation.participants, conversation.votes.per_person.tolist(), strict=True))


@pytest.mark.parametrize(("name", "most"), [(SMALL, 0.42), (MEDIUM, 0.38), (LARGE, 0.33)])
def test_what_the_command_says(dialogues, of_default, name, most):
    found, said, grouped = of_default(name)
    conversation = read(dialogues / name)
    for key, kind in KEYS.items():
        assert type(found[key]) is kind, key
    assert found["participants"] == len(conversation.participants)
    assert found["votes"] == len(conversation.votes)
    assert name != SMALL or (found["participants"], found["votes"]) == (204, 5303)
    assert set(found["seconds"]) == {"map", "certainty"}
    assert all(type(value) is float for value in found["seconds"].values())
    assert found["hidden_vote_error"] <= most
    for key in ("consensus", "divisive", "unsure"):
        assert found[key]
        for row in found[key]:
            assert {name: type(row[name]) for name in FINDING} == FINDING
            assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
    assert "replaced by later ones" in said
    assert str(dialogues) not in json.dumps(found)
    rows = list(csv.DictReader(io.StringIO(grouped)))
    labels = {row["label"] for row in found["groups"]}
    assert {row["group"] for row in rows} <= labels | {""}
    assert all({"label", "participants", "firmness"} <= set(row) for row in found["groups"])


@pytest.mark.prove
@pytest.mark.parametrize(("name", "draws", "most"), [(SMALL, 60, 0.412), (MEDIUM, 12, 0.36), (LARGE, 6, 0.32)])
def test_hidden_votes_are_told_whichever_are_hidden(dialogues, name, draws, most):
    conversation = read(dialogues / name)
    votes, people = conversation.votes, make_keys(conversation.participants)
    statements = make_keys(one.id for one in conversation.statements)
    errors = []
    for draw in range(1000, 1000 + draws):
        hidden = hide(votes, people, statements, draw)
        expected = choose(votes.where(~hidden), people, statements).expect(
            votes.person[hidden], votes.statement[hidden]
        )
        errors.append(float(((expected - votes.value[hidden]) ** 2).mean()))
    threes = np.array(errors).reshape(-1, 3).mean(axis=1)
    print(f"{name}: {np.mean(errors):.4f} over {draws} other draws, one by one ±{np.std(errors):.4f};", end=" ")
    print(f"means of three {threes.min():.3f} … {threes.max():.3f}, above 0.42 in {(threes > 0.42).mean():.0%}")
    assert np.mean(errors) <= most


def test_all_who_belong_are_placed_also_where_nobody_stands_apart(tmp_path, told):
    file, groups = tmp_path / VOTES, tmp_path / "groups.csv"
    cast = [f"{what},{who},0" for who in range(40) for what in range(9 if who < 30 else 3)]
    file.write_text("\n".join(["comment-id,voter-id,vote", *cast]))
    found, _said = told(tmp_path, "--polis-compatible", "--groups-csv", groups)
    assert found["groups"] == [{"label": "A", "participants": 30, "firmness": "untested"}]
    rows = list(csv.DictReader(groups.open(encoding="utf-8")))
    assert [row["group"] for row in rows] == ["A"] * 30 + [""] * 10


def test_the_words_are_for_people(small, capsys):
    conversation = read(small)
    people, votes = len(conversation.participants), len(conversation.votes)
    assert main(["analyse", "dialogue", str(small)]) == 0
    said = capsys.readouterr().out
    assert f"{people} people, 50 statements, {votes} votes." in said
    assert "Most agree, across all:" in said


def test_the_order_of_rows_is_of_no_matter(small, told, first):
    shuffled = random.Random(4)
    for name in (COMMENTS, VOTES, MATRIX):
        rows = list(csv.reader(io.StringIO((small / name).read_text("utf-8"), newline="")))
        body = rows[1:]
        shuffled.shuffle(body)
        with (small / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([rows[0], *body])
    assert without_seconds(told(small)[0]) == without_seconds(first), "nor whether it was done before"


def test_either_file_with_votes_is_enough(small, told, first):
    matrix = (small / MATRIX).read_bytes()
    (small / MATRIX).unlink()
    alone = told(small)[0]
    (small / MATRIX).write_bytes(matrix)
    (small / VOTES).unlink()
    by_matrix = told(small)[0]
    assert without_seconds(by_matrix) == without_seconds(first)
    assert (alone["participants"], alone["votes"]) == (first["participants"], first["votes"])
    (small / COMMENTS).unlink()
    assert told(small)[0]["votes"] == first["votes"]


def test_what_the_files_say_of_themselves_is_not_believed(small, told, first):
    rows = list(csv.DictReader((small / MATRIX).open(encoding="utf-8")))
    with (small / MATRIX).open("w", encoding="utf-8", newline="") as file:
        names = [rows[0]["participant"] and "participant", "xid", "n-pass", *list(rows[0])[1:], "department"]
        writer = csv.DictWriter(file, list(dict.fromkeys(names)))
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow(
                row | {"xid": f"person-{number}", "n-votes": "7", "n-agree": "-3", "n-disagree": "x"} | OTHERS
            )
    for name in (VOTES, COMMENTS):
        changed = list(csv.DictReader((small / name).open(encoding="utf-8")))
        with (small / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(changed[0]))
            writer.writeheader()
            writer.writerows(row | {"datetime": ""} for row in changed)
    found, said = told(small)
    assert without_seconds(found) == without_seconds(first)
    assert "left alone): n-pass, department" in said


def run_apart(folder: Path, *options: str, tail: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own; `tail`: what its output is piped into."""
    words = [sys.executable, "-m", "samsyn", "analyse", "dialogue", str(folder), *options]
    line = " ".join(map(shlex.quote, words)) + tail
    return subprocess.run(["bash", "-c", line], capture_output=True, check=False, env=os.environ | environment)


def test_the_command_speaks_to_any_terminal(tmp_path):
    rows = [f"{what},{who},1" for what in range(12) for who in ("Åsa", "Örjan", "Ann")]
    (tmp_path / VOTES).write_text("\n".join(["comment-id,voter-id,vote", *rows, "å,Åsa,1"]), "utf-8")
    done = run_apart(tmp_path, "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert "å" in json.loads(done.stdout.decode("ascii"))["hardly_seen"]
    assert run_apart(tmp_path, PYTHONIOENCODING="ascii").returncode == 0
    left = run_apart(tmp_path, "--json", tail=" | head -c 1")
    assert (left.stdout, left.stderr) == (b"{", b"")


def test_what_is_expected_of_pairs(small, told, tmp_path):
    conversation = read(small)
    who, what = conversation.participants, [statement.id for statement in conversation.statements]
    pairs = [(who[0], what[0]), ("nobody", what[1]), (who[1], "nothing"), ("nobody", "nothing"), (who[0], what[0])]
    cast = list(zip(conversation.votes.person, conversation.votes.statement, conversation.votes.value, strict=True))
    known = random.Random(0).sample(cast, 400)
    pairs += [(who[person], what[statement]) for person, statement, _vote in known]
    file = tmp_path / "pairs.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("participant", "statement"), *pairs])
    expected = told(small, "--predict", file)[0]["expected"]
    assert len(expected) == len(pairs)
    assert all(type(one) is float and -1 <= one <= 1 for one in expected)
    assert expected[0] == expected[4]
    votes = np.array([float(vote) for *_pair, vote in known])
    assert np.mean((np.array(expected[5:]) - votes) ** 2) < 0.45
    backwards = tmp_path / "backwards.csv"
    with backwards.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("statement", "participant"), *((what, who) for who, what in reversed(pairs))])
    assert told(small, "--predict", backwards)[0]["expected"] == expected[::-1]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({VOTES: b"", MATRIX: None}, "votes.csv: the file is empty."),
        ({VOTES: None, MATRIX: None}, "there is neither votes.csv nor participants-votes.csv."),
        (
            {VOTES: b"comment-id,voter-id,vote\n1,2,maybe"},
            "votes.csv, row 2, column vote: a vote is neither 1, 0 nor -1: maybe.",
        ),
    ],
)
def test_bad_files_are_refused_in_a_sentence(small, capsys, files, said):
    for name, content in files.items():
        (small / name).unlink() if content is None else (small / name).write_bytes(content)
    assert main(["analyse", "dialogue", str(small), "--json"]) == 1
    heard = capsys.readouterr()
    assert heard.out == ""
    assert said in heard.err
    assert main(["analyse", "dialogue", str(small / "nowhere")]) == 1


def test_hardly_any_votes_are_analysed_too(tmp_path, told):
    (tmp_path / VOTES).write_text("comment-id,voter-id,vote\n1,a,1\n")
    found, _said = told(tmp_path)
    assert (found["axes"], found["groups"], found["hidden_vote_error"]) == (0, [], None)
    (tmp_path / VOTES).write_text("comment-id,voter-id,vote\n")
    found, _said = told(tmp_path, "--polis-compatible")
    assert (found["participants"], found["votes"], found["groups"]) == (0, 0, [])


def draws_with_an_axis(folder: Path, least: int, draws: int) -> int:
    """In how many draws of twenty of the participants (with so many votes) an axis is reported: chance worlds leave it
    standing, and hidden votes are not told worse with it.
    """
    conversation = read(folder)
    votes = conversation.votes.on(~conversation.removed)
    statements = make_keys(one.id for one in conversation.statements if not one.removed)
    pool, drawn = np.flatnonzero(conversation.votes.per_person >= least), np.random.default_rng(5)
    found = 0
    for _draw in range(draws):
        some = np.sort(drawn.choice(pool, 20, replace=False))
        few, people = votes.of(some), make_keys(conversation.participants[person] for person in some)
        axes = find_axes(few).count
        found += axes > 0 and choose_factors(few, people, statements, axes=axes) > 0
    return found


@pytest.mark.parametrize("name", [MEDIUM, LARGE])
def test_an_axis_is_found_among_twenty(dialogues, name):
    assert draws_with_an_axis(dialogues / name, 7, 12) >= 10


@pytest.mark.prove
@pytest.mark.parametrize("least", [1, 7])
@pytest.mark.parametrize("name", [MEDIUM, LARGE])
def test_an_axis_is_found_among_twenty_in_most_draws(dialogues, name, least):
    found = draws_with_an_axis(dialogues / name, least, 100)
    print(f"{name}, twenty of those with {least} votes or more: an axis in {found} of 100 draws")
    assert found >= 85


def false_findings(folder: Path, turns: int) -> tuple[int, int]:
    """In how many of so many shuffles an axis is reported, and groups."""
    conversation = read(folder)
    votes, dealt = conversation.votes.on(~conversation.removed), np.random.default_rng(17)
    found = [analyse(shuffle(votes, dealt)) for _turn in range(turns)]
    return sum(one.axes.count > 0 for one in found), sum(one.groups.count > 0 for one in found)


def test_shuffled_votes_carry_nothing(dialogues):
    axes, groups = false_findings(dialogues / SMALL, 10)
    assert max(axes, groups) <= 1


@pytest.mark.prove
@pytest.mark.parametrize("name", [SMALL, MEDIUM, LARGE])
def test_shuffled_votes_hardly_ever_carry_anything(dialogues, name):
    axes, groups = false_findings(dialogues / name, 200)
    print(f"{name}, votes shuffled within each statement: an axis in {axes} and groups in {groups} of 200")
    assert axes <= 10
    assert groups <= 10
