"""A real nginx with the file of deploy/ before a console, for tests."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

DEPLOY = Path(__file__).parents[1] / "deploy"
NAME = "odr.example.com"
PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx")
PATIENCE_SECONDS = 30


def find_nginx() -> str | None:
    """The path of nginx: ODR_BOT_NGINX, then the system's; None without it or without openssl."""
    if not shutil.which("openssl"):
        return None
    chosen = os.environ.get("ODR_BOT_NGINX") or shutil.which("nginx")
    return chosen or next(filter(os.path.exists, PLACES), None)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class Nginx:
    """nginx as deploy/nginx.conf has it, with ports, folders and a certificate of the test's own."""

    def __init__(self, program: str, folder: Path, console_port: int, port: int) -> None:
        self.folder, self.port, self.plain_port = folder, port, free_port()
        self.certificate = folder / "certificate.pem"
        self._certify()
        (folder / "odr-bot.conf").write_text(self.site(console_port), "utf-8")
        (folder / "nginx.conf").write_text(self._whole(), "utf-8")
        self._process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self._wait()

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def tls(self) -> ssl.SSLContext:
        """A client's side that knows the certificate."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def site(self, console_port: int) -> str:
        """The file of deploy/; nothing but places and ports is another."""
        text = (DEPLOY / "nginx.conf").read_text("utf-8")
        text = re.sub(r"^\s*listen \[::\].*$", "", text, flags=re.MULTILINE)
        for usual, own in (
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"),
            ("127.0.0.1:8765", f"127.0.0.1:{console_port}"),
            (f"/etc/letsencrypt/live/{NAME}/fullchain.pem", str(self.certificate)),
            (f"/etc/letsencrypt/live/{NAME}/privkey.pem", str(self.folder / "key.pem")),
            ("/var/log/nginx/odr-bot.log", str(self.folder / "access.log")),
        ):
            assert usual in text, usual
            text = text.replace(usual, own)
        return text

    def _whole(self) -> str:
        paths = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{name}_temp_path {self.folder}/{name};" for name in paths)
        user = "user root;" if os.name == "posix" and os.getuid() == 0 else ""
        return (
            f"{user} daemon off; master_process off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;"
            f"events {{}} http {{ {temporary} include {self.folder}/odr-bot.conf; }}"
        )

    def _certify(self) -> None:
        subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
        files = ["-keyout", str(self.folder / "key.pem"), "-out", str(self.certificate)]
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
        subprocess.run(made, check=True, capture_output=True)

    def _wait(self) -> None:
        limit = time.monotonic() + PATIENCE_SECONDS
        while True:
            assert self._process.poll() is None, self._process.stderr and self._process.stderr.read()
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < limit, (self.folder / "error.log").read_text()
                time.sleep(0.02)

    def log(self) -> str:
        return (self.folder / "access.log").read_text("utf-8")

    def stop(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=PATIENCE_SECONDS)


if __name__ == "__main__":
    sys.exit(find_nginx() is None)
