"""How tests visit the fieldwork's pages."""

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse


def address(name, inspection, **kwargs):
    return reverse(f"fieldwork:{name}", kwargs={"ref": inspection.ref, **kwargs})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def upload(client, where, content, *, name="rows.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(where, {"file": SimpleUploadedFile(name, data)})
