"""Word files: an empty one to write into, and its bytes, which are the same whenever what is in it is the same."""

import io
import zipfile
from functools import cache

from docx import Document
from docx.document import Document as Doc

EPOCH = (1980, 1, 1, 0, 0, 0)


def new_document() -> Doc:
    document = Document()
    _drop_thumbnail(document)
    # For each paragraph the library reads all styles of the file: most of the time that a long document takes.
    document.part.get_style_id = cache(document.part.get_style_id)  # type: ignore[method-assign]
    return document


def saved(document: Doc) -> bytes:
    """Return the document's bytes."""
    out = io.BytesIO()
    document.save(out)
    return _settled(out.getvalue())


def _settled(data: bytes) -> bytes:
    """Repack the file with a fixed order and time, so that the same document has the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            if name == "docProps/thumbnail.jpeg":
                continue
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return packed.getvalue()


def _drop_thumbnail(document: Doc) -> None:
    """Remove the picture of somebody else's page that the library's template carries."""
    package = document.part.package
    for name, relationship in list(package.rels.items()):
        if relationship.reltype.endswith("/thumbnail"):
            del package.rels[name]
