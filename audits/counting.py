"""Which code counts: figures are counted again when a word of it has changed, though no case did.

A number to be raised by hand would be forgotten once.
"""

from functools import cache
from pathlib import Path

from ncpi.lib.digests import sha256

MODULES = (
    "agreement",
    "case_counts",
    "figure_counts",
    "figure_operations",
    "figure_queries",
    "figures",
    "holding_back",
    "queries",
    "scoring",
)


@cache
def source_digest() -> str:
    """Return the digest of the counting code, read once a process."""
    here = Path(__file__).parent
    return sha256(b"".join((here / f"{name}.py").read_bytes() for name in MODULES))
