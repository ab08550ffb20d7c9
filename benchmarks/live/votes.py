"""Durable votes through the live room, beside the same through an ordinary Django view.

    python benchmarks/live/votes.py [sqlite|postgresql] [ROUNDS]

Likes in an anonymous question time that anybody may join: 2,000 browsers, 20 questions, 64 at once. Ordinary views are
tried with one, 8 and 64 at once, and the best counts. In turn, in one run, the server alone on one core: the room's
intake (ticket, origin, rate, eligibility, rule of five, group commit); the product's own view of the same like under
the same uvicorn; that view under a WSGI server where one is installed (`tools/install bench`).
The ratio counts; loopback only.
"""

from __future__ import annotations

import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.live.conftest import drop, postgresql
from tests.live.serving import ROOT, Hall, Phone, free_port, hall

HERE = Path(__file__).resolve().parent
CONNECTIONS, SECONDS, BROWSERS, QUESTIONS = 64, 8, 2_000, 20
AT_ONCE_IN_A_VIEW = (1, 8, 64)  # on SQLite, where only one may write at a time, more at once can mean fewer taken
LEAST = 4.0


def main() -> int:
    """Print votes a second and the ratio; 1 where it is below the bound."""
    database = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    url = postgresql() if database == "postgresql" else ""
    found: dict[str, list[float]] = {"room": [], "view": [], "wsgi": []}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        subprocess.run(["gcc", "-O2", "-o", str(work / "posts"), str(HERE / "posts.c")], check=True)
        with hall(work, database_url=url) as made:
            port = made.start()
            subprocess.run(["taskset", "-acp", "0", str(made.servers[port].pid)], check=True, stdout=subprocess.DEVNULL)
            questions = _ask(made, port)
            room, view = _room_requests(made, port, questions), _view_requests(made, port, questions)
            for _round in range(rounds):
                found["room"].append(_run(work, port, room, CONNECTIONS))
                found["view"].append(_best(work, port, view))
                found["wsgi"] += _wsgi(made, work, questions)
    if url:
        drop(url)
    print(f"{database}, votes a second, median of {rounds}")
    medians = {name: statistics.median(rates) for name, rates in found.items() if rates}
    for name, rate in medians.items():
        print(f"  {name:5} {rate:8.0f}   ({', '.join(f'{one:.0f}' for one in found[name])})")
    ratio = medians["room"] / medians["view"]
    print(f"  {ratio:.1f} times the ordinary view (at least {LEAST})")
    return 0 if ratio >= LEAST else 1


def _ask(made: Hall, port: int) -> list[str]:
    phone = Phone(port)
    phone.join(made.made["code"])
    for number in range(QUESTIONS):
        assert phone.question(made.made["activity"], f"Fråga nummer {number}?")[0] == 200
    stream = phone.stream()
    stream.until("Fråga nummer")
    time.sleep(1)
    stream.close()
    page = phone.ask("GET", f"{phone.room}?sent=1")[2].decode()
    return [part[:13] for part in page.split('name="question" value="')[1:]]


def _room_requests(made: Hall, port: int, questions: list[str]) -> str:
    told = made.prepare("tickets", str(BROWSERS))["tickets"]
    path = f"/live/r/{made.made['room']}/send"
    rows = []
    for turn in range(4):
        for number, ticket in enumerate(told):
            key = secrets.token_hex(16) if turn == 0 else rows[number][1]
            values = {"activity": made.made["activity"], "do": "like", "key": key, "on": str(1 - turn % 2)}
            body = urlencode({**values, "question": questions[(number + turn // 2) % len(questions)]})
            head = (
                f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                f"Cookie: ticket={ticket}\r\nAccept: application/json\r\n"
            )
            rows.append((_post(head, body), key))
    return "\n%%\n".join(row[0] for row in rows)


def _view_requests(made: Hall, port: int, questions: list[str]) -> str:
    """What a browser without scripts sends: the cookie of entry, of the vote, and the token against forgery."""
    entry = made.prepare("entry")["entry"]
    token = secrets.token_hex(16)
    path = f"/o/ankeby/a/{made.made['activity']}/questions/like/"
    keys = [secrets.token_hex(16) for _ in range(BROWSERS)]
    rows = []
    for turn in range(4):
        for number, key in enumerate(keys):
            question = questions[(number + turn // 2) % len(questions)]
            body = urlencode({"on": str(1 - turn % 2), "csrfmiddlewaretoken": token})
            head = (
                f"POST {path}{question}/ HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                f"Cookie: entry={entry}; voter={key}; csrftoken={token}\r\n"
            )
            rows.append(_post(head, body))
    return "\n%%\n".join(rows)


def _post(head: str, body: str) -> str:
    form = "Content-Type: application/x-www-form-urlencoded"
    return f"{head}{form}\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def _wsgi(made: Hall, work: Path, questions: list[str]) -> list[float]:
    python = ROOT / "var" / "bench" / "bin" / "granian"
    if not python.exists():
        return []
    port = free_port()
    site = next((ROOT / ".venv" / "lib").glob("python3*/site-packages"))
    environment = {**made.environment(port), "PYTHONPATH": os.pathsep.join([str(ROOT), str(HERE), str(site)])}
    command = ["taskset", "-c", "0", str(python), "--interface", "wsgi", "--port", str(port), "wsgi:application"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(5)
        return [_best(work, port, _view_requests(made, port, questions))]
    finally:
        server.terminate()
        server.wait()


def _best(work: Path, port: int, requests: str) -> float:
    """Votes a second of an ordinary view, at the number at once that suits it best."""
    return max(_run(work, port, requests, at_once) for at_once in AT_ONCE_IN_A_VIEW)


def _run(work: Path, port: int, requests: str, connections: int) -> float:
    (work / "requests").write_text(requests)
    command = [
        "taskset",
        "-c",
        "1",
        str(work / "posts"),
        str(port),
        str(connections),
        str(SECONDS),
        str(work / "requests"),
    ]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    print(f"    {connections} at once: {told}", flush=True)
    return float(told["taken"] / told["seconds"])


if __name__ == "__main__":
    raise SystemExit(main())
