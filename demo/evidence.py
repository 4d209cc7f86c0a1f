"""Small real files for attachments, made here so that none has to be kept."""

from django.core.files.uploadedfile import SimpleUploadedFile


def pdf(name: str, title: str, paragraphs: list[str]) -> SimpleUploadedFile:
    """A PDF of one page with a title and lines of text (Latin-1; what is not becomes a question mark)."""
    content = [b"BT /F1 18 Tf 60 770 Td (", _escaped(title), b") Tj /F1 11 Tf 0 -34 Td 16 TL"]
    for paragraph in paragraphs:
        content += [b" (", _escaped(paragraph), b") Tj T*"]
    stream = b"".join([*content, b" ET"])
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return SimpleUploadedFile(name, _assembled(objects), content_type="application/pdf")


def _assembled(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for offset in offsets:
        out += b"%010d 00000 n \n" % offset
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _escaped(text: str) -> bytes:
    raw = text.encode("latin-1", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
