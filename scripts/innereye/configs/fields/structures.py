"""How do structures look, and what are they called outside the pipeline?"""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from innereye.configs.fields.base import Fields
from innereye.configs.readers import (
    Form,
    choice_of,
    optional,
    read_items,
    read_nested,
    read_number,
    read_text,
)
from innereye.configs.values import Bool, Text


class RoiInterpretedType(StrEnum):
    """What a contour of DICOM-RT stands for."""

    NONE = "None"
    CTV = "CTV"
    ORGAN = "ORGAN"
    EXTERNAL = "EXTERNAL"


INTERPRETED_TYPES = Form(
    "for each structure one of " + ", ".join(kind.value for kind in RoiInterpretedType)
)
InterpretedType = Annotated[RoiInterpretedType, choice_of(RoiInterpretedType)]
Shade = Annotated[int, BeforeValidator(read_number), Field(ge=0, le=255)]
Name = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]


def read_answers(value: object) -> object:
    """Split `True, False` into its items; a single yes or no is a list of one."""
    return [value] if isinstance(value, bool) else read_items(value)


class StructureFields(Fields):
    """What is done to the segmentation of each structure."""

    fill_holes: Annotated[
        list[Bool] | None,
        optional(read_answers),
        Form("a yes or no for each structure, such as True,False, or None"),
    ] = None
    """Whether the holes in the segmentation of each structure are filled; None means no for all."""


class ContourFields(Fields):
    """How structures are named and drawn in other programs (DICOM-RT) and in pictures."""

    ground_truth_ids_display_names: Annotated[
        list[Name] | None,
        optional(read_items),
        Form("a name for each structure, such as Femur_R,Femur_L, or None"),
    ] = None
    """Names of the structures in other programs; None means ground_truth_ids."""
    colours: Annotated[
        list[tuple[Shade, Shade, Shade]] | None,
        optional(read_nested),
        Form(
            "red, green and blue from 0 to 255 for each structure, as [[255, 0, 0], [0, 80, 255]], "
            "or None"
        ),
    ] = None
    """Colours of the structures, red, green and blue; None draws them with a fixed seed."""
    roi_interpreted_types: Annotated[
        list[InterpretedType] | None, optional(read_items), INTERPRETED_TYPES
    ] = None
    """What each contour of DICOM-RT stands for; None means ORGAN for all."""
    interpreter: Text = "Default_Interpreter"
    """Who has drawn the contours, as DICOM-RT names it."""
    manufacturer: Text = "Default_Manufacturer"
    """Who has made the program that drew the contours, as DICOM-RT names it."""
