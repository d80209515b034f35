"""Which texts a long file has shown before, in sixteen bytes each."""

from array import array


class SeenBefore:
    """In which row a text stood first, for any number of texts in a few bytes each.

    Open addressing over the texts' 64-bit hashes, which the interpreter salts anew in every process: of 100,000 texts
    two different ones are taken for the same once in some three thousand million files.
    """

    def __init__(self, capacity: int = 1 << 12) -> None:
        self._count = 0
        self._make(capacity)

    def _make(self, capacity: int) -> None:
        self._hashes = array("Q", bytes(8 * capacity))
        self._rows = array("L", bytes(array("L").itemsize * capacity))

    def row_of(self, text: str, row: int) -> int:
        """Give the row where the text stood first, which is this one if it is new."""
        if 3 * self._count > 2 * len(self._hashes):
            self._grow()
        mark = hash(text) & 0xFFFF_FFFF_FFFF_FFFF or 1
        place = self._place(mark)
        if not self._hashes[place]:
            self._hashes[place], self._rows[place] = mark, row
            self._count += 1
        return self._rows[place]

    def _place(self, mark: int) -> int:
        hashes, mask = self._hashes, len(self._hashes) - 1
        place = mark & mask
        while hashes[place] and hashes[place] != mark:
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        self._make(2 * len(hashes))
        for mark, row in zip(hashes, rows, strict=True):
            if mark:
                place = self._place(mark)
                self._hashes[place], self._rows[place] = mark, row
