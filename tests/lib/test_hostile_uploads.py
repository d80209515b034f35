"""Files sent on purpose: two things at once, programs inside, bombs. Each is refused in plain words, fast and small."""

import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest

from ncpi.lib import uploads
from ncpi.lib.workbooks import UnreadableWorkbook, read_workbook
from tests.lib import hostile
from tests.lib.hostile import OLE, TYPES, object_stream, pdf, relation, repacked, word, workbook

ROOT = Path(__file__).resolve().parents[2]
CATALOG = b"<< /Type /Catalog >>"
MACRO = b"application/vnd.ms-word.document.macroEnabledTarget.main+xml"
PLAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

SCRIPTED = "The PDF has a script, a form program or a file inside it. Print it to PDF again."
PDF_LOCKED = "The PDF is locked or built in an unusual way. Print it to PDF again."
PDF_TWO = "The file is a PDF and something else at once. Print it to PDF again."
NOT_OFFICE = "The file is not the Office document that its name says."
OLD_OR_LOCKED = "The document is locked with a password, or of the old kind. Save it again."
MACROS = "The document has macros. Save it without them."
ACTIVE = "The document has macros, embedded files or links to other workbooks. Save it without them."
DAMAGED = "The document is damaged. Open it, save it again, and try once more."
FETCHES = "The document fetches something from elsewhere when it is opened. Save it without that."
UNPACKS = "The document unpacks to far more than a document holds."
PICTURE_TWO = "The file is a picture and something else at once. Save it again."


def macro_enabled(old):
    return old.replace(PLAIN, MACRO)


def archive_of(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inside.txt", data)
    return out.getvalue()


def bomb():
    """Four hundred megabytes of nothing in an object stream of four hundred kilobytes."""
    packer = zlib.compressobj(wbits=-15)
    megabyte = packer.compress(bytes(1024**2)) + packer.flush(zlib.Z_FULL_FLUSH)
    return pdf(CATALOG, object_stream(b"", packed=b"\x78\x9c" + megabyte * 400))


REFUSED = {
    "script in an object stream": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /S /JavaScript >>")), SCRIPTED),
    "program in an object stream": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /S /Launch >>")), SCRIPTED),
    "file in an object stream": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /EmbeddedFiles 2 >>")), SCRIPTED),
    "short key in an object stream": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /JS (x) >>")), SCRIPTED),
    "form program in an object stream": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /XFA 2 >>")), SCRIPTED),
    "escaped name in an object stream": (
        "A.pdf", lambda: pdf(CATALOG, object_stream(b"1 0 << /S /J#61vaScript >>")), SCRIPTED,
    ),
    "name across two pieces": (
        "A.pdf", lambda: pdf(CATALOG, object_stream(b" " * (256 * 1024 - 5) + b"/JavaScript ")), SCRIPTED,
    ),
    "object stream without a filter": (
        "A.pdf", lambda: pdf(
            CATALOG, object_stream(b"", dictionary=b"/Type /ObjStm", packed=b"1 0 << /S /J#61vaScript >>")
        ), SCRIPTED,
    ),
    "object stream in a rare packing": (
        "A.pdf", lambda: pdf(CATALOG, object_stream(b"x", dictionary=b"/Type /ObjStm /Filter /LZWDecode")), PDF_LOCKED,
    ),
    "object stream packed twice": (
        "A.pdf", lambda: pdf(
            CATALOG, object_stream(b"x", dictionary=b"/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]")
        ), PDF_LOCKED,
    ),
    "filter named elsewhere": (
        "A.pdf", lambda: pdf(CATALOG, object_stream(b"x", dictionary=b"/Type /ObjStm /Filter 9 0 R")), PDF_LOCKED,
    ),
    "dictionary that hides its stream": (
        "A.pdf", lambda: pdf(
            CATALOG, object_stream(b"/JavaScript", dictionary=b"/Type /ObjStm /X (1 0 obj) /Filter /FlateDecode")
        ), PDF_LOCKED,
    ),
    "dictionary longer than is looked at": (
        "A.pdf", lambda: pdf(
            CATALOG,
            object_stream(b"/JavaScript", dictionary=b"/Type /ObjStm /X (" + b"x" * 5_000 + b") /Filter /FlateDecode"),
        ), PDF_LOCKED,
    ),
    "object stream that is no zlib": ("A.pdf", lambda: pdf(CATALOG, object_stream(b"", packed=b"none")), PDF_LOCKED),
    "locked PDF": ("A.pdf", lambda: pdf(CATALOG, trailer=b"/Encrypt 2 0 R "), PDF_LOCKED),
    "bomb in an object stream": ("A.pdf", bomb, UNPACKS),
    "twenty thousand escapes": ("A.pdf", lambda: pdf(CATALOG, b"#41" * 20_001), PDF_LOCKED),
    "PDF and archive": ("A.pdf", lambda: pdf(CATALOG) + archive_of(b"x") + b"%%EOF\n", PDF_TWO),
    "old Word as docx": ("A.docx", lambda: OLE, OLD_OR_LOCKED),
    "old Excel as xlsx": ("A.xlsx", lambda: OLE, OLD_OR_LOCKED),
    "docm as docx": ("A.docx", lambda: repacked(word(), {TYPES: macro_enabled}), MACROS),
    "docm as docx, spelt in entities": (
        "A.docx", lambda: repacked(
            word(), {TYPES: lambda old: old.replace(PLAIN, MACRO.replace(b"E", b"&#69;")) + b"<!-- " + PLAIN + b" -->"}
        ), MACROS,
    ),
    "docm with its program": ("A.docx", lambda: repacked(word(), {"word/vbaProject.bin": b"x"}), ACTIVE),
    "xlsm as xlsx": (
        "A.xlsx", lambda: repacked(
            workbook(), {TYPES: lambda old: old.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")}
        ), MACROS,
    ),
    "template from elsewhere": (
        "A.docx", lambda: repacked(word(), {"word/_rels/document.xml.rels": relation("attachedTemplate", "http://x/t")}),
        FETCHES,
    ),
    "frame from elsewhere": (
        "A.docx", lambda: repacked(word(), {"word/_rels/document.xml.rels": relation("frame", "http://x/t")}), FETCHES,
    ),
    "entities in the list of parts": (
        "A.docx", lambda: repacked(word(), {TYPES: lambda old: b'<!DOCTYPE x [<!ENTITY a "b">]>' + old[55:]}), DAMAGED,
    ),
    "list of parts larger than any": ("A.docx", lambda: repacked(word(), {TYPES: b" " * (1024**2 + 1)}), UNPACKS),
    "far too many members": ("A.docx", lambda: hostile.directory_of(2_001), UNPACKS),
    "archive as docx": ("A.docx", lambda: archive_of(b"x"), DAMAGED),
    "web page in a picture": ("A.png", lambda: hostile.png((b"tEXt", b"Comment\0<html><p>x")), PICTURE_TWO),
    "archive in a picture": ("A.png", lambda: hostile.png((b"zzZz", archive_of(b"x"))), PICTURE_TWO),
    "web page in a photograph": ("A.jpg", lambda: hostile.jpeg(b"<script>alert(1)</script>"), PICTURE_TWO),
    "archive in a photograph": ("A.jpg", lambda: hostile.jpeg(archive_of(b"x")), PICTURE_TWO),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_in_plain_words(what):
    name, make, says = REFUSED[what]
    file = io.BytesIO(make())

    with pytest.raises(uploads.UnacceptableDocument) as refusal:
        uploads.inspect(file, name)

    assert str(refusal.value) == says


@pytest.mark.parametrize(
    "data",
    [
        pdf(CATALOG, object_stream(b"1 0 << /Type /Page /S /URI >>")),
        pdf(CATALOG, object_stream(b"", dictionary=b"/Type /XObject /Filter /DCTDecode", packed=b"\xff /JS \xff")),
        pdf(CATALOG, object_stream(b"x"), object_stream(b"y")),
        repacked(word(), {"word/_rels/document.xml.rels": relation("hyperlink", "https://x.test/")}),
    ],
    ids=["link", "a picture's bytes", "two object streams", "hyperlink"],
)  # fmt: skip
def test_what_is_harmless_is_let_in(data):
    name = "A.pdf" if data.startswith(b"%PDF") else "A.docx"

    assert uploads.inspect(io.BytesIO(data), name).size == len(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (hostile.sheet_of(1_001), "The sheet “Judgements” has more than 1,000 rows."),
        (
            hostile.sheet_of(1, '<c r="XFD1" t="inlineStr"><is><t>x</t></is></c>'),
            "The sheet “Judgements” has something in XFD1. Delete what lies beyond.",
        ),
        (
            hostile.sheet_of(1, first=1_048_576),
            "The sheet “Judgements” has something in row 1,048,576. Delete what lies below.",
        ),
        (b"PK\x03\x04 nonsense", "The workbook cannot be read. Open it in Excel, save it again, and try once more."),
        (b"x" * 10_000_001, "The workbook is larger than 10 MB."),
    ],
    ids=["rows", "columns", "last row", "nonsense", "bytes"],
)
def test_a_workbook_that_holds_too_much_is_refused(data, says):
    with pytest.raises(UnreadableWorkbook) as refusal:
        read_workbook(data, "Judgements")

    assert str(refusal.value) == says


def test_what_a_sheet_says_of_its_own_size_is_not_believed():
    sheet = read_workbook(hostile.sheet_of(500), "Judgements").sheets[0]

    assert (len(sheet.cells), sheet.cells["A500"].text) == (500, "x")


# Fast and small, measured


def laughs(old):
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(9))
    return b"<!DOCTYPE x [" + lines.encode() + b"]>" + old.replace(b"<sheetData>", b"<sheetData><x>&a8;</x>")


def with_part(part, change):
    return repacked(hostile.titled("Judgements"), {part: change})


WIDE_ROWS = 400_000


def wide():
    """A sheet of which each row has one letter, in the last column there is."""
    last = '<c r="XFD{row}" t="inlineStr"><is><t>x</t></is></c>'
    return hostile.sheet_of(WIDE_ROWS, last, claims=f"A1:XFD{WIDE_ROWS}")


HEAVY = {
    "wide rows": ("A.xlsx", wide),
    "a million rows": ("A.xlsx", lambda: hostile.sheet_of(1_000_000)),
    "twenty million letters": (
        "A.xlsx", lambda: hostile.sheet_of(1, f'<c r="A1" t="inlineStr"><is><t>{"x" * 20_000_000}</t></is></c>'),
    ),
    "a billion laughs": ("A.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", laughs)),
    "ninety megabytes of styles": (
        "A.xlsx", lambda: with_part("xl/styles.xml", lambda old: old + os.urandom(1_000).hex().encode() * 45_000),
    ),
    "four million shared texts": (
        "A.xlsx", lambda: with_part("xl/sharedStrings.xml", b"<sst>" + b"<si><t>x</t></si>" * 4_000_000 + b"</sst>"),
    ),
    "bomb in a PDF": ("A.pdf", bomb),
    "twenty megabytes of escapes": ("A.pdf", lambda: pdf(CATALOG, b"#41" * 6_900_000)),
    "twenty megabytes of streams": ("A.pdf", lambda: pdf(CATALOG, b" obj /ObjStm stream\n" * 1_000_000)),
    "twenty megabytes of names": ("A.pdf", lambda: pdf(CATALOG, b"/ObjStm " * 2_500_000)),
    "hundred thousand members": ("A.docx", lambda: hostile.directory_of(100_000)),
    "hundred megabytes of nothing": (
        "A.docx", lambda: repacked(word(), {"word/media/1.png": bytes(101 * 1024**2)}),
    ),
}  # fmt: skip
# Each file is read in a process forked for it, so that its memory and its time are its own.
MEASURE = """
import json, os, resource, sys, time
import django
django.setup()
from ncpi.lib import uploads
from ncpi.lib.workbooks import UnreadableWorkbook, read_workbook

def measured(path, name):
    said = "let in"
    try:
        with open(path, "rb") as file:
            uploads.inspect(file, name)
            file.seek(0)
            if name.endswith("xlsx"):
                read_workbook(file.read(), "Judgements")
    except (uploads.UnacceptableDocument, UnreadableWorkbook) as refusal:
        said = str(refusal)
    own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    reader = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = time.process_time() + reader.ru_utime + reader.ru_stime
    return said, seconds, max(own, reader.ru_maxrss) // 1024

for path, name in json.load(sys.stdin):
    if not os.fork():
        print(json.dumps(measured(path, name)), flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(scope="module")
def measurements(tmp_path_factory):
    """What was said of each heavy file, its seconds of work and its megabytes at most."""
    folder = tmp_path_factory.mktemp("heavy")
    asked = []
    for number, (name, make) in enumerate(HEAVY.values()):
        path = folder / str(number)
        path.write_bytes(make())
        asked.append((str(path), name))
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return dict(zip(HEAVY, map(json.loads, ran.stdout.splitlines()), strict=True))


@pytest.mark.slow
@pytest.mark.xdist_group("heavy uploads")
@pytest.mark.parametrize("what", HEAVY)
def test_it_is_refused_within_five_seconds_and_512_megabytes(what, measurements):
    said, seconds, megabytes = measurements[what]

    assert said != "let in"
    # The reader is stopped at five seconds; starting and stopping it comes on top.
    assert (seconds < 6, megabytes <= 512) == (True, True)


# Tells how many rows the reader had come to after half a second of work, or after all of them.
UNGUARDED = """
import openpyxl, resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (2 * 1024**3,) * 2)  # it is not to take the machine down
rows = openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows()
began = time.process_time()
for read, row in enumerate(rows, start=1):
    if time.process_time() - began > 0.5:
        break
print(read)
"""


@pytest.mark.slow
def test_control_without_the_guard_the_wide_rows_take_longer_than_five_seconds(tmp_path):
    path = tmp_path / "upload.xlsx"
    path.write_bytes(wide())

    ran = subprocess.run(
        [sys.executable, "-c", UNGUARDED, str(path)], timeout=60, check=True, capture_output=True, text=True
    )

    # A tenth of five seconds is not enough for a tenth of the rows.
    assert int(ran.stdout) < WIDE_ROWS / 10
