"""Who acts. Actions take an `Actor`; what it may do and see was decided where it was made."""

from dataclasses import dataclass, field
from enum import StrEnum

from oms.core.errors import PermissionRefused


class ActorKind(StrEnum):
    USER = "user"
    API_KEY = "api_key"
    SYSTEM = "system"
    CARRIER = "carrier"


@dataclass(frozen=True)
class Actor:
    """A caller with its permissions and its scope.

    `channel_ids` and `site_ids` limit what the caller sees: None means every one, an empty set none.
    """

    kind: ActorKind
    id: int | None = None
    label: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)
    channel_ids: frozenset[int] | None = frozenset()
    site_ids: frozenset[int] | None = frozenset()

    def can(self, permission: str) -> bool:
        return self.kind is ActorKind.SYSTEM or permission in self.permissions

    def require(self, permission: str) -> None:
        if not self.can(permission):
            raise PermissionRefused(f"This needs the permission {permission}.")


SYSTEM = Actor(kind=ActorKind.SYSTEM, label="system", channel_ids=None, site_ids=None)
