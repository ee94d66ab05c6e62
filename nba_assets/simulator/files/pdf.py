"""Pages of text as a PDF: one font, no compression, no date, no id, so that equal pages are equal bytes everywhere."""

from __future__ import annotations


class Pdf:
    """A document of pages of one size, in points."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._pages: list[list[str]] = []

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self._pages)

    def page(self) -> None:
        """Begin a page."""
        self._pages.append([])

    def text(self, left: float, y: float, words: str, size: float = 8.0, page: int = -1) -> None:
        """Words from `left` on, on a base line `y` points below the page's top; ASCII."""
        escaped = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self._pages[page].append(f"/F1 {size:g} Tf 1 0 0 1 {left:.2f} {self.height - y:.2f} Tm ({escaped}) Tj")

    def data(self) -> bytes:
        """The document."""
        kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(self._pages)))
        objects = [
            "<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Kids [{kids}] /Count {len(self._pages)} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
        size = f"/MediaBox [0 0 {self.width:g} {self.height:g}]"
        for number, lines in enumerate(self._pages):
            content = "\n".join(["BT", *lines, "ET"])
            resources = "/Resources << /Font << /F1 3 0 R >> >>"
            objects.append(f"<< /Type /Page /Parent 2 0 R {size} {resources} /Contents {5 + 2 * number} 0 R >>")
            objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        return _file(objects)


def _file(objects: list[str]) -> bytes:
    """Header, numbered objects, their places, trailer."""
    text, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    text += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    start = len(text) - len(table) - len(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n")
    text += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return text.encode("ascii")
