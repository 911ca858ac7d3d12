"""What do all groups of fields share?"""

from pydantic import BaseModel, ConfigDict


class Fields(BaseModel):
    """A group of fields; the text below each field is its description."""

    model_config = ConfigDict(use_attribute_docstrings=True, protected_namespaces=())
