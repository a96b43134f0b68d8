"""Labels and manifests on paper: PDF for office printers, ZPL for label printers."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4, A6
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

LABEL_MARGIN = 6 * mm


def label_pdf(label: Mapping[str, Any], carrier_name: str) -> bytes:
    """One A6 page with sender, recipient and the tracking number as Code 128."""
    paper = BytesIO()
    page = Canvas(paper, pagesize=A6, invariant=1, pageCompression=1)
    width, height = A6
    page.setTitle(f"{carrier_name} {label['number']}")
    page.setFont("Helvetica-Bold", 16)
    page.drawString(LABEL_MARGIN, height - 12 * mm, carrier_name)
    page.setFont("Helvetica-Bold", 12)
    page.drawRightString(width - LABEL_MARGIN, height - 12 * mm, label["service"].upper())
    _lines(page, height - 20 * mm, 7, ["From", *_address(label["from"])])
    _lines(page, height - 48 * mm, 11, ["To", *_address(label["to"])])
    page.setFont("Helvetica", 8)
    page.drawString(LABEL_MARGIN, 42 * mm, f"{label['parcel']['grams']} g")
    page.drawRightString(width - LABEL_MARGIN, 42 * mm, f"Ref {label['reference']}")
    barcode = Code128(label["number"], barWidth=0.36 * mm, barHeight=22 * mm, humanReadable=True)
    barcode.drawOn(page, (width - barcode.width) / 2, 12 * mm)
    page.showPage()
    page.save()
    return paper.getvalue()


def label_zpl(label: Mapping[str, Any], carrier_name: str) -> bytes:
    """The same on a 4 x 6 inch label at 203 dpi."""
    fields = [f"^FO40,40^A0N,50,50^FD{_zpl(carrier_name)}^FS"]
    fields.append(f"^FO560,40^A0N,36,36^FD{_zpl(label['service'].upper())}^FS")
    for row, line in enumerate(_address(label["from"])):
        fields.append(f"^FO40,{120 + 28 * row}^A0N,24,24^FD{_zpl(line)}^FS")
    for row, line in enumerate(_address(label["to"])):
        fields.append(f"^FO40,{330 + 44 * row}^A0N,40,40^FD{_zpl(line)}^FS")
    fields.append(f"^FO40,700^A0N,26,26^FD{label['parcel']['grams']} g^FS")
    fields.append(f"^FO420,700^A0N,26,26^FDRef {_zpl(label['reference'])}^FS")
    fields.append(f"^FO60,800^BY3^BCN,220,Y,N,N^FD{_zpl(label['number'])}^FS")
    return ("^XA^CI28^PW812^LL1218" + "".join(fields) + "^XZ").encode()


def manifest_pdf(manifest: Mapping[str, Any], carrier_name: str) -> bytes:
    """The list of parcels that the driver signs for."""
    paper = BytesIO()
    page = Canvas(paper, pagesize=A4, invariant=1, pageCompression=1)
    numbers: Sequence[str] = manifest["accepted"]
    for start in range(0, max(len(numbers), 1), 60):
        page.setFont("Helvetica-Bold", 14)
        page.drawString(20 * mm, 277 * mm, f"{carrier_name} manifest {manifest['manifest']}")
        page.setFont("Helvetica", 10)
        page.drawString(20 * mm, 270 * mm, f"{len(numbers)} parcels, ref {manifest['reference']}")
        for row, number in enumerate(numbers[start : start + 60]):
            column, line = divmod(row, 30)
            page.drawString((20 + 90 * column) * mm, (260 - 8 * line) * mm, number)
        page.drawString(20 * mm, 15 * mm, "Driver: ____________________  Date: ____________")
        page.showPage()
    page.save()
    return paper.getvalue()


def _lines(page: Canvas, top: float, size: int, lines: Sequence[str]) -> None:
    text = page.beginText(LABEL_MARGIN, top)
    text.setFont("Helvetica", size)
    text.setLeading(size * 1.2)
    for line in lines:
        text.textLine(line[:48])
    page.drawText(text)


def _address(party: Mapping[str, Any]) -> list[str]:
    town = f"{party.get('postal_code', '')} {party.get('city', '')}".strip()
    lines = [party.get("name"), party.get("company"), party.get("line1"), party.get("line2")]
    return [str(line) for line in (*lines, town, party.get("country")) if line]


def _zpl(text: str) -> str:
    """Text without the characters that begin a ZPL command."""
    return text.replace("^", " ").replace("~", " ")[:40]
