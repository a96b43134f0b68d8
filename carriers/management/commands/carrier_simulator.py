from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from carriers.management.simulator.server import Simulator
from carriers.values.demo import CARRIERS


class Command(BaseCommand):
    help = "Run the simulated carriers as an HTTP server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8790)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--speed", type=float, default=1.0, help="carrier hours per hour")
        parser.add_argument("--state", type=Path, help="file that keeps what was sold")

    def handle(self, *_args: Any, **options: Any) -> None:
        server = Simulator(
            (options["host"], options["port"]),
            CARRIERS,
            seed=options["seed"],
            speed=options["speed"],
            state=options["state"],
        )
        self.stdout.write(f"carriers at {server.url}: {', '.join(server.worlds)}")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            server.stop()
