"""Which types may a field have? Each has a name, a reader, bounds, and the form that a user is told."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from innereye.configs.readers import (
    Form,
    none_word,
    optional,
    read_bool,
    read_folder,
    read_folder_paths,
    read_items,
    read_number,
    read_text,
)

ITEMS = BeforeValidator(read_items)
_NUMBER = BeforeValidator(read_number)

Bool = Annotated[bool, BeforeValidator(read_bool), Form("yes or no, such as True or False")]
OptionalBool = Annotated[
    bool | None,
    optional(read_bool),
    Form("yes or no, such as True or False, or None for the default"),
]
Whole = Annotated[int, _NUMBER, Form("a whole number")]
WholeFromMinusOne = Annotated[int, _NUMBER, Field(ge=-1), Form("a whole number of at least -1")]
WholeFromZero = Annotated[int, _NUMBER, Field(ge=0), Form("a whole number of at least 0")]
Count = Annotated[int, _NUMBER, Field(ge=1), Form("a whole number of at least 1")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Real = Annotated[Finite, _NUMBER, Form("a number")]
RealFromZero = Annotated[Finite, _NUMBER, Field(ge=0), Form("a number of at least 0")]
PositiveReal = Annotated[Finite, _NUMBER, Field(gt=0), Form("a number above 0")]
Probability = Annotated[Finite, _NUMBER, Field(ge=0, le=1), Form("a number from 0 to 1")]
BetweenZeroAndOne = Annotated[Finite, _NUMBER, Field(gt=0, lt=1), Form("a number between 0 and 1")]
Text = Annotated[str, BeforeValidator(read_text), Form("a text")]
OptionalWholeFromZero = Annotated[
    WholeFromZero | None,
    optional(read_number),
    Form("a whole number of at least 0, or None for the default"),
]
OptionalCount = Annotated[
    Count | None,
    optional(read_number),
    Form("a whole number of at least 1, or None for the last"),
]
TextOrNone = Annotated[
    str,
    BeforeValidator(lambda value: "" if none_word(value) else read_text(value)),
    Form("a text or None"),
]
OptionalText = Annotated[str | None, optional(read_text), Form("a text or None")]
OptionalPath = Annotated[
    Path | None,
    optional(lambda value: Path(str(read_text(value))).expanduser()),
    Form("the path of a folder"),
]
Folder = Annotated[
    str,
    BeforeValidator(read_folder),
    Form("the path of a folder other than /, without braces"),
]
_Name = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]
Names = Annotated[list[_Name], ITEMS, Form("names separated by commas, such as ct,mri")]
Counts = Annotated[list[Count], ITEMS, Form("whole numbers of at least 1, such as 8,16")]
OptionalCounts = Annotated[
    list[Count] | None, optional(read_items), Form("whole numbers of at least 1, such as 5,10")
]
OptionalReals = Annotated[
    list[RealFromZero] | None, optional(read_items), Form("numbers of at least 0, such as 0.2,0.8")
]
Size = Annotated[
    tuple[Count, Count, Count],
    ITEMS,
    Form("three whole numbers of at least 1 in the order z,y,x, such as 64,224,224"),
]
OptionalSize = Annotated[
    tuple[Count, Count, Count] | None,
    optional(read_items),
    Form("three whole numbers of at least 1 in the order z,y,x, such as 64,224,224"),
]
Angles = Annotated[
    tuple[RealFromZero, RealFromZero, RealFromZero],
    ITEMS,
    Form("three angles in degrees of at least 0 in the order z,y,x, such as 15,0,0"),
]
Range = Annotated[tuple[Real, Real], ITEMS, Form("two numbers, low and high, such as 0.9,1.1")]
_BelowOne = Annotated[Finite, _NUMBER, Field(ge=0, lt=1)]
Betas = Annotated[
    tuple[_BelowOne, _BelowOne], ITEMS, Form("two numbers from 0 to below 1, such as 0.9,0.999")
]
Proportions = Annotated[
    tuple[Probability, Probability, Probability],
    ITEMS,
    Form("three numbers from 0 to 1 for Train, Val and Test, such as 0.7,0.1,0.2"),
]
FlipAxes = Annotated[
    list[Literal["z", "y", "x"]],
    ITEMS,
    Form("some of the axes z, y and x, separated by commas, such as z,y"),
]
RangeFromZero = Annotated[
    tuple[RealFromZero, RealFromZero],
    ITEMS,
    Form("two numbers of at least 0, low and high, such as 0,1.5"),
]
OptionalPositiveReal = Annotated[
    PositiveReal | None, optional(read_number), Form("a number above 0, or None")
]
OptionalShare = Annotated[
    BetweenZeroAndOne | None, optional(read_number), Form("a number between 0 and 1, or None")
]
OptionalSpacing = Annotated[
    tuple[PositiveReal, PositiveReal, PositiveReal] | None,
    optional(read_items),
    Form("three numbers above 0 in mm in the order z,y,x, such as 3,1,1, or None"),
]
OptionalSpacingXyz = Annotated[
    tuple[PositiveReal, PositiveReal, PositiveReal] | None,
    optional(read_items),
    Form("three numbers above 0 in mm in the order x,y,z, such as 1,1,3, or None"),
]
Texts = Annotated[
    list[Annotated[str, BeforeValidator(read_text)]],
    ITEMS,
    Form("texts separated by commas, such as one,two"),
]
FolderPaths = Annotated[
    list[Path],
    BeforeValidator(read_folder_paths),
    Form("paths of folders separated by commas, such as data/one,data/two"),
]
