"""What is let in is what its bytes say, and what is kept is given back whole and harmless."""

import hashlib
import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from ncpi.lib import uploads
from tests.lib.hostile import word, workbook

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width=2, height=2):
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\x00\x00\x00" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width=2, height=2):
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xd9"


def with_member(package, name, content=b"x"):
    out = io.BytesIO(package)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def inspect(data, name):
    return uploads.inspect(io.BytesIO(data), name)


TWO_THINGS = "The file is a PDF and something else at once. Print it to PDF again."
SCRIPTED = "The PDF has a script, a form program or a file inside it. Print it to PDF again."
MACROS = "The document has macros, embedded files or links to other workbooks. Save it without them."
UNPACKS = "The document unpacks to far more than a document holds."


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("Policy.pdf", PDF, "application/pdf"),
        ("Plan.docx", word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("Figures.xlsx", workbook(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("Figures.csv", b"month,visits\nJune,12\n", "text/csv"),
        ("Note.txt", "Ymweliad â’r tîm\n".encode(), "text/plain"),
        ("Poster.png", png(), "image/png"),
        ("Poster.JPG", jpeg(), "image/jpeg"),
        ("Poster.jpeg", jpeg(), "image/jpeg"),
    ],
)
def test_a_document_of_a_listed_kind_is_let_in_with_its_digest(name, data, media_type):
    document = inspect(data, name)

    assert (document.media_type, document.size, document.sha256) == (
        media_type,
        len(data),
        hashlib.sha256(data).hexdigest(),
    )


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("Tool.exe", b"MZ", f"The file must be {uploads.ACCEPTED_IN_WORDS}."),
        ("noextension", PDF, f"The file must be {uploads.ACCEPTED_IN_WORDS}."),
        ("Page.html", b"<html>", f"The file must be {uploads.ACCEPTED_IN_WORDS}."),
        ("Macro.docm", word(), f"The file must be {uploads.ACCEPTED_IN_WORDS}."),
        ("Empty.pdf", b"", "The file is empty."),
        ("Policy.pdf", word(), "The file is called a PDF but is not a whole one."),
        ("Policy.pdf", PDF[:-8], "The file is called a PDF but is not a whole one."),
        ("Policy.pdf", PDF.replace(b"1 0 obj", b"<script>x</script>"), TWO_THINGS),
        ("Policy.pdf", PDF + b"<html>" * 3, TWO_THINGS),
        ("Policy.pdf", PDF.replace(b"/Type", b"/JavaScript (x) /Type"), SCRIPTED),
        ("Policy.pdf", PDF.replace(b"/Type", b"/J#61vaScript (x) /Type"), SCRIPTED),
        ("Plan.docx", PDF, "The file is not the Office document that its name says."),
        ("Plan.docx", workbook(), "The file is not the Office document that its name says."),
        ("Figures.xlsx", word(), "The file is not the Office document that its name says."),
        ("Plan.docx", with_member(word(), "word/vbaProject.bin"), MACROS),
        ("Plan.docx", with_member(word(), "word/embeddings/oleObject1.bin"), MACROS),
        ("Figures.xlsx", with_member(workbook(), "xl/externalLinks/externalLink1.xml"), MACROS),
        ("Plan.docx", with_member(word(), "word/media/more.zip"), "The document has another file hidden inside it."),
        ("Plan.docx", with_member(word(), "../../etc/passwd"), "The document has another file hidden inside it."),
        ("Plan.docx", with_member(word(), "word/media/bomb.bin", bytes(101 * 1024**2)), UNPACKS),
        ("Plan.docx", word()[:-30], "The document is damaged. Open it, save it again, and try once more."),
        ("Poster.png", png() + b"PK\x03\x04", "The file is called a PNG picture but is not a whole one."),
        ("Poster.png", png() + png()[-12:], "The picture has something behind it. Save it again."),
        ("Poster.png", png(12_000, 12_000), "The picture must be 25 megapixels or smaller."),
        ("Poster.jpg", jpeg(60_000, 60_000), "The picture must be 25 megapixels or smaller."),
        ("Poster.jpg", jpeg() + b"<html>", "The file is called a JPEG picture but is not a whole one."),
        ("Note.txt", b"a\x00b", "The file is called text but holds something else."),
        ("Note.txt", PDF, "The file is called text but holds something else."),
        ("Figures.csv", b" <!DOCTYPE html><script>", "The file is a web page, not plain text."),
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_plain_words(name, data, reason):
    with pytest.raises(uploads.UnacceptableDocument) as refusal:
        inspect(data, name)

    assert str(refusal.value) == reason


def test_a_file_over_the_limit_is_refused_before_it_is_looked_into(settings):
    settings.UPLOAD_MAX_BYTES = 1024**2

    with pytest.raises(uploads.UnacceptableDocument) as refusal:
        inspect(PDF + bytes(1024**2), "Policy.pdf")

    assert str(refusal.value) == "The file must be 1 MB or smaller."


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("C:\\Users\\me\\Policy.pdf", "Policy.pdf"),
        ("../../Policy.pdf", "Policy.pdf"),
        ("Policy\r\nX-Header: 1.pdf", "Policy X-Header: 1.pdf"),
        ("Policy\u202efdp.pdf", "Policyfdp.pdf"),
        ("a" * 300 + ".pdf", "a" * 187 + ".pdf"),
    ],
)
def test_a_file_name_is_made_safe(given, shown):
    assert uploads.file_name(given) == shown


def test_a_kept_document_is_on_disk_whole_under_a_generated_name(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    with uploads.kept(inspect(PDF, "Policy.pdf")) as kept:
        stored = tmp_path / "media" / kept.stored_name

    assert stored.read_bytes() == PDF
    assert (kept.file_name, kept.size, kept.sha256) == ("Policy.pdf", len(PDF), hashlib.sha256(PDF).hexdigest())
    assert "Policy" not in kept.stored_name


def test_a_block_that_fails_leaves_no_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    with pytest.raises(RuntimeError), uploads.kept(inspect(PDF, "Policy.pdf")):
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_a_kept_document_is_given_back_as_an_attachment_that_nothing_runs(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with uploads.kept(inspect(PDF, "Policy.pdf")) as kept:
        pass

    response = uploads.as_attachment(stored_name=kept.stored_name, file_name="Tŷ.pdf", media_type=kept.media_type)

    body = b"".join(response.streaming_content)
    response.close()
    assert body == PDF
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''T%C5%B7.pdf"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert Path(kept.stored_name).suffix == ".pdf"
