"""Behind nginx, with the lines that the run-book names."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.lacking import leave_out
from tests.live.serving import ROOT, Phone, free_port, hall

pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def nginx() -> str:
    found = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "nginx-light"], check=False, stdout=subprocess.DEVNULL)
        found = "/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None
    if found is None:
        leave_out("nginx is not here: apt-get install nginx-light")
    return found


def test_a_room_works_behind_nginx_with_the_lines_of_the_run_book(tmp_path, nginx):
    lines = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "run" / "proxy.md").read_text(), re.DOTALL)
    assert lines, "docs/run/proxy.md names the lines"
    outside = free_port()
    with hall(tmp_path) as made:
        port = made.start()
        server = (
            lines[1].replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("listen 443 ssl;", f"listen {outside};")
        )
        server = re.sub(r"(?m)^\s*(ssl_\w+|server_name|http2) .*$", "", server)
        config = tmp_path / "nginx.conf"
        config.write_text(
            f"pid {tmp_path}/nginx.pid; error_log {tmp_path}/error.log; daemon off;\n"
            f"events {{ worker_connections 4096; }}\nhttp {{ access_log off;\n{server}\n}}\n"
        )
        proxy = subprocess.Popen([nginx, "-c", str(config), "-p", str(tmp_path)])
        try:
            phone, other = Phone(outside), Phone(outside)
            until = time.monotonic() + 10
            while time.monotonic() < until:
                try:
                    assert phone.join(made.made["code"]) == 200
                    break
                except OSError:
                    continue
            other.join(made.made["code"])
            stream = other.stream()
            stream.next()
            begun = time.monotonic()
            assert phone.question(made.made["activity"], "Kommer det fram genom nginx?")[0] == 200
            stream.until("Kommer det fram genom nginx?")
            assert time.monotonic() - begun < 5, "the proxy keeps nothing back"
            stream.close()
        finally:
            proxy.terminate()
            proxy.wait(timeout=10)
