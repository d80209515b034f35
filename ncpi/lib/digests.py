"""One canonical form of a value as bytes, and its digest.

Keys are sorted, text is UTF-8, the line end is LF and NaN is refused, so that the same value
always has the same bytes, on any machine and in any language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping


def canonical(value: Mapping[str, object]) -> bytes:
    """Return the canonical JSON bytes of a plain mapping."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, indent=1)
    return (text + "\n").encode("utf-8")


def sha256(data: bytes) -> str:
    """Return the hex SHA-256 of bytes."""
    return hashlib.sha256(data).hexdigest()


def digest(value: Mapping[str, object]) -> str:
    """Return the hex SHA-256 of a mapping's canonical bytes."""
    return sha256(canonical(value))
