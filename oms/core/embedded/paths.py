"""Where the embedded servers of a data folder listen. Pure look-ups: settings import this."""

import hashlib
import os
from pathlib import Path


def run_dir(home: Path) -> Path:
    """A short private folder for sockets: their paths may have 107 bytes at most."""
    tag = hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:10]
    return Path("/tmp") / f"oms-{os.getuid()}-{tag}"  # noqa: S108 - checked for its owner when made


def postgres_dir(home: Path) -> Path:
    return run_dir(home) / "pg"


def redis_socket(home: Path) -> Path:
    return run_dir(home) / "redis.sock"


def postgres_url(home: Path, database: str = "oms") -> str:
    return f"postgresql://oms@/{database}?host={postgres_dir(home)}"


def redis_url(home: Path, db: int = 0) -> str:
    return f"redis+socket://{redis_socket(home)}?virtual_host={db}"
