"""What a form's bytes are taken for."""

import pytest
from django.test import RequestFactory

from ncpi.lib.posted import is_utf8

PART = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("title", "is_text"),
    [(b"A title", True), ("é 🧒".encode(), True), (b"a\xed\xa0\x80b", False), (b"a\xffb", False)],
    ids=["plain", "beyond ASCII", "lone surrogate", "no UTF-8"],
)
@pytest.mark.parametrize("has_file", [True, False])
def test_bytes_that_are_no_text_are_seen_whatever_the_form_is_sent_as(has_file, title, is_text):
    quoted = "".join(f"%{byte:02X}" for byte in title).encode()
    body = PART % title if has_file else b"title=" + quoted
    kind = "multipart/form-data; boundary=x" if has_file else "application/x-www-form-urlencoded"
    request = RequestFactory().generic("POST", "/", body, content_type=kind)

    assert is_utf8(request) == is_text
