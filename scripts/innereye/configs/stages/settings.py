"""How do a stage's fields reach its job?"""

from pydantic import BaseModel, ConfigDict


class StageSettings(BaseModel):
    """Fields of one stage: frozen, plain, nothing else known."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
