"""Life cycle of an embedded Valkey (or Redis) server in a data folder."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from oms.core.embedded import paths
from oms.core.embedded.binaries import redis_bin
from oms.core.embedded.postgres import make_private
from oms.core.embedded.process import spawn, stop

START_TIMEOUT_S = 30


class Redis:
    """One server, reachable over a private socket only. Never evicts: it carries a queue."""

    def __init__(self, home: Path, *, persist: bool = True) -> None:
        self.home = home.resolve()
        self.persist = persist
        self.socket = paths.redis_socket(self.home)
        self.log = self.home / "redis.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        make_private(paths.run_dir(self.home))
        folder = self.home / "redis"
        folder.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "appendonly": "yes" if self.persist else "no",
            "save": "",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = spawn(
            [redis_bin(), *arguments], log=self.log, death_signal=signal.SIGTERM
        )
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_answering():
            if not self.is_running or time.monotonic() > deadline:
                raise RuntimeError(f"Redis did not start; see {self.log}")
            time.sleep(0.02)

    def stop(self) -> None:
        stop(self.process, signal.SIGTERM, wait_s=10)
        self.process = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_answering(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(1)
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(7).startswith(b"+PONG")
        except OSError:
            return False

    def url(self, db: int = 0) -> str:
        return paths.redis_url(self.home, db)
