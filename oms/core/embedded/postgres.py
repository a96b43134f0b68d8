"""Life cycle of an embedded PostgreSQL cluster in a data folder."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from oms.core.embedded import paths
from oms.core.embedded.binaries import postgres_bin
from oms.core.embedded.process import spawn, stop, unprivileged

START_TIMEOUT_S = 120  # crash recovery may take long
BUILTIN_LOCALE_SINCE = 17
ROOT_HOME = Path("/var/lib/oms-embedded")  # where root's clusters live when OMS_HOME is closed to others
UNSAFE_BUT_FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")


class Postgres:
    """One cluster, reachable over a private socket only.

    `fast_unsafe` turns durability off, for throw-away clusters.
    """

    def __init__(self, home: Path, *, fast_unsafe: bool = False) -> None:
        self.home = home.resolve()
        self.fast_unsafe = fast_unsafe
        self.socket_dir = paths.postgres_dir(self.home)
        self.log = self.home / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._credentials = unprivileged()
        self._bin, self.data = self._reachable_folders()

    def start(self) -> None:
        self._make_folder(self.socket_dir)
        if not (self.data / "PG_VERSION").exists():
            self._initdb()
        self._forget_stale_pid()
        options = [
            "listen_addresses=",
            "unix_socket_permissions=0700",
            "shared_buffers=128MB",
            "max_connections=150",
            "timezone=UTC",
            "log_timezone=UTC",
            "jit=off",
            *(UNSAFE_BUT_FAST if self.fast_unsafe else ()),
        ]
        settings = [part for option in options for part in ("-c", option)]
        self.process = spawn(
            [self._bin / "postgres", "-D", self.data, "-k", self.socket_dir, *settings],
            log=self.log,
            death_signal=signal.SIGINT,
            credentials=self._credentials,
            env={"LC_ALL": "C"},
        )
        self._wait_until_ready()

    def stop(self) -> None:
        stop(self.process, signal.SIGINT, signal.SIGQUIT)
        self.process = None

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def create_database(self, name: str = "oms") -> None:
        """Make the database unless it is there."""
        import psycopg2  # noqa: PLC0415 - settings import this package before Django is ready

        connection = psycopg2.connect(host=str(self.socket_dir), user="oms", dbname="postgres")
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{name}"')

    def url(self, database: str = "oms") -> str:
        return paths.postgres_url(self.home, database)

    def _reachable_folders(self) -> tuple[Path, Path]:
        """Programs and data where the server's user can reach them.

        Root often keeps the project below a folder that is closed to others. Its modes are left alone: programs
        are copied and the cluster lives under /var/lib then.
        """
        programs, data = postgres_bin(), self.home / "pg"
        if not self._credentials:
            return programs, data
        own = ROOT_HOME / paths.run_dir(self.home).name
        if not self._can(programs / "postgres", "--version"):
            programs = self._copy_programs(programs)
        if not self._may_enter(self.home):
            data = own / "pg"
            self._make_folder(own)
        return programs, data

    def _copy_programs(self, programs: Path) -> Path:
        """The whole installation with its libraries, once per version."""
        package = programs.parent.parent
        libraries = package.with_name(f"{package.name}.libs")
        version = subprocess.run(  # noqa: S603
            [programs / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout.split()[2]
        target = ROOT_HOME / f"programs-{version}"
        if not target.exists():
            draft = ROOT_HOME / f"programs-{version}.{os.getpid()}"
            draft.mkdir(parents=True, exist_ok=True)
            ROOT_HOME.chmod(0o755)
            shutil.copytree(programs.parent, draft / package.name / programs.parent.name)
            if libraries.exists():
                shutil.copytree(libraries, draft / libraries.name)
            with contextlib.suppress(OSError):
                draft.rename(target)
            shutil.rmtree(draft, ignore_errors=True)
        return target / package.name / programs.parent.name / programs.name

    def _may_enter(self, folder: Path) -> bool:
        folder.mkdir(parents=True, exist_ok=True)
        return self._can("test", "-x", folder)

    def _can(self, *command: str | Path) -> bool:
        try:
            done = subprocess.run(  # noqa: S603
                [str(part) for part in command],
                cwd="/",
                capture_output=True,
                check=False,
                **self._credentials,
            )
        except (PermissionError, FileNotFoundError):
            return False
        return done.returncode == 0

    def _make_folder(self, folder: Path) -> None:
        parent = paths.run_dir(self.home)
        if folder.is_relative_to(parent):
            make_private(parent)
        folder.mkdir(parents=True, exist_ok=True)
        if self._credentials:
            folder.parent.chmod(0o711)
            os.chown(folder, self._credentials["user"], self._credentials["group"])
        folder.chmod(0o700)

    def _initdb(self) -> None:
        """Make the cluster under another name first: a killed initdb leaves no half cluster behind."""
        draft = self.data.with_name("pg.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        if self._credentials:
            os.chown(draft, self._credentials["user"], self._credentials["group"])
        sync = ["--no-sync"] if self.fast_unsafe else []
        command = ["initdb", "-U", "oms", "--auth=trust", *self._locale(), *sync, "-D", str(draft)]
        done = subprocess.run(  # noqa: S603
            [str(self._bin / command[0]), *command[1:]],
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **self._credentials,
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr.strip()}")
        draft.rename(self.data)

    def _locale(self) -> list[str]:
        """The same collation on every machine: the built-in provider where there is one."""
        text = subprocess.run(  # noqa: S603
            [self._bin / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
        if int(text.split()[2].split(".")[0]) >= BUILTIN_LOCALE_SINCE:
            builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            return ["--encoding=UTF8", *builtin]
        return ["--encoding=UTF8", "--locale=C.UTF-8"]

    def _forget_stale_pid(self) -> None:
        """Remove a pid file whose number is not this cluster's server (killed, or reused by another)."""
        file = self.data / "postmaster.pid"
        try:
            pid = int(file.read_text().split()[0])
            parts = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            file.unlink(missing_ok=True)
            return
        if not (parts[0].endswith(b"postgres") and str(self.data).encode() in parts):
            file.unlink(missing_ok=True)
            return
        with contextlib.suppress(ProcessLookupError):  # an orphan of ours: nobody else may own the cluster
            os.kill(pid, signal.SIGINT)
        _wait_gone(pid)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_answering():
            if not self.is_running or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start; see {self.log}")
            time.sleep(0.03)

    def is_answering(self) -> bool:
        command = [str(self._bin / "pg_isready"), "-q", "-h", str(self.socket_dir), "-t", "1"]
        return subprocess.run(command, cwd="/", check=False).returncode == 0  # noqa: S603


def make_private(folder: Path) -> None:
    """The socket folder, refused when somebody else made it."""
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise RuntimeError(f"{folder} is not ours; remove it")


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while Path(f"/proc/{pid}/cmdline").exists() and time.monotonic() < deadline:
        if not _cmdline(pid):
            return  # a zombie that nobody has reaped
        time.sleep(0.05)


def _cmdline(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def connection_arguments(home: Path, database: str) -> dict[str, Any]:
    """For psycopg2.connect."""
    return {"host": str(paths.postgres_dir(home)), "user": "oms", "dbname": database}
