"""pytest plugin: one throw-away PostgreSQL and Valkey per run, started by the controller only.

It must run before pytest-django reads the settings, hence `-p oms.testservices` in the options.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from oms.core.embedded import paths
from oms.core.embedded.postgres import Postgres
from oms.core.embedded.redis import Redis


def _start() -> None:
    home = Path(tempfile.mkdtemp(prefix="oms-test-"))
    home.chmod(0o755)
    postgres, redis = Postgres(home, fast_unsafe=True), Redis(home, persist=False)
    owner = os.getpid()

    def finish() -> None:
        if os.getpid() == owner:
            redis.stop()
            postgres.stop()
            shutil.rmtree(home, ignore_errors=True)
            shutil.rmtree(paths.run_dir(home), ignore_errors=True)

    atexit.register(finish)
    postgres.start()
    redis.start()
    postgres.create_database("oms")
    os.environ["OMS_HOME"] = str(home)
    os.environ["DATABASE_URL"] = postgres.url()
    os.environ["REDIS_URL"] = redis.url()
    os.environ["OMS_TEST_SERVICES"] = "1"


if "PYTEST_XDIST_WORKER" not in os.environ and "OMS_TEST_SERVICES" not in os.environ:
    _start()
