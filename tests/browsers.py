"""Chromium, the system's own, through Playwright. Nothing is downloaded; what it writes stays in the test folder."""

import contextlib
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from tests.factories import client_of

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "var" / "test-assets" / "axe.min.js"
REASON = "no Chromium: install chromium, or set CHROMIUM to its program"
# The first two are pages behind every window's address bar; the fourth draws each page of one site in a view made
# anew. From the fifth on it is Playwright's own list, which this replaces.
WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "SpareRendererForSitePerProcess", "RenderDocument",
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch",
)  # fmt: skip
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Pages run as ever. What goes: a browser window's own parts that nobody sees, processes kept for later, and
    # compiling for speed what no page runs for long.
    "--disable-features=" + ",".join(WITHOUT),
    "--js-flags=--no-opt --no-maglev",
]
# Milliseconds that a browser waits for what a page should show. A slow machine is not an error.
PATIENCE = 60_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def program():
    """The browser to drive: CHROMIUM, or what Debian calls it."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def running(program, *, home):
    """A Chromium whose home is a folder of the test session."""
    # Playwright keeps an event loop in this thread; Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    environment = os.environ | {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=FLAGS, env=environment)
        try:
            yield launched
        finally:
            launched.close()


def sign_in(page, user):
    """Give the page's profile a session of this person on the live server, as the form would in two pages more."""
    cookie = client_of(user).cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "domain": "localhost", "path": "/"}])


def complaints_of(page):
    """A list that fills with script errors, console errors and calls to other hosts while the page is used."""
    found = []

    def foreign(request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {
            "127.0.0.1",
            "localhost",
        }:
            found.append(f"call to {parts.hostname}")

    def error(message):
        # An answer of 403, 404 or 409 is the test's own business; the browser logs it as an error too.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            found.append(message.text)

    page.on("request", foreign)
    page.on("console", error)
    page.on("pageerror", lambda problem: found.append(str(problem)))
    return found


_sheets_seen = set()


def axe_violations(page):
    """Run axe-core on the page as it stands; give what is wrong as (rule, element) pairs.

    One rule reads the style sheets, which the pages share: they are fetched for it where one was not seen before.
    """
    if not page.evaluate("'axe' in window"):
        # Evaluated over the debugging protocol, so that the page's own policy stays as strict as it is served.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    sheets = set(page.evaluate("Array.from(document.styleSheets, sheet => new URL(sheet.href).pathname)"))
    found = page.evaluate(
        """async ([rules, preload]) => {
            const result = await axe.run(document, {
                runOnly: {type: 'tag', values: rules}, resultTypes: ['violations'], preload,
            });
            return result.violations.flatMap(({id, nodes}) => nodes.map(({html}) => [id, html.slice(0, 200)]));
        }""",
        [RULES, not sheets <= _sheets_seen],
    )
    _sheets_seen.update(sheets)
    return [(rule, where) for rule, where in found]
