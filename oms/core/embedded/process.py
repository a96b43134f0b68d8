"""Child processes that die with their launcher, and the user they run as."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1


def die_with_parent(death_signal: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when the launcher is gone, even by kill -9."""
    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)

    return prepare


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    death_signal: signal.Signals,
    credentials: Mapping[str, Any] | None = None,
    env: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own programs
            [str(part) for part in command],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
            env={**os.environ, **(env or {})},
            preexec_fn=die_with_parent(death_signal),  # noqa: PLW1509 - prctl only
            **(credentials or {}),
        )


def stop(process: "subprocess.Popen[bytes] | None", *signals: signal.Signals, wait_s: int = 30) -> None:
    """Send the signals one after the other until the process has ended."""
    if process is None:
        return
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(wait_s)
        except subprocess.TimeoutExpired:
            continue


def unprivileged() -> dict[str, Any]:
    """Popen arguments that drop root, which PostgreSQL refuses; empty for everybody else."""
    if os.geteuid() != 0:
        return {}
    for name in filter(None, (os.environ.get("OMS_PG_USER"), "postgres", "nobody")):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root: set OMS_PG_USER to an ordinary user.")
