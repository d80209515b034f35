"""What an installation adds to the look for personal details: patterns that are refused, and words that are harmless.

The file is YAML with `refused` (a list of `says` and `pattern`, a regular expression) and `harmless` (a list of words,
such as the name of a building). A file that cannot be used stops the service at its start, not at somebody's page.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ncpi.lib.personal import Rule


class UnusablePatterns(ValueError):
    """The file of patterns cannot be used; the message says why."""


@dataclass(frozen=True)
class OwnPatterns:
    refused: tuple[Rule, ...] = ()
    harmless: tuple[str, ...] = ()


def read_patterns(path: str) -> OwnPatterns:
    """Read the file; without one nothing is added."""
    if not path:
        return OwnPatterns()
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
        refused = tuple(_rule(entry) for entry in content.get("refused", ()))
        return OwnPatterns(refused, tuple(str(word) for word in content.get("harmless", ())))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, AttributeError, KeyError, TypeError, re.error) as error:
        raise UnusablePatterns(f"{path} holds no patterns that can be used: {error}") from error


def _rule(entry: dict[str, Any]) -> Rule:
    re.compile(entry["pattern"])
    return Rule("own", str(entry["says"]), entry["pattern"])
