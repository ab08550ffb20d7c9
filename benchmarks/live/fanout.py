"""What one push to a full room costs, beside the least that any program could do and beside a well-known server.

    python benchmarks/live/fanout.py [CLIENTS] [ROUNDS]

Three servers in turn, each alone on one core, the clients on another: the product (a question time with names, in which
a like changes what all see, four times a second); one epoll loop in C that writes the same bytes; socket.io. What
counts is the CPU time of the server, kernel included, for each push to all clients: to render what is shown and to
write it. The others take no likes in, so what taking them in costs is measured in an empty room and taken off; what a
vote costs is measured by `votes.py`. Loopback only; ends by itself.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.live.serving import Hall, Phone, free_port, hall

HERE = Path(__file__).resolve().parent
EVERY_MS = 250
SECONDS = 10
MOST_OF_LOOP, MOST_OF_SOCKETIO, MOST_BYTES = 2.0, 0.6, 15_000
_TICK = os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print the figures and ratios of one run; 1 where a bound does not hold."""
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name in ("loop", "clients"):
            subprocess.run(["gcc", "-O2", "-o", str(work / name), str(HERE / f"{name}.c")], check=True)
        socketio = _install_socketio()
        found: dict[str, list[tuple[float, float, float]]] = {"samsyn": [], "loop": [], "socket.io": []}
        likes: list[float] = []
        for _round in range(rounds):
            cost, size, memory, like = _samsyn(work, clients)
            found["samsyn"].append((cost, size, memory))
            likes.append(like)
            found["loop"].append(_other(work, clients, [str(work / "loop")], int(size), _plain(work)))
            if socketio:
                command = ["node", str(HERE / "socketio.js")]
                found["socket.io"].append(_other(work, clients, command, int(size), _upgrade(work)))
    return _tell(clients, found, statistics.median(likes))


def _tell(clients: int, found: dict[str, list[tuple[float, float, float]]], like: float) -> int:
    medians = {name: statistics.median(row[0] for row in rows) for name, rows in found.items() if rows}
    size = statistics.median(row[1] for row in found["samsyn"])
    memory = statistics.median(row[2] for row in found["samsyn"])
    print(f"{clients} clients, {size:.0f} bytes a push, {EVERY_MS} ms")
    for name, rows in found.items():
        if rows:
            each = ", ".join(f"{row[0] * 1000:.1f}" for row in rows)
            print(f"  {name:10} {medians[name] * 1000:7.1f} ms CPU a push  ({each})")
    print(f"  the likes that set a push off, {like * 1000:.1f} ms CPU, are not in the product's figure")
    print(f"  memory     {memory / 1000:7.1f} kB a client")
    ratios = [("of the epoll loop", medians["samsyn"] / medians["loop"], MOST_OF_LOOP)]
    if "socket.io" in medians:
        ratios.append(("of socket.io", medians["samsyn"] / medians["socket.io"], MOST_OF_SOCKETIO))
        floor, more = medians["loop"] / medians["socket.io"], [medians[name] - medians["loop"] for name in medians]
        print(
            f"  {floor:.2f} times that of socket.io is what the loop takes, which does nothing but write to each socket"
        )
        print(f"  {more[0] * 1000:.1f} ms and {more[2] * 1000:.1f} ms are what the two add to it")
    ok = memory <= MOST_BYTES
    for what, ratio, most in ratios:
        ok = ok and ratio <= most
        print(f"  {ratio:.2f} times the CPU {what} (at most {most})")
    return 0 if ok else 1


def _samsyn(work: Path, clients: int) -> tuple[float, float, float, float]:
    """(CPU seconds a push without the likes, bytes a push, bytes of memory a client, CPU seconds of likes a push)."""
    folder = Path(tempfile.mkdtemp(dir=work))
    with hall(folder, level="named", entry="audience", people="8") as made:
        port = made.start()
        pid = made.servers[port].pid
        subprocess.run(["taskset", "-acp", "0", str(pid)], check=True, stdout=subprocess.DEVNULL)
        person = str(made.made["people"][3])
        told = made.prepare("tickets", str(clients + 1), person)["tickets"]
        room = f"/live/r/{made.made['room']}/"
        asks = Phone(port)
        asks.room, asks.cookies["ticket"] = room, told.pop()
        asks.question(made.made["activity"], "Vem bestämmer när två chefer vill olika?")
        head = f"GET {room}stream?view=phone&lang=sv HTTP/1.1\r\nHost: localhost:{port}\r\n"
        requests = work / "requests"
        requests.write_text("\n%%\n".join(f"{head}Cookie: ticket={ticket}\r\n\r\n" for ticket in told))
        for_one = _cost_of_a_like(made, asks, pid)
        before, sent = _memory(pid), [0]
        result = _measure(work, port, clients, requests, pid, lambda stop: _toggle(made, asks, stop, sent))
        shutil.rmtree(folder, ignore_errors=True)
        likes = for_one * sent[0] / result[3]
        return result[0] - likes, result[1], (result[2] - before) / clients, likes


def _cost_of_a_like(made: Hall, phone: Phone, pid: int) -> float:
    """CPU seconds of the server for one like, in a room where nobody looks."""
    sent, stop = [0], threading.Event()
    thread = threading.Thread(target=_toggle, args=(made, phone, stop, sent))
    thread.start()
    time.sleep(2)
    begun, first = _cpu(pid), sent[0]
    time.sleep(SECONDS)
    cost, likes = _cpu(pid) - begun, sent[0] - first
    stop.set()
    thread.join()
    return cost / likes


def _toggle(made: Hall, phone: Phone, stop: threading.Event, sent: list[int]) -> None:
    """Change what all see, a little faster than it is pushed; `sent` counts how often."""
    stream = phone.stream()
    stream.until("Vem bestämmer")
    question = stream.parts["k-list"].partition('name="question" value="')[2][:13]
    stream.close()
    on = False
    while not stop.wait(0.21):
        on = not on
        phone.send("like", made.made["activity"], question=question, on="1" if on else "0")
        sent[0] += 1


def _other(work: Path, clients: int, command: list[str], size: int, files: list[Path]) -> tuple[float, float, float]:
    """The same of another server, which writes messages of this size by a timer."""
    port = free_port()
    server = subprocess.Popen(["taskset", "-c", "0", *command, str(port), str(size), str(EVERY_MS)])
    try:
        time.sleep(1)
        before = _memory(server.pid)
        cost, seen, after, _pushes = _measure(work, port, clients, files[0], server.pid, None, *files[1:])
        return cost, seen, (after - before) / clients
    finally:
        server.kill()
        server.wait()


def _measure(
    work: Path,
    port: int,
    clients: int,
    requests: Path,
    pid: int,
    beside: Callable[[threading.Event], None] | None,
    *frame: Path,
) -> tuple[float, float, float, float]:
    """(CPU seconds a push, bytes a push, bytes of memory, pushes)."""
    command = ["taskset", "-c", "1", str(work / "clients"), str(port), str(clients), str(SECONDS + 1), str(requests)]
    reading = subprocess.Popen([*command, *map(str, frame)], stdout=subprocess.PIPE, text=True)
    assert reading.stdout is not None
    first = reading.stdout.readline()
    if not first.startswith("ready"):
        raise SystemExit(f"the clients did not come in: {first}")
    stop = threading.Event()
    thread = threading.Thread(target=beside, args=(stop,)) if beside else None
    if thread:
        thread.start()
    begun = _cpu(pid)
    rest = reading.stdout.read()
    cpu, memory = _cpu(pid) - begun, _memory(pid)
    stop.set()
    if thread:
        thread.join()
    told = json.loads(rest.splitlines()[-1])
    pushes = told["events"] / told["clients"]
    assert told["least"] > 0, "a client got nothing"
    return cpu / pushes, told["bytes"] / told["events"], memory, pushes


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def _memory(pid: int) -> float:
    """Bytes of resident memory."""
    with contextlib.suppress(FileNotFoundError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0.0


def _plain(work: Path) -> list[Path]:
    request = work / "plain"
    request.write_text("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return [request]


def _upgrade(work: Path) -> list[Path]:
    """The request of a WebSocket for socket.io, and the frame that joins its namespace ("40", masked)."""
    key = base64.b64encode(b"samsyn-bench-key").decode()
    request, frame = work / "upgrade", work / "frame"
    request.write_text(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        f"Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    )
    frame.write_bytes(b"\x81\x82\x00\x00\x00\x0040")
    return [request, frame]


def _install_socketio() -> bool:
    """Whether socket.io is there; it is brought in by npm where that is installed."""
    if not shutil.which("node") or not shutil.which("npm"):
        print("node and npm are not here: measured without socket.io")
        return False
    if not (HERE / "node_modules").exists():
        subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=HERE, check=True)
    return True


if __name__ == "__main__":
    raise SystemExit(main())
