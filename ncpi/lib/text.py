"""Text that a database, a mail header and a calendar can hold."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")


def is_storable(text: str) -> bool:
    """Say whether PostgreSQL can store the text: no NUL and no lone surrogate."""
    if "\x00" in text:
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def one_line(text: str) -> str:
    """Return the text as a single line without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())
