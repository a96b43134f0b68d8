"""Facts. An event class names what happened to one aggregate; its fields are plain JSON values."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events.

    `name` is the stable type, `aggregate` and `key` say whose history it belongs to, `public` offers it
    to outgoing webhooks. A field called `channel_id` limits those to the channel's endpoints.
    """

    name: ClassVar[str] = ""
    aggregate: ClassVar[str] = ""
    key: ClassVar[str] = ""
    public: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, name: str, aggregate: str, key: str, public: bool = False, **kwargs: Any
    ) -> None:
        super().__init_subclass__(**kwargs)
        cls.name, cls.aggregate, cls.key, cls.public = name, aggregate, key, public
        if name in REGISTRY and REGISTRY[name].__qualname__ != cls.__qualname__:
            raise RuntimeError(f"two events are called {name}")
        REGISTRY[name] = cls

    @property
    def aggregate_id(self) -> int:
        return int(getattr(self, self.key))

    @property
    def scope_channel_id(self) -> int | None:
        return getattr(self, "channel_id", None)

    def payload(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


REGISTRY: dict[str, type[Event]] = {}


def from_payload(name: str, payload: dict[str, Any]) -> Event:
    """The event as its class; fields that this version does not know are left out."""
    event_class = REGISTRY[name]
    known = event_class.__dataclass_fields__
    return event_class(**{key: value for key, value in payload.items() if key in known})
