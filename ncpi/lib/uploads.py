"""Documents that people hand in: what is let in, how it is kept, how it is given back.

Let in is what the list below names and what its own bytes show it to be; the name alone proves nothing, and a file
that is two things at once is refused (OWASP ASVS 5.2.1-5.2.3). It is kept under a generated name, written whole or
not at all, and given back only as an attachment that no browser will run.
"""

import hashlib
import os
import secrets
import shutil
import tempfile
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse

from ncpi.lib.document_kinds import KINDS, UnacceptableDocument
from ncpi.lib.text import one_line

ACCEPT = ",".join(sorted(f".{extension}" for extension in KINDS))
ACCEPTED_IN_WORDS = "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), CSV, plain text, PNG or JPEG"
LEAST_FREE_BYTES = 1024**3
_CHUNK = 64 * 1024

__all__ = [
    "ACCEPT",
    "ACCEPTED_IN_WORDS",
    "Document",
    "Kept",
    "UnacceptableDocument",
    "as_attachment",
    "as_it_is",
    "inspect",
    "kept",
    "open_kept",
    "remove",
]


@dataclass(frozen=True)
class Document:
    """A file that was looked into and may be kept."""

    file: IO[bytes]
    file_name: str
    extension: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Kept:
    """A document on disk: the columns that a row about it has."""

    stored_name: str
    file_name: str
    media_type: str
    size: int
    sha256: str

    def columns(self) -> dict[str, Any]:
        return dict(vars(self))


def inspect(file: IO[bytes], name: str, *, only: Collection[str] = ()) -> Document:
    """Look into a file and return it as a document, or raise `UnacceptableDocument` with words for the page.

    `only` names the extensions, where not every kind of document will do.
    """
    clean = file_name(name)
    extension = clean.rpartition(".")[2].lower() if "." in clean else ""
    kind = KINDS.get("jpg" if extension == "jpeg" else extension)
    if only and extension not in only:
        raise UnacceptableDocument(f"The file must be {' or '.join(f'.{known}' for known in only)}.")
    if kind is None:
        raise UnacceptableDocument(f"The file must be {ACCEPTED_IN_WORDS}.")
    size, sha256 = _measure(file)
    kind.check(file, size)
    file.seek(0)
    return Document(file, clean, extension, kind.media_type, size, sha256)


def as_it_is(file: IO[bytes], name: str, *, extension: str, media_type: str) -> Document:
    """Return a file as a document without looking into it, where whatever reads it will."""
    size, sha256 = _measure(file)
    file.seek(0)
    return Document(file, file_name(name), extension, media_type, size, sha256)


def file_name(name: str) -> str:
    """Return a name that is safe to show and to save under: no folders, no control or direction marks, 200 at most."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(letter for letter in one_line(last) if unicodedata.category(letter) not in ("Cf", "Cs", "Co"))
    stem, dot, extension = visible.strip(" .").rpartition(".")
    return f"{stem[: 190 - len(extension)]}{dot}{extension}"[:200]


@contextmanager
def kept(document: Document) -> Iterator[Kept]:
    """Keep the document on disk for a row written inside the block; if the block fails, the file is gone again."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < LEAST_FREE_BYTES + document.size:
        raise UnacceptableDocument("The server has too little room to keep files. Tell whoever runs the service.")
    stored = folder / f"{secrets.token_hex(20)}.{document.extension}"
    _write_whole(document, stored)
    try:
        yield Kept(stored.name, document.file_name, document.media_type, document.size, document.sha256)
    except BaseException:
        stored.unlink(missing_ok=True)
        raise


def open_kept(stored_name: str) -> IO[bytes]:
    """Open a kept document for reading."""
    return (Path(settings.MEDIA_ROOT) / Path(stored_name).name).open("rb")


def remove(stored_name: str) -> None:
    """Remove a kept document; one that is gone already is no matter."""
    if stored_name:
        (Path(settings.MEDIA_ROOT) / Path(stored_name).name).unlink(missing_ok=True)


def as_attachment(*, stored_name: str, file_name: str, media_type: str) -> FileResponse:
    """Answer with a kept file: to be saved, never shown, and harmless if it is shown after all."""
    path = Path(settings.MEDIA_ROOT) / Path(stored_name).name
    response = FileResponse(path.open("rb"), as_attachment=True, filename=file_name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _measure(file: IO[bytes]) -> tuple[int, str]:
    limit = settings.UPLOAD_MAX_BYTES
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise UnacceptableDocument(f"The file must be {limit // 1024**2} MB or smaller.")
        digest.update(chunk)
    if not size:
        raise UnacceptableDocument("The file is empty.")
    return size, digest.hexdigest()


def _write_whole(document: Document, stored: Path) -> None:
    handle, temporary = tempfile.mkstemp(dir=stored.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as out:
            document.file.seek(0)
            shutil.copyfileobj(document.file, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).rename(stored)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise UnacceptableDocument("The file could not be kept: the disk refused it. Nothing was saved.")
