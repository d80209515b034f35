"""People who work over plain HTTP as a browser without scripts does: they open a page, fill in its form, send it."""

import http.client
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from lxml import html

from tests.factories import PASSWORD

PATIENCE = 120


class Visitor:
    """One person's session, and how often the service was away when they asked for something."""

    def __init__(self, url, cookies=None):
        self.host = urlsplit(url).netloc
        self.cookies = dict(cookies or {})
        self.refused = 0

    def sign_in(self, user):
        self.send("/sign-in", email=user.email, password=PASSWORD)
        return self

    def get(self, path):
        status, _, body = self._ask("GET", path)
        assert status == 200, f"{path} answered {status}"
        return body

    def page(self, path):
        return html.fromstring(self.get(path).decode())

    def send(self, path, *, to=None, **typed):
        """Fill in the form that the page at `path` sends to `to`, and send it; give the answer's status and page."""
        return self.send_form(self.page(path), to or path, **typed)

    def send_form(self, page, to, **typed):
        """Send a form of a page; while the service is away, send the very same again."""
        form = next(form for form in page.forms if form.method == "POST" and form.action in (to, None))
        shown = [(name, value) for name, value in form.form_values() if name not in typed]
        body = urlencode([*shown, *typed.items()], doseq=True)
        status, _, answer = self._ask("POST", to, body)
        return status, html.fromstring(answer.decode()) if answer else None

    def _ask(self, method, path, body=None):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                answer = self._once(method, path, body)
            except (OSError, http.client.HTTPException):
                answer = (503, {}, b"")
            if answer[0] != 503:
                return answer
            self.refused += 1
            time.sleep(0.1)
        raise AssertionError(f"{method} {path}: away for {PATIENCE} s")

    def _once(self, method, path, body):
        link = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            link.request(method, path, body, headers)
            response = link.getresponse()
            for given in response.headers.get_all("Set-Cookie", ()):
                self.cookies.update({name: part.value for name, part in SimpleCookie(given).items()})
            return response.status, response.headers, response.read()
        finally:
            link.close()
