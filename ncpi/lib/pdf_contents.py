"""What a PDF can do besides being read: scripts, programs, files inside, also where they are compressed.

The names that matter (ISO 32000-2: 12.6.4 actions, 7.11.4 embedded files) are looked for in the file as it is and in
its compressed object streams (7.5.7), which are unpacked piece by piece and never further than the bounds below. Where
nobody can look in (a lock, a rare packing, a dictionary that hides its stream), the file counts as not readable.
"""

import re
import zlib
from collections.abc import Iterator
from itertools import islice

MOST_UNPACKED = 32 * 1024**2
MOST_STREAMS = 20_000
MOST_ESCAPES = 20_000
_CHUNK = 256 * 1024
_OVERLAP = 64
_END = rb"(?![A-Za-z0-9_.+-])"
_ACTIVE = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)" + _END)
# So short that a picture's bytes may hold them by chance: looked for outside streams only.
_ACTIVE_SHORT = re.compile(rb"/(JS|XFA)" + _END)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_OBJECTS = re.compile(rb"/ObjStm" + _END)
_ENCRYPTED = re.compile(rb"/Encrypt" + _END)
_FILTER = re.compile(rb"/Filter\s*(?:\[\s*)?(/FlateDecode|/Fl)(?:\s*\])?\s*(?:/|>)")
_LONGEST_DICTIONARY = 4_096


class TooMuchInside(Exception):
    """The PDF unpacks to more than a document holds."""


class NotReadable(Exception):
    """The PDF's objects are locked, or packed in a way in which nobody can look into them."""


def is_active(data: bytes) -> bool:
    """Say whether a PDF has anything in it that acts when it is opened, or raise why nobody can say."""
    names = _unescaped(data)
    if _ENCRYPTED.search(names):
        raise NotReadable
    if _ACTIVE.search(names) or any(map(_ACTIVE_SHORT.search, _between_streams(names))):
        return True
    expected = sum(1 for _ in islice(_OBJECTS.finditer(names), MOST_STREAMS + 1))
    if expected > MOST_STREAMS:
        raise NotReadable
    pieces = _object_streams(data, expected=expected)
    return any(_ACTIVE.search(piece) or _ACTIVE_SHORT.search(piece) for piece in map(_unescaped, pieces))


def _between_streams(data: bytes) -> Iterator[bytes]:
    """Give what stands outside streams. One that does not end hides nothing: what follows counts as outside."""
    at = 0
    while found := _STREAM.search(data, at):
        end = data.find(b"endstream", found.end())
        if end < 0:
            break
        yield data[at : found.start()]
        at = end + len(b"endstream")
    yield data[at:]


def _unescaped(data: bytes) -> bytes:
    """Write names as they are meant: `/J#61vaScript` is `/JavaScript` (7.3.5)."""
    if sum(1 for _ in islice(_ESCAPE.finditer(data), MOST_ESCAPES + 1)) > MOST_ESCAPES:
        raise NotReadable
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), data)


def _object_streams(data: bytes, *, expected: int) -> Iterator[bytes]:
    """Unpack the streams that hold objects, a piece at a time; a picture's or a page's stream holds none."""
    left, named = MOST_UNPACKED, 0
    for number, found in enumerate(_STREAM.finditer(data)):
        if number >= MOST_STREAMS:
            raise TooMuchInside
        dictionary = _unescaped(_dictionary_before(data, found.start()))
        names = len(_OBJECTS.findall(dictionary))
        named += names
        if names:
            for piece in _unpacked(data, found.end(), dictionary, left):
                left -= len(piece)
                yield piece
    # Each name was seen in the dictionary of one stream, or somebody hides a stream behind it.
    if named != expected:
        raise NotReadable


def _dictionary_before(data: bytes, end: int) -> bytes:
    """Return what stands between the last `obj` and the stream: the stream's own dictionary."""
    return data[max(0, end - _LONGEST_DICTIONARY) : end].rpartition(b"obj")[2]


def _unpacked(data: bytes, start: int, dictionary: bytes, most: int) -> Iterator[bytes]:
    if b"/Filter" not in dictionary:
        end = data.find(b"endstream", start, start + most)
        if end < 0:
            raise NotReadable
        yield data[start:end]
    elif _FILTER.search(dictionary) is None or b"/Predictor" in dictionary:
        raise NotReadable
    else:
        yield from _inflated(data, start, most)


def _inflated(data: bytes, start: int, most: int) -> Iterator[bytes]:
    """Inflate a piece at a time; each piece begins with the end of the one before, so that no name is cut."""
    unpack, end_of_last, at = zlib.decompressobj(), b"", start
    while not unpack.eof:
        rest = unpack.unconsumed_tail
        if not rest:
            rest = data[at : at + _CHUNK]
            at += len(rest)
        if not rest:
            return
        try:
            piece = unpack.decompress(rest, _CHUNK)
        except zlib.error:
            raise NotReadable from None
        most -= len(piece)
        if most < 0:
            raise TooMuchInside
        yield end_of_last + piece
        end_of_last = piece[-_OVERLAP:]
