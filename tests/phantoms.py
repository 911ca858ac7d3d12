"""What do tests segment? Boxes and balls in small volumes, and data sets of them, whole or broken."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from innereye.io.files import read_table, write_table
from innereye.io.image import Geometry, read_image, write_image
from innereye.names import CHANNEL, FILE_PATH, INSTITUTION, SERIES, SUBJECT, subject_folder

SIZE = (12, 20, 24)
SPACING = (3.0, 1.0, 1.0)
GEOMETRY = Geometry(SIZE, SPACING, (-7.5, 20.0, 100.0))
CHANNELS = ("ct",)
STRUCTURES = ("liver", "spleen")
MASK = "mask"


def box(start: Sequence[int], stop: Sequence[int], size: tuple[int, int, int] = SIZE) -> np.ndarray:
    """Return a mask, uint8 (Z, Y, X), of the voxels from `start` up to, not including, `stop`."""
    mask = np.zeros(size, np.uint8)
    mask[tuple(slice(*ends) for ends in zip(start, stop, strict=True))] = 1
    return mask


def ball(
    centre: Sequence[float],
    radius_mm: float,
    size: tuple[int, int, int] = SIZE,
    spacing_zyx_mm: Sequence[float] = SPACING,
) -> np.ndarray:
    """Return a mask, uint8 (Z, Y, X), of the voxels within a distance of a voxel."""
    axes = [
        (np.arange(n) - middle) * mm
        for n, middle, mm in zip(size, centre, spacing_zyx_mm, strict=True)
    ]
    z, y, x = np.meshgrid(*axes, indexing="ij", sparse=True)
    return (z**2 + y**2 + x**2 <= radius_mm**2).astype(np.uint8)


def volumes(number: int) -> dict[str, np.ndarray]:
    """Return the volumes of a subject by channel: a noisy image with two structures that show."""
    liver = ball((6, 10, 7), 5 + number % 3)
    spleen = box((3, 6, 16), (8, 12, 21))
    noise = np.random.default_rng([7, number]).normal(0, 5, SIZE)
    image = np.round(20 + 80 * liver + 40 * spleen + noise).astype(np.int16)
    mask = box((1, 1, 1), (11, 19, 23))
    return {"ct": image, "liver": liver, "spleen": spleen, MASK: mask}


def write_dataset(
    folder: Path, subjects: Sequence[str] = ("1", "2", "10"), geometry: Geometry = GEOMETRY
) -> Path:
    """Write a data set without faults and return its dataset.csv."""
    rows = []
    for number, subject in enumerate(subjects):
        for channel, array in volumes(number).items():
            path = f"{subject_folder(subject)}/{channel}.nii.gz"
            write_image(folder / path, array, geometry)
            institution = "ab"[number % 2]
            rows.append((subject, path, channel, f"series {subject}", institution))
    columns = [SUBJECT, FILE_PATH, CHANNEL, SERIES, INSTITUTION]
    write_table(folder / "dataset.csv", pd.DataFrame(rows, columns=columns))
    return folder / "dataset.csv"


def rewrite(path: Path, change: Callable[[np.ndarray], np.ndarray], **geometry: object) -> None:
    """Change the voxels of a volume, or parts of its geometry, in place."""
    image = read_image(path, None)
    array = change(image.array)
    fields = {**image.geometry.__dict__, "size_zyx": array.shape, **geometry}
    write_image(path, array, Geometry(**fields))


def edit_rows(csv_path: Path, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    """Change the rows of a data set in place."""
    write_table(csv_path, change(read_table(csv_path)))


def cell(subject: str, channel: str, column: str, value: str) -> Callable[[Path], None]:
    """Return what changes one cell of a table: of the row of a subject and a channel."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        chosen = (frame[SUBJECT] == subject) & (frame[CHANNEL] == channel)
        frame.loc[chosen, column] = value
        return frame

    return lambda csv_path: edit_rows(csv_path, change)


def _rename_subject(new: str) -> Callable[[Path], None]:
    return lambda csv_path: edit_rows(csv_path, lambda f: f.replace({SUBJECT: {"2": new}}))


def _drop(subject: str, channel: str) -> Callable[[Path], None]:
    return lambda csv_path: edit_rows(
        csv_path, lambda f: f[(f[SUBJECT] != subject) | (f[CHANNEL] != channel)]
    )


def _volume(
    name: str, change: Callable[[np.ndarray], np.ndarray] = lambda array: array, **geometry: object
) -> Callable[[Path], None]:
    return lambda csv_path: rewrite(csv_path.parent / "002" / name, change, **geometry)


def _bytes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def spoil(csv_path: Path) -> None:
        path = csv_path.parent / "002" / name
        path.write_bytes(change(path.read_bytes()))

    return spoil


def _set(place: tuple[int, int, int], value: float, dtype: str) -> Callable[..., np.ndarray]:
    def change(array: np.ndarray) -> np.ndarray:
        changed = array.astype(dtype)
        changed[place] = value
        return changed

    return change


TURNED = (0.0, -1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0)
TILTED = (1.0, -1e-5, 0.0, 1e-5, 1.0, 0.0, 0.0, 0.0, 1.0)
LIVER = ("subject 2", "channel 'liver'", "002/liver.nii.gz")

# Each fault of subject 2 (or of the table): how it is sown, and what its line must name.
FAULTS: dict[str, tuple[Callable[[Path], None], tuple[str, ...]]] = {
    "column": (
        lambda p: edit_rows(p, lambda f: f.drop(columns=CHANNEL)),
        ("'channel' is missing",),
    ),
    "no rows": (lambda p: edit_rows(p, lambda f: f[:0]), ("no rows",)),
    "row": (_drop("2", "liver"), (*LIVER[:2], "row is missing")),
    "image row": (_drop("2", "ct"), ("subject 2", "channel 'ct'", "row is missing")),
    "mask row": (_drop("2", MASK), ("subject 2", "channel 'mask'", "row is missing")),
    "duplicate": (
        lambda p: edit_rows(p, lambda f: pd.concat([f, f[f[SUBJECT] == "2"][:1]])),
        ("subject 2", "channel 'ct'", "002/ct.nii.gz", "2 rows"),
    ),
    "blank id": (_rename_subject(""), ("blank",)),
    "spaced id": (_rename_subject("2 "), ("'2 '", "spaces")),
    "same folder": (_rename_subject("001"), ("'1'", "'001'", "folder '001'")),
    "unsafe id": (_rename_subject("../x"), ("'../x'", "path")),
    "blank path": (cell("2", "liver", FILE_PATH, ""), (*LIVER[:2], "blank")),
    "absolute path": (cell("2", "liver", FILE_PATH, "/tmp/a.nii.gz"), (*LIVER[:2], "absolute")),
    "path outside": (cell("2", "liver", FILE_PATH, "a/../../b.nii.gz"), (*LIVER[:2], "leaves")),
    "suffix": (cell("2", "liver", FILE_PATH, "002/liver.mha"), (*LIVER[:2], "not a NIfTI file")),
    "missing file": (lambda p: (p.parent / LIVER[2]).unlink(), (*LIVER, "does not exist")),
    "empty file": (_bytes("liver.nii.gz", lambda _: b""), (*LIVER, "cannot be read")),
    "no NIfTI": (_bytes("liver.nii.gz", lambda _: b"words" * 200), (*LIVER, "cannot be read")),
    "truncated": (_bytes("liver.nii.gz", lambda b: b[:-20]), (*LIVER, "truncated")),
    "damaged": (
        _bytes("ct.nii.gz", lambda b: b[:5000] + bytes([b[5000] ^ 255]) + b[5001:]),
        ("subject 2", "channel 'ct'", "002/ct.nii.gz", "damaged"),
    ),
    "size": (_volume("liver.nii.gz", lambda a: a[1:]), (*LIVER, "size (11, 20, 24) against")),
    "spacing": (
        _volume("liver.nii.gz", spacing_zyx_mm=(3.0, 0.9, 0.9)),
        (*LIVER, "spacing (3.0, 0.9, 0.9) against (3.0, 1.0, 1.0) mm", "'ct'"),
    ),
    "origin": (_volume("liver.nii.gz", origin_xyz_mm=(-7.5, 20.0, 103.0)), (*LIVER, "origin")),
    "direction": (_volume("liver.nii.gz", direction=TURNED), (*LIVER, "direction")),
    "not binary": (_volume("liver.nii.gz", lambda a: a * 2), (*LIVER, "holds 0, 2;")),
    "fraction": (
        _volume("liver.nii.gz", lambda a: a.astype(np.float32) / 2),
        (*LIVER, "holds 0, 0.5;"),
    ),
    "not finite": (
        _volume("ct.nii.gz", _set((3, 4, 5), np.nan, "f4")),
        ("subject 2", "channel 'ct'", "002/ct.nii.gz", "1 voxels are not finite"),
    ),
    "overlap": (
        _volume("liver.nii.gz", _set((4, 7, 17), 1, "u1")),
        ("subject 2", "channel 'spleen'", "002/spleen.nii.gz", "'liver' in 1 voxels"),
    ),
}

# Beside each kind of fault: what looks like one and is none.
NEAR_MISSES: dict[str, Callable[[Path], None]] = {
    "another column": lambda p: edit_rows(p, lambda f: f.assign(tags="[x]")),
    "duplicate of a channel that no one uses": lambda p: edit_rows(
        p, lambda f: pd.concat([f, *[f[:1].assign(**{CHANNEL: "pet", FILE_PATH: "no"})] * 2])
    ),
    "id of letters": _rename_subject("Müller 7"),
    "dots in a path": cell("2", "liver", FILE_PATH, "002/../002/liver.nii.gz"),
    "the same file twice": cell("2", "liver", FILE_PATH, "001/liver.nii.gz"),
    "spacing within rounding": _volume("liver.nii.gz", spacing_zyx_mm=(3.0, 1.0001, 1.0)),
    "origin within rounding": _volume("liver.nii.gz", origin_xyz_mm=(-7.505, 20.0, 100.0)),
    "direction within rounding": _volume("liver.nii.gz", direction=TILTED),
    "another type": _volume("liver.nii.gz", lambda a: a.astype(np.float64)),
    "empty structure": _volume("liver.nii.gz", lambda a: a * 0),
    "structures that touch": _volume("liver.nii.gz", _set((3, 6, 15), 1, "u1")),
    "negative voxels": _volume("ct.nii.gz", _set((3, 4, 5), -3e4, "f4")),
}
