"""What does a program that edits a config need to know of its keys? The text of config/schema.json."""

import json
from typing import Any

from pydantic import BaseModel

from innereye.configs.catalogue import all_keys
from innereye.configs.classification.ScalarModelBase import ScalarModelBase
from innereye.configs.readers import FALSE_WORDS, TRUE_WORDS
from innereye.configs.run_settings import RunSettings
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase

DIALECT = "https://json-schema.org/draft/2020-12/schema"
YES_OR_NO = "yes_or_no"
TITLE = "Config of a run: keys of the run, and fields of a model"
# A key without a value keeps what the model says; a text is also written without quotes.
NOTHING = {"type": "null"}
TEXT = {"type": ["string", "number"]}
# Written by pydantic, and of no use to a reader.
NOISE = frozenset({"title", "default", "description", "format", "allow_inf_nan"})
# What stands behind a reader of texts keeps its Python name.
BOUNDS = {
    "ge": "minimum",
    "gt": "exclusiveMinimum",
    "le": "maximum",
    "lt": "exclusiveMaximum",
    "min_length": "minLength",
}

Schema = dict[str, Any]


def schema_text() -> str:
    """Return the JSON schema of a config: each key with its sentence, its default and its values.

    It allows the spellings that editors should offer: an enumeration by its values, a list as such or
    as text with commas. The pipeline itself reads more (`configs/values.py`).
    """
    kinds = [_properties(each) for each in (SegmentationModelBase, ScalarModelBase, RunSettings)]
    properties = {
        key.name: {
            "description": key.sentence,
            "default": key.default,
            "anyOf": [*_forms([kind[key.name] for kind in kinds if key.name in kind]), NOTHING],
        }
        for key in all_keys()
    }
    schema = {
        "$schema": DIALECT,
        "title": TITLE,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {YES_OR_NO: {"enum": [True, False, 1, 0, *_words()]}},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _forms(stated: list[Schema]) -> list[Schema]:
    """Return all ways to write a key, of which models of two kinds may have one each."""
    forms = [form for schema in stated for form in _alternatives(schema)]
    return [form for place, form in enumerate(forms) if form not in forms[:place]]


def _words() -> list[str]:
    """Return the words for yes and no in lower case, capitals, and with one capital."""
    words = sorted(TRUE_WORDS | FALSE_WORDS)
    return sorted({each for word in words for each in (word, word.capitalize(), word.upper())})


def _properties(model: type[BaseModel]) -> dict[str, Schema]:
    """Return pydantic's schema of each field, without references."""
    whole = model.model_json_schema()
    return {
        name: _plain(schema, whole.get("$defs", {})) for name, schema in whole["properties"].items()
    }


def _plain(schema: Any, definitions: dict[str, Schema]) -> Any:
    """Return a schema in which each reference is replaced by what it names, without noise."""
    if isinstance(schema, list):
        return [_plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    return {
        BOUNDS.get(name, name): _plain(part, definitions)
        for name, part in schema.items()
        if name not in NOISE
    }


def _alternatives(schema: Schema) -> list[Schema]:
    """Return the forms in which a value may be written."""
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part != NOTHING]
        return [form for part in parts for form in _alternatives(part)]
    kind = schema.get("type")
    if kind == "boolean":
        return [{"$ref": f"#/$defs/{YES_OR_NO}"}]
    if kind == "array":
        return [_written(schema), TEXT]
    if kind == "string" and "enum" not in schema and "const" not in schema:
        return [TEXT]
    return [schema]


def _written(schema: Schema) -> Schema:
    """Return the schema of a list whose items may be written in all their forms."""
    parts = dict(schema)
    if "prefixItems" in parts:
        parts["prefixItems"] = [_item(item) for item in parts["prefixItems"]]
    if "items" in parts:
        parts["items"] = _item(parts["items"])
    return parts


def _item(schema: Schema) -> Schema:
    nothing = [NOTHING] if NOTHING in schema.get("anyOf", []) else []
    forms = [*_alternatives(schema), *nothing]
    return forms[0] if len(forms) == 1 else {"anyOf": forms}
