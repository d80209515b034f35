"""Writes constraints.txt: every package that this environment holds, pinned, with no address in it."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEAD = "# Every package that requirements.txt resolves to, direct or brought along. Made with: make constraints\n"


def markers():
    """The packages that requirements.txt asks for on some Pythons only."""
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    found = (re.match(r"([\w.-]+)==\S+\s*;\s*([^#]+)", line) for line in lines)
    return {match[1].lower(): match[2].strip() for match in found if match}


def main():
    frozen = subprocess.run(
        [sys.executable, "-m", "pip", "freeze", "--exclude", "setuptools"],
        capture_output=True,
        text=True,
        check=True,
    )
    only_when = markers()
    lines = []
    for line in sorted(frozen.stdout.splitlines(), key=str.lower):
        name = line.partition("==")[0].lower()
        if "==" not in line:
            sys.exit(f"Not a pinned release: {line}")
        lines.append(f"{line} ; {only_when[name]}" if name in only_when else line)
    (ROOT / "constraints.txt").write_text(HEAD + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
