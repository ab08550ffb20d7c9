"""A small mail server on this machine: it takes letters, refuses, puts off or hangs up as told."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from email.message import EmailMessage


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.letters: list[tuple[str, EmailMessage]] = []
        self.answers: dict[str, list[str]] = {}  # address → answers to RCPT, one for each time
        self.hang_up_after: set[str] = set()  # letters to these are taken and never acknowledged
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for found, letter in self.letters if found == address]


class _Session(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self._say("220 here")
        recipients: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "RCPT":
                address = line[line.index("<") + 1 : line.index(">")]
                waiting = self.server.answers.get(address, [])
                answer = waiting.pop(0) if waiting else "250 ok"
                if answer.startswith("250"):
                    recipients.append(address)
                self._say(answer)
            elif verb == "DATA":
                self._say("354 go on")
                letter = self._read_letter()
                self.server.letters += [(address, letter) for address in recipients]
                if set(recipients) & self.server.hang_up_after:
                    return
                recipients = []
                self._say("250 taken")
            else:
                recipients = [] if verb in {"MAIL", "RSET"} else recipients
                self._say("250 ok")

    def _read_letter(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        return email.message_from_bytes(b"".join(lines), policy=email.policy.default)  # type: ignore[return-value]

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
