"""The simulated carriers' HTTP API, and a control endpoint for tests and replays.

POST /<carrier>/v1/rates                 price a shipment
POST /<carrier>/v1/labels                buy; the same reference gives the same label
GET  /<carrier>/v1/labels?reference=     look up
POST /<carrier>/v1/labels/<number>/void
GET  /<carrier>/v1/tracking?numbers=a,b
POST /<carrier>/v1/manifests             close; the same reference gives the same manifest
GET  /<carrier>/v1/manifests?reference=
POST /control/<faults|clock|trouble|events|reset>, GET /control/stats
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from carriers.management.simulator.clock import SimClock
from carriers.management.simulator.faults import Faults
from carriers.management.simulator.journal import Journal
from carriers.management.simulator.sabotage import Cut, Sabotage, encode
from carriers.management.simulator.world import Refusal, World
from carriers.values import CarrierSpec

TOKEN = "simulated"  # noqa: S105 - the simulator's login is no secret
MAX_BODY = 1_000_000


class Simulator(ThreadingHTTPServer):
    """Several carriers behind one port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        address: tuple[str, int],
        specs: Sequence[CarrierSpec],
        *,
        seed: int = 1,
        speed: float = 1.0,
        state: Path | None = None,
    ) -> None:
        self.clock = SimClock(speed)
        self.faults = Faults(seed)
        self.requests: Counter[str] = Counter()
        self.counting = Lock()
        self.closing = Event()
        self.journal = Journal(state) if state else None
        self.worlds = {spec.code: self._world(spec, seed) for spec in specs}
        for code, line in self.journal.read() if self.journal else ():
            self.worlds[code].replay(line)
        super().__init__(address, Handler)

    def _world(self, spec: CarrierSpec, seed: int) -> World:
        def log(line: dict[str, Any]) -> None:
            if self.journal:
                self.journal.append(spec.code, line)

        return World(spec, self.clock, seed=seed, log=log)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> Thread:
        """Serve in a thread of its own."""
        thread = Thread(target=self.serve_forever, args=(0.05,), name="simulator", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to report."""

    def stats(self) -> dict[str, Any]:
        carriers = {code: world.count() for code, world in self.worlds.items()}
        return {"requests": dict(self.requests), "carriers": carriers}


Operation = tuple[str, Callable[[], tuple[int, Any]]]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65_536
    timeout = 60
    server: Simulator

    def do_GET(self) -> None:
        self._serve(b"")

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), MAX_BODY)
        self._serve(self.rfile.read(length))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as in the base class
        """Say nothing for each request."""

    def _serve(self, raw: bytes) -> None:
        parts = urlsplit(self.path)
        head, _, rest = parts.path.strip("/").partition("/")
        query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
        try:
            body = json.loads(raw) if raw else {}
            if head == "control":
                self._answer(200, self._control(rest, body))
                return
            self._serve_carrier(head, rest, query, body)
        except Cut:
            self.close_connection = True
        except Refusal as refusal:
            error = {"code": refusal.code, "message": refusal.message}
            self._answer(refusal.status, {"error": error})
        except (KeyError, TypeError, ValueError) as exc:
            self._answer(400, {"error": {"code": "bad_request", "message": repr(exc)}})

    def _serve_carrier(
        self, carrier: str, path: str, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> None:
        world = self.server.worlds.get(carrier)
        if world is None:
            raise Refusal(404, "not_found", f"There is no carrier {carrier}.")
        operation, run = self._operation(world, path, query, body)
        with self.server.counting:
            self.server.requests[f"{carrier}.{operation}"] += 1
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refusal(401, "unauthorized", "The token is wrong.")
        sabotage = Sabotage(self.server.faults.draw(carrier, operation), self.server.closing)
        if sabotage.instead(self):
            return
        status, answer = run()
        sabotage.after_effect()
        sabotage.send(self, status, answer)

    def _operation(
        self, world: World, path: str, query: Mapping[str, str], body: Mapping[str, Any]
    ) -> Operation:
        void = re.fullmatch("v1/labels/([^/]+)/void", path)
        if void and self.command == "POST":
            return "void", lambda: (200, world.void(void[1]))
        routes: dict[str, Operation] = {
            "POST v1/rates": ("rates", lambda: (200, world.rates(body))),
            "POST v1/labels": ("buy", lambda: _bought(world, body)),
            "GET v1/labels": ("find", lambda: (200, world.find(query["reference"]))),
            "GET v1/tracking": ("track", lambda: (200, world.track(_numbers(query)))),
            "POST v1/manifests": ("close", lambda: (200, world.close(body))),
            "GET v1/manifests": (
                "find_manifest",
                lambda: (200, world.find_manifest(query["reference"])),
            ),
        }
        route = f"{self.command} {path}"
        if route not in routes:
            raise Refusal(404, "not_found", f"There is no {route}.")
        return routes[route]

    def _control(self, path: str, body: Mapping[str, Any]) -> Any:
        server = self.server
        match path:
            case "faults":
                if body.get("clear"):
                    server.faults.clear()
                for fault in body.get("faults", ()):
                    server.faults.add(fault)
            case "clock":
                now = body.get("now")
                server.clock.set(datetime.fromisoformat(now) if now else None)
                server.clock.speed = float(body.get("speed", server.clock.speed))
            case "trouble":
                for world in server.worlds.values():
                    world.trouble = {**world.trouble, **body}
            case "events":
                server.worlds[body["carrier"]].push(body["number"], body["events"])
            case "reset":
                self._reset()
        return server.stats()

    def _reset(self) -> None:
        for world in self.server.worlds.values():
            world.forget()
        self.server.faults.clear()
        self.server.requests.clear()
        if self.server.journal:
            self.server.journal.clear()

    def _answer(self, status: int, value: Any) -> None:
        self.send_body(status, encode(value))

    def send_body(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        merged = {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }
        for key, value in merged.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


def _numbers(query: Mapping[str, str]) -> list[str]:
    return query["numbers"].split(",")


def _bought(world: World, body: Mapping[str, Any]) -> tuple[int, Any]:
    is_new, answer = world.buy(body)
    return 201 if is_new else 200, answer
