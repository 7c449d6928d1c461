"""Draw an address as a QR code, here and not at somebody else's."""

import segno

_QUIET_MODULES = 4
"""Scanners want so much white around the code (ISO/IEC 18004)."""


def qr_code_source(text: str) -> str:
    """Return the picture as a data URI: SVG, black on white whatever the page around it is."""
    code = segno.make_qr(text, error="m")
    return str(code.svg_data_uri(border=_QUIET_MODULES, dark="#000", light="#fff", scale=4))
