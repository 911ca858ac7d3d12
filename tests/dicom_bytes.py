"""What does a single file of DICOM look like, tag by tag? Written by hand, so that each tag can be chosen."""

import struct
from pathlib import Path

import numpy as np

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"
LONG_FORMS = ("OB", "OW")


def write_dicom_file(
    path: Path,
    stored: np.ndarray,
    *,
    photometric: str = "MONOCHROME2",
    bits: int | None = None,
    rescale: tuple[float, float] | None = None,
    storage: str = CT,
) -> Path:
    """Write stored values, whole numbers (Y, X), or (Z, Y, X) for frames, as one file.

    `bits` of each value count, all where none are named; `rescale` is slope and intercept.
    """
    size = stored.dtype.itemsize * 8
    bits = bits or size
    head = [
        *([_text(0x0028, 0x0008, "IS", str(len(stored)))] if stored.ndim == 3 else []),
        *(_number(0x0010 + at, value) for at, value in enumerate(stored.shape[-2:])),
        _number(0x0100, size),
        _number(0x0101, bits),
        _number(0x0102, bits - 1),
        _number(0x0103, int(stored.dtype.kind == "i")),
    ]
    if rescale:
        head += [_text(0x0028, 0x1052, "DS", f"{rescale[1]:g}")]
        head += [_text(0x0028, 0x1053, "DS", f"{rescale[0]:g}")]
    content = [
        _text(0x0008, 0x0016, "UI", storage),
        _text(0x0008, 0x0018, "UI", "1.2.3.4"),
        _number(0x0002, 1),
        _text(0x0028, 0x0004, "CS", photometric),
        *head,
        _element(0x7FE0, 0x0010, "OW", stored.astype(stored.dtype.newbyteorder("<")).tobytes()),
    ]
    meta = [
        _text(0x0002, 0x0002, "UI", storage),
        _text(0x0002, 0x0003, "UI", "1.2.3.4"),
        _text(0x0002, 0x0010, "UI", EXPLICIT_LITTLE_ENDIAN),
    ]
    length = _element(0x0002, 0x0000, "UL", struct.pack("<I", len(b"".join(meta))))
    path.write_bytes(b"\0" * 128 + b"DICM" + length + b"".join([*meta, *content]))
    return path


def _element(group: int, tag: int, form: str, value: bytes) -> bytes:
    value += b"\0" * (len(value) % 2)
    head = struct.pack("<HH2s", group, tag, form.encode())
    size = (
        struct.pack("<HI", 0, len(value)) if form in LONG_FORMS else struct.pack("<H", len(value))
    )
    return head + size + value


def _text(group: int, tag: int, form: str, text: str) -> bytes:
    pad = "\0" if form == "UI" else " "
    return _element(group, tag, form, (text + pad * (len(text) % 2)).encode())


def _number(tag: int, value: int) -> bytes:
    """Return a whole number of the group that describes the image."""
    return _element(0x0028, tag, "US", struct.pack("<H", value))
