"""The code by which people speak of a drawn case ("Case 7F3K").

It is random: the seed is published, so that a code made from the reference could be turned back into it.
No vowel (no words) and no two signs that look alike when written by hand.
"""

import random
from collections.abc import Collection

SIGNS = "2346789CDFGHJKMNPQRTVWXY"
LENGTH = 4


def new_codes(count: int, *, taken: Collection[str], rng: random.Random) -> list[str]:
    """Give codes that are new in the inspection."""
    used = set(taken)
    codes: list[str] = []
    while len(codes) < count:
        code = "".join(rng.choices(SIGNS, k=LENGTH))
        if code not in used:
            used.add(code)
            codes.append(code)
    return codes
