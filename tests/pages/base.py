"""How a room declares its pages for the sweep in `tests/test_pages.py`.

Every address of the URL configuration has one `Page` row in `tests/pages/<room>.py`, in a list named `PAGES`.
A room may also define `build(world)`, which makes, through operations, whatever its pages need and keeps it in
`world.made` under names of its own. Builders run in the order accounts, inspections, actions, selfassessment,
fieldwork, cases, audits, board.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ncpi.accounts.permissions import Permission


@dataclass
class World:
    """One force with one inspection and one person of every role."""

    force: Any
    inspection: Any
    people: dict[str, Any]
    made: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One address: its URL name, the permission that its view must declare, and how to fill its parts.

    `permission` None is any signed-in person, "public" is anybody. `get` is the status of a GET by somebody allowed;
    None when the view takes POST only (then GET gives 405). `only` names the roles whose own object the address is,
    when holding the permission is not enough (an auditor's audit): other holders get 404.
    """

    name: str
    permission: Permission | str | None
    kwargs: Callable[[World], dict[str, Any]] = lambda world: {}
    get: int | None = 200
    only: tuple[str, ...] | None = None


def comparable(response: Any) -> tuple[int, str]:
    """Return status and body of an answer without the token that differs each time a form is rendered."""
    return response.status_code, re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
