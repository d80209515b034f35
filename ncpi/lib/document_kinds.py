"""The kinds of document that are let in, and how each is known by its own bytes."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from ncpi.lib import pdf_contents

MOST_MEMBERS = 2_000
MOST_UNPACKED = 100 * 1024**2
MOST_RATIO = 100
MOST_PIXELS = 25_000_000
_END_OF_ZIP = b"PK\x05\x06"
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".jar", ".exe", ".dll", ".js", ".vbs", ".hta", ".docm", ".xlsm")
_ACTIVE_PARTS = (
    "vbaproject",
    "vbadata",
    "activex",
    "oleobject",
    "embeddings/",
    "externallink",
    "macrosheets",
    "customui",
)
_MARKUP = re.compile(rb"<\s*(!doctype|html|script|svg|iframe|body|head|meta|\?xml|\?php)", re.IGNORECASE)
_SCRIPT = re.compile(rb"<\s*(!doctype\s+html|html|script|iframe|body)[\s>]", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_DIRECTORY = 1024**2
_MOST_XML = 1024**2
_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "activex", "oleobject")
# What Word and PowerPoint fetch or run by themselves when a document is opened.
_FETCHED = ("attachedtemplate", "oleobject", "frame", "subdocument", "externallinkpath", "control", "afchunk")
_BAD_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


TWO_PICTURES = "The file is a picture and something else at once. Save it again."
FETCHES = "The document fetches something from elsewhere when it is opened. Save it without that."
UNPACKS = "The document unpacks to far more than a document holds."


class UnacceptableDocument(Exception):
    """The file may not come in; the text says why, in words for the page."""


@dataclass(frozen=True)
class Kind:
    media_type: str
    check: Callable[[IO[bytes], int], None]


def check_pdf(file: IO[bytes], size: int) -> None:
    data = _all(file)
    if not re.match(rb"%PDF-[12]\.\d", data) or b"%%EOF" not in data[-1024:]:
        raise UnacceptableDocument("The file is called a PDF but is not a whole one.")
    if data.rpartition(b"%%EOF")[2].strip(b"\r\n\t \x00") or _has_archive(data) or _MARKUP.search(data[:1024]):
        raise UnacceptableDocument("The file is a PDF and something else at once. Print it to PDF again.")
    try:
        active = pdf_contents.is_active(data)
    except pdf_contents.NotReadable:
        raise UnacceptableDocument("The PDF is locked or built in an unusual way. Print it to PDF again.")
    except pdf_contents.TooMuchInside:
        raise UnacceptableDocument(UNPACKS)
    if active:
        raise UnacceptableDocument("The PDF has a script, a form program or a file inside it. Print it to PDF again.")


def office(main_part: str, folder: str) -> Callable[[IO[bytes], int], None]:
    """Return the check for an Office Open XML package whose main part has this content type."""

    def check(file: IO[bytes], size: int) -> None:
        start = _read(file, 8)
        if start == _OLE:
            raise UnacceptableDocument("The document is locked with a password, or of the old kind. Save it again.")
        if not start.startswith(b"PK\x03\x04"):
            raise UnacceptableDocument("The file is not the Office document that its name says.")
        try:
            _check_directory(file, size)
            with zipfile.ZipFile(file) as package:
                _check_package(package, size, main_part, folder)
        except (
            zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, struct.error, EOFError, KeyError,
            UnicodeDecodeError, ValueError, OSError,
        ):  # fmt: skip
            raise UnacceptableDocument("The document is damaged. Open it, save it again, and try once more.")

    return check


def _check_directory(file: IO[bytes], size: int) -> None:
    """Refuse a table of contents of more than a megabyte before anything reads it whole."""
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    if at < 0:
        raise zipfile.BadZipFile
    count, length = struct.unpack("<H4xL", tail[at + 10 : at + 12] + b"\0" * 4 + tail[at + 12 : at + 16])
    if count > MOST_MEMBERS or length > _MOST_DIRECTORY:
        raise UnacceptableDocument(UNPACKS)


def _check_package(package: zipfile.ZipFile, size: int, main_part: str, folder: str) -> None:
    members = package.infolist()
    names = [member.filename.lower() for member in members]
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(size, 1):
        raise UnacceptableDocument(UNPACKS)
    if package.comment or len(set(names)) != len(names) or any(member.flag_bits & 1 for member in members):
        raise UnacceptableDocument(
            "The document is locked or built in an unusual way. Save it again without a password."
        )
    if any(name.startswith("/") or ".." in name.split("/") or name.endswith(_NESTED) for name in names):
        raise UnacceptableDocument("The document has another file hidden inside it.")
    if any(part in name for name in names for part in _ACTIVE_PARTS):
        raise UnacceptableDocument(
            "The document has macros, embedded files or links to other workbooks. Save it without them."
        )
    types = {value.lower() for value in _attributes(package, "[Content_Types].xml", "ContentType")}
    if any(part in value for value in types for part in _MACRO_TYPES):
        raise UnacceptableDocument("The document has macros. Save it without them.")
    if main_part.lower() not in types or not any(name.startswith(f"{folder}/") for name in names):
        raise UnacceptableDocument("The file is not the Office document that its name says.")
    _check_relations(package)


def _check_relations(package: zipfile.ZipFile) -> None:
    """Refuse a document that fetches something by itself; a link that a person clicks stays."""
    relations = [name for name in package.namelist() if name.lower().endswith(".rels")]
    if sum(package.getinfo(name).file_size for name in relations) > 4 * _MOST_XML:
        raise UnacceptableDocument(UNPACKS)
    for name in relations:
        for element in _elements(package, name):
            kind = element.get("Type", "").rpartition("/")[2].lower()
            if kind in _FETCHED and element.get("TargetMode", "").lower() == "external":
                raise UnacceptableDocument(FETCHES)


def _attributes(package: zipfile.ZipFile, part: str, attribute: str) -> list[str]:
    return [element.get(attribute, "") for element in _elements(package, part)]


def _elements(package: zipfile.ZipFile, part: str) -> list[dict[str, str]]:
    """Return the attributes of every element of a small part; one that declares entities is no Office document."""
    if package.getinfo(part).file_size > _MOST_XML:
        raise UnacceptableDocument(UNPACKS)
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: found.append(attributes)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(package.read(part), True)
    except expat.ExpatError:
        raise zipfile.BadZipFile from None
    return found


def _refuse_doctype(*declaration: object) -> None:
    raise zipfile.BadZipFile


def _has_archive(data: bytes) -> bool:
    """Say whether the file could be opened as a ZIP archive, too."""
    return _END_OF_ZIP in data[-65_557:]


def check_png(file: IO[bytes], size: int) -> None:
    data = _all(file)
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR" or not data.endswith(b"IEND\xaeB`\x82"):
        raise UnacceptableDocument("The file is called a PNG picture but is not a whole one.")
    _check_pixels(*struct.unpack(">II", data[16:24]))
    at = 8
    while at + 8 <= len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        if name != b"IDAT" and _SCRIPT.search(data, at + 8, at + 8 + length):
            raise UnacceptableDocument(TWO_PICTURES)
        at += 12 + length
        if name == b"IEND":
            break
    if at != len(data):
        raise UnacceptableDocument("The picture has something behind it. Save it again.")
    if _has_archive(data):
        raise UnacceptableDocument(TWO_PICTURES)


def check_jpeg(file: IO[bytes], size: int) -> None:
    data = _all(file)
    if not data.startswith(b"\xff\xd8\xff") or not data.rstrip(b"\x00").endswith(b"\xff\xd9"):
        raise UnacceptableDocument("The file is called a JPEG picture but is not a whole one.")
    if _SCRIPT.search(data) or _has_archive(data):
        raise UnacceptableDocument(TWO_PICTURES)
    _check_pixels(*_jpeg_size(data))


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header (ITU-T T.81, B.2.2)."""
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + int(struct.unpack(">H", data[at + 2 : at + 4])[0])
    raise UnacceptableDocument("The picture is damaged.")


def _check_pixels(width: int, height: int) -> None:
    if not width or not height or width * height > MOST_PIXELS:
        raise UnacceptableDocument("The picture must be 25 megapixels or smaller.")


def check_text(file: IO[bytes], size: int) -> None:
    data = _all(file)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if _BAD_TEXT.search(text) or data.startswith((b"PK", b"%PDF", b"MZ", b"\x7fELF")):
        raise UnacceptableDocument("The file is called text but holds something else.")
    if _MARKUP.match(data.lstrip(b"\xef\xbb\xbf \t\r\n")[:64]):
        raise UnacceptableDocument("The file is a web page, not plain text.")


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def _read(file: IO[bytes], size: int) -> bytes:
    file.seek(0)
    start = file.read(size)
    file.seek(0)
    return start


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "pdf": Kind("application/pdf", check_pdf),
    "docx": Kind(_OFFICE + "wordprocessingml.document", office(_OFFICE + "wordprocessingml.document.main+xml", "word")),
    "xlsx": Kind(_OFFICE + "spreadsheetml.sheet", office(_OFFICE + "spreadsheetml.sheet.main+xml", "xl")),
    "pptx": Kind(
        _OFFICE + "presentationml.presentation", office(_OFFICE + "presentationml.presentation.main+xml", "ppt")
    ),
    "csv": Kind("text/csv", check_text),
    "txt": Kind("text/plain", check_text),
    "png": Kind("image/png", check_png),
    "jpg": Kind("image/jpeg", check_jpeg),
}
