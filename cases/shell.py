"""The few lines of shell (coreutils and awk) that redo a draw from its files; they print OK for each digest.

They are printed on the certificate. Nothing of this program takes part when they run.
"""

import shlex
from collections.abc import Mapping

from cases.sampling import HEADER

# One file a candidate, so that one run of sha256sum digests them all.
_KEY_FILES = '{ f = d "/" NR; printf "%s|%s", ENVIRON["SEED"], $1 > f; close(f) }'
# Three files: how many of each stratum, what was used before, and the whole order (digest, reference, stratum).
_DRAW = (
    'FILENAME == "plan.csv" { n[substr($0, length($1) + 2)] = $1; next } '
    'FILENAME == "used.csv" { used[$1]; next } '
    "{ key = substr($0, 67 + length($2)) } "
    '!($2 in used) && c[key]++ < n[key] { print $2 "," $3 }'
)


def shell_commands(
    *, digests: Mapping[str, str], plan: Mapping[str, int], seed: str, drawn_digest: str = "", frame: str = "frame.csv"
) -> str:
    """Give the lines; `digests` names each file that is needed, the frame first, with its digest."""
    file = shlex.quote(frame)
    lines = [f"echo {shlex.quote(f'{digest}  {name}')} | sha256sum --check" for name, digest in digests.items()]
    lines += [
        f"export LC_ALL=C SEED={shlex.quote(seed)}",
        "keys=$(mktemp -d)",
        f'tail -n +2 {file} | awk -F, -v d="$keys" {shlex.quote(_KEY_FILES)}',
        '(cd "$keys" && ls | sort -n | xargs -r sha256sum) | cut -c1-64 > hashes.txt',
    ]
    if "places.csv" in digests:
        lines.append("tail -n +2 places.csv | cut -d, -f2- > places.txt")
    with_places = " places.txt" if "places.csv" in digests else ""
    asked = " ".join(shlex.quote(f"{size},{key}") for key, size in plan.items() if size)
    lines += [
        f"tail -n +2 {file} | paste -d, hashes.txt -{with_places} | sort > order.csv",
        f"printf '%s\\n' {asked} > plan.csv",
        f"echo {HEADER} > drawn.csv",
        f"awk -F, {shlex.quote(_DRAW)} plan.csv{' used.csv' if 'used.csv' in digests else ''} order.csv >> drawn.csv",
    ]
    if drawn_digest:
        lines.append(f"echo {shlex.quote(drawn_digest + '  drawn.csv')} | sha256sum --check")
    return "\n".join(lines) + "\n"
