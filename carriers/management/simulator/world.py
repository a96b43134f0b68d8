"""One simulated carrier: what it has sold and what it has collected."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from carriers.management.simulator import journey, paper
from carriers.management.simulator.clock import SimClock
from carriers.rules.areas import build_areas, find_area
from carriers.rules.rating import rate_parcel, with_steps
from carriers.values import Card, CarrierSpec, Charge, Measures, Place, ServiceSpec

DROPPED_OFF_AFTER = timedelta(hours=20)  # a parcel on no manifest is brought to a depot
ZERO = Decimal(0)

Record = dict[str, Any]
Log = Callable[[Record], None]


class Refusal(Exception):
    """The carrier says no."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


class World:
    """The carrier's books. Every method is one API operation; all are safe to call from threads."""

    def __init__(
        self, spec: CarrierSpec, clock: SimClock, *, seed: int, log: Log = lambda _: None
    ) -> None:
        self.spec, self._clock, self._seed, self._log = spec, clock, seed, log
        self.trouble: dict[str, int] = dict(journey.TROUBLE)
        self._services = {service.code: service for service in spec.services}
        self._cards = {service.code: _card(service) for service in spec.services}
        self._transit = {s.code: build_areas(s.transit) for s in spec.services}
        self._labels: dict[str, Record] = {}
        self._by_number: dict[str, Record] = {}
        self._manifests: dict[str, Record] = {}
        self._guard = threading.Lock()

    # What it sells

    def rates(self, body: Mapping[str, Any]) -> Record:
        origin, destination = _place(body["from"]), _place(body["to"])
        parcels = [_measures(parcel) for parcel in body["parcels"]]
        rows = (self._rate(code, origin, destination, parcels) for code in self._services)
        currency = self.spec.services[0].card.currency
        return {"currency": currency, "services": [row for row in rows if row]}

    def _rate(
        self, code: str, origin: Place, destination: Place, parcels: Sequence[Measures]
    ) -> Record | None:
        days = find_area(self._transit[code], origin.country, destination)
        charges: dict[str, Decimal] = {}
        for parcel in parcels:
            rate = rate_parcel(self._cards[code], origin, destination, parcel)
            if isinstance(rate, str) or days is None:
                return None
            for charge in rate.charges:
                charges[charge.kind] = charges.get(charge.kind, ZERO) + charge.amount
        rows = [Charge(kind, amount) for kind, amount in charges.items()]
        return {
            "code": code,
            "price": str(sum(charges.values(), ZERO)),
            "business_days": days,
            "charges": [{"kind": row.kind, "amount": str(row.amount)} for row in rows],
        }

    # Labels

    def buy(self, body: Mapping[str, Any]) -> tuple[bool, Record]:
        """Sell a label, or give the one that the reference has already; tells whether it is new."""
        reference = body["reference"]
        with self._guard:
            known = self._labels.get(reference)
            if known is not None:
                return False, self._label_answer(known)
            record = self._sold(body)
            self._remember(record)
            self._log({"op": "label", **record})
        return True, self._label_answer(record)

    def _sold(self, body: Mapping[str, Any]) -> Record:
        code = body["service"]
        if code not in self._services:
            raise Refusal(422, "unknown_service", f"We do not offer {code}.")
        origin, destination = _place(body["from"]), _place(body["to"])
        measures = _measures(body["parcel"])
        limit = self._services[code].max_weight_g
        if measures.weight_g <= 0 or (limit and measures.weight_g > limit):
            raise Refusal(422, "weight", f"{code} does not take {measures.weight_g} g.")
        if not body["to"].get("name") or not body["to"].get("line1"):
            raise Refusal(422, "address", "The recipient's address is incomplete.")
        rated = self._rate(code, origin, destination, [measures])
        if rated is None:
            raise Refusal(422, "no_service", f"{code} does not go to {destination.country}.")
        return {
            "reference": body["reference"],
            "number": self._new_number(body["reference"]),
            "service": code,
            "from": body["from"],
            "to": body["to"],
            "parcel": body["parcel"],
            "formats": body.get("formats", ["PDF"]),
            "price": rated["price"],
            "days": rated["business_days"],
            "bought_at": self._clock.now().isoformat(),
        }

    def _new_number(self, reference: str) -> str:
        """Made from the reference, so that the order of purchases does not matter."""
        prefix = self.spec.code[:2].upper()
        for salt in range(100):
            digest = hashlib.sha256(f"{self._seed}:{reference}:{salt}".encode()).hexdigest()
            number = f"{prefix}{int(digest[:12], 16) % 10**10:010d}"
            if number not in self._by_number:
                return number
        raise Refusal(503, "numbers", "No tracking number is free.")

    def _remember(self, record: Record) -> None:
        self._labels[record["reference"]] = record
        self._by_number[record["number"]] = record

    def find(self, reference: str) -> Record:
        with self._guard:
            record = self._labels.get(reference)
        if record is None:
            raise Refusal(404, "not_found", "There is no label with this reference.")
        return self._label_answer(record)

    def void(self, number: str) -> Record:
        with self._guard:
            record = self._by_number.get(number)
            if record is None:
                raise Refusal(404, "not_found", "There is no label with this number.")
            if len(self._events(record)) > 1 and "voided_at" not in record:
                raise Refusal(409, "already_moving", "The parcel is on its way already.")
            if "voided_at" not in record:
                record["voided_at"] = self._clock.now().isoformat()
                self._log({"op": "void", "number": number, "at": record["voided_at"]})
        return {"number": number, "status": "voided"}

    def _label_answer(self, record: Record) -> Record:
        printers = {"PDF": paper.label_pdf, "ZPL": paper.label_zpl}
        return {
            "reference": record["reference"],
            "number": record["number"],
            "service": record["service"],
            "price": record["price"],
            "currency": self.spec.services[0].card.currency,
            "status": "voided" if "voided_at" in record else "sold",
            "estimated_delivery": self._expected(record).isoformat(),
            "documents": [
                {"format": name, "base64": printers[name](record, self.spec.name)}
                for name in record["formats"]
                if name in printers
            ],
        }

    # Manifests

    def close(self, body: Mapping[str, Any]) -> Record:
        with self._guard:
            known = self._manifests.get(body["reference"])
            if known is None:
                known = self._closed(body["reference"], body["numbers"])
                self._log({"op": "manifest", **known})
                self._manifest(known)
        return self._manifest_answer(known)

    def _closed(self, reference: str, numbers: Sequence[str]) -> Record:
        refused = {number: reason for number in numbers if (reason := self._not_taken(number))}
        digest = hashlib.sha256(f"{self._seed}:{reference}".encode()).hexdigest()
        return {
            "reference": reference,
            "manifest": f"M{int(digest[:10], 16) % 10**9:09d}",
            "accepted": [number for number in numbers if number not in refused],
            "rejected": [{"number": n, "reason": reason} for n, reason in refused.items()],
            "at": self._clock.now().isoformat(),
        }

    def _not_taken(self, number: str) -> str:
        record = self._by_number.get(number)
        if record is None:
            return "unknown number"
        if "voided_at" in record:
            return "void"
        return "on another manifest" if "manifested_at" in record else ""

    def _manifest(self, manifest: Record) -> None:
        self._manifests[manifest["reference"]] = manifest
        for number in manifest["accepted"]:
            self._by_number[number]["manifested_at"] = manifest["at"]

    def find_manifest(self, reference: str) -> Record:
        with self._guard:
            manifest = self._manifests.get(reference)
        if manifest is None:
            raise Refusal(404, "not_found", "There is no manifest with this reference.")
        return self._manifest_answer(manifest)

    def _manifest_answer(self, manifest: Record) -> Record:
        page = paper.manifest_pdf(manifest, self.spec.name)
        return {**manifest, "documents": [{"format": "PDF", "base64": page}]}

    # Tracking

    def track(self, numbers: Sequence[str]) -> Record:
        with self._guard:
            return {"results": [self._tracked(number) for number in numbers]}

    def _tracked(self, number: str) -> Record:
        record = self._by_number.get(number)
        if record is None:
            error = {"code": "unknown_number", "message": "We do not know this number."}
            return {"number": number, "error": error}
        return {
            "number": number,
            "estimated_delivery": self._expected(record).isoformat(),
            "events": self._events(record),
        }

    def push(self, number: str, events: Sequence[Record]) -> None:
        """Add events of our own making to a parcel."""
        with self._guard:
            self._by_number[number].setdefault("extra", []).extend(events)

    def _events(self, record: Record) -> list[Record]:
        now = self._clock.now()
        sold_at = datetime.fromisoformat(record["bought_at"])
        events = [_event(sold_at, "AR", "", "Shipment announced")]
        if "voided_at" in record:
            voided_at = datetime.fromisoformat(record["voided_at"])
            return [*events, _event(voided_at, "XX", "", "Shipment cancelled")]
        parcel = self._parcel(record)
        for step in self._plan(record, parcel):
            at = self._clock.compressed(parcel.begins_at, step.at).astimezone(step.at.tzinfo)
            if at <= now:
                events.append(_event(at, step.code, step.place, step.text))
        return [*events, *record.get("extra", ())]

    def _plan(self, record: Record, parcel: journey.Parcel) -> list[journey.Step]:
        """Planned when first asked for, and again when the parcel's beginning has moved."""
        held = record.get("_plan")
        if held is None or held[0] != parcel:
            held = (parcel, journey.plan(parcel, seed=self._seed, trouble=self.trouble))
            record["_plan"] = held
        steps: list[journey.Step] = held[1]
        return steps

    def _parcel(self, record: Record) -> journey.Parcel:
        sold_at = datetime.fromisoformat(record["bought_at"])
        dropped_off = self._clock.compressed(sold_at, sold_at + DROPPED_OFF_AFTER)
        manifested = record.get("manifested_at")
        return journey.Parcel(
            number=record["number"],
            begins_at=datetime.fromisoformat(manifested) if manifested else dropped_off,
            business_days=record["days"],
            origin_country=record["from"]["country"],
            destination_country=record["to"]["country"],
        )

    def _expected(self, record: Record) -> date:
        parcel = self._parcel(record)
        planned = datetime.combine(journey.expected_day(parcel), parcel.begins_at.timetz())
        return self._clock.compressed(parcel.begins_at, planned.astimezone(UTC)).date()

    # Books

    def replay(self, line: Record) -> None:
        """Take one line of the journal back into the books."""
        values = {key: value for key, value in line.items() if key != "op"}
        if line["op"] == "label":
            self._remember(values)
        elif line["op"] == "void":
            self._by_number[line["number"]]["voided_at"] = line["at"]
        elif line["op"] == "manifest":
            self._manifest(values)

    def count(self) -> dict[str, int]:
        with self._guard:
            voided = sum("voided_at" in record for record in self._labels.values())
            return {
                "labels": len(self._labels),
                "voided": voided,
                "manifests": len(self._manifests),
            }

    def forget(self) -> None:
        with self._guard:
            self._labels.clear()
            self._by_number.clear()
            self._manifests.clear()


def _event(at: datetime, code: str, place: str, text: str) -> Record:
    return {
        "code": code,
        "time": at.isoformat(timespec="seconds"),
        "place": place,
        "text": text,
    }


def _card(service: ServiceSpec) -> Card:
    spec = service.card
    return with_steps(
        Card(
            id=0,
            service_id=0,
            currency=spec.currency,
            valid_from=spec.valid_from,
            valid_to=None,
            zones=build_areas(spec.zones),
            breaks=dict(spec.breaks),
            dim_divisor=spec.dim_divisor,
            minimum=spec.minimum,
            fuel_percent=spec.fuel_percent,
        )
    )


def _place(party: Mapping[str, Any]) -> Place:
    return Place(party["country"], party.get("postal_code", ""))


def _measures(parcel: Mapping[str, Any]) -> Measures:
    return Measures(int(parcel["grams"]), *(int(side) for side in parcel.get("mm", ())))
