"""Files that somebody might send on purpose, made here byte by byte."""

import io
import struct
import zipfile
import zlib

from docx import Document as WordDocument
from openpyxl import Workbook

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)
TYPES = "[Content_Types].xml"


def pdf(*objects, trailer=b""):
    """Return a PDF of these objects (bytes after `n 0 obj`)."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, text) for number, text in enumerate(objects, start=1))
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R " + trailer + b">>\n%%EOF\n"


def object_stream(content, *, dictionary=b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", packed=None):
    data = zlib.compress(content) if packed is None else packed
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(data), data)


def word():
    out = io.BytesIO()
    WordDocument().save(out)
    return out.getvalue()


def workbook():
    out = io.BytesIO()
    Workbook().save(out)
    return out.getvalue()


def repacked(package, changes):
    """Return a package with these parts put in place of theirs, or added; a function is given the old part."""
    out, changes = io.BytesIO(), dict(changes)
    target = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with zipfile.ZipFile(io.BytesIO(package)) as source, target:
        for name in source.namelist():
            old = source.read(name)
            change = changes.pop(name, old)
            target.writestr(name, change(old) if callable(change) else change)
        for name, data in changes.items():
            target.writestr(name, data)
    return out.getvalue()


def relation(kind, target, mode="External"):
    """Return a change of a .rels part that adds one relationship."""
    line = f'<Relationship Id="rId999" Type="http://x/relationships/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return lambda old: old.replace(b"</Relationships>", line.encode() + b"</Relationships>")


def directory_of(members):
    """Return an archive that begins as a document does, with a table of contents of so many empty members."""
    names = [b"word/%06d.xml" % number for number in range(members)]
    facts = struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, 0, 0, 0, 15, 0)
    files = b"".join([b"PK\x03\x04" + facts + name for name in names])
    one = len(files) // members
    listed = [
        b"PK\x01\x02\x14\0" + facts + bytes(10) + struct.pack("<L", one * number) + name
        for number, name in enumerate(names)
    ]
    contents = b"".join(listed)
    end = struct.pack("<HHLLQQQQ", 45, 45, 0, 0, members, members, len(contents), len(files))
    last = b"PK\x06\x06" + struct.pack("<Q", len(end)) + end
    last += b"PK\x06\x07" + struct.pack("<LQL", 0, len(files) + len(contents), 1)
    return files + contents + last + b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)


def png(*chunks):
    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 2, 2, 8, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\x00\x00\x00" * 2))
    extra = b"".join(chunk(name, data) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + header + extra + rows + chunk(b"IEND", b"")


def jpeg(comment):
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 2, 2) + b"\x01\x01\x11\x00"
    said = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return b"\xff\xd8" + said + frame + b"\xff\xd9"


def sheet_of(rows, cell='<c r="A{row}" t="inlineStr"><is><t>x</t></is></c>', *, first=1, claims="A1:B2"):
    """Return a workbook whose one sheet has so many rows of this cell, written by hand, and lies about its size."""
    pieces = f'<row r="{{row}}">{cell}</row>'.split("{row}")
    lines = "".join([str(row).join(pieces) for row in range(first, first + rows)])
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><dimension ref="{claims}"/><sheetData>{lines}</sheetData></worksheet>'
    return repacked(titled("Judgements"), {"xl/worksheets/sheet1.xml": sheet})


def titled(title):
    book, out = Workbook(), io.BytesIO()
    book.active.title = title
    book.save(out)
    return out.getvalue()
