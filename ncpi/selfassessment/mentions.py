"""Whom an @name in a text means. A name is written as the person's page writes it; between its words may stand a space,
a dot, a hyphen or an underline, and capitals do not matter: `@Response Sergeant 3` is `@response.sergeant.3`.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

# An @ inside a word is an e-mail address, not a name.
_START = r"(?<![\w.@+-])@"
_ANY = re.compile(_START + r"([^\W_][\w'’.-]*)")


@dataclass(frozen=True)
class Mentions:
    """Who is meant, by number; what was typed that means nobody; names that more than one person has."""

    people: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


def mentions_in(text: str, names: Mapping[int, str]) -> Mentions:
    """Find the people that a text speaks to, among these names; the longest name that fits is meant."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, name in names.items():
        holders[_plain(name)].append(number)
    people: dict[int, None] = {}
    unknown: dict[str, None] = {}
    shared: dict[str, None] = {}
    known = _known(holders)
    for typed in _ANY.finditer(text):
        found = known.match(text, typed.start()) if known else None
        meant = holders[_plain(found[1])] if found else []
        if not meant:
            unknown[typed[1].rstrip(".-'’")] = None
        elif len(meant) > 1:
            shared[names[meant[0]]] = None
        else:
            people[meant[0]] = None
    return Mentions(tuple(people), tuple(unknown), tuple(shared))


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s._-]+", name.strip())).casefold()


def _known(holders: Mapping[str, list[int]]) -> re.Pattern[str] | None:
    longest_first = sorted((name for name in holders if name), key=len, reverse=True)
    patterns = [r"[\s._-]+".join(re.escape(word) for word in name.split(" ")) for name in longest_first]
    return re.compile(rf"@({'|'.join(patterns)})(?!\w)", re.IGNORECASE) if patterns else None
