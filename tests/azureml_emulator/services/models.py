"""Model management: names, versions, tags, and the files that a model is made of."""

import uuid
from typing import Any
from urllib.parse import urlencode

from azureml_emulator.exchange import HttpError, Request, Response, page, reply, route
from azureml_emulator.places import REGION_HOST, WS, now
from azureml_emulator.state import State

MODELS = "/modelmanagement/v1.0" + WS


@route("aml", "POST", MODELS + "/assets")
def create_asset(state: State, request: Request, **_: str) -> Response:
    """Name files of a run, or of an upload, as one thing."""
    asset = request.json() | {"id": uuid.uuid4().hex, "createdTime": now()}
    state.assets[asset["id"]] = asset
    return reply(asset)


@route("aml", "GET", MODELS + "/assets/{asset_id}")
def describe_asset(state: State, request: Request, asset_id: str, **_: str) -> Response:
    """One asset."""
    if asset_id not in state.assets:
        raise HttpError(404, "AssetNotFound", f"The asset {asset_id} was not found.")
    return reply(state.assets[asset_id])


@route("aml", "POST", MODELS + "/models")
def register(state: State, request: Request, **_: str) -> Response:
    """Make the next version of a name."""
    stated = {key: value for key, value in request.json().items() if value is not None}
    with state.lock:
        versions = [m["version"] for m in state.models.values() if m["name"] == stated["name"]]
        version = 1 + max(versions, default=0)
        model = {
            "description": None,
            "datasets": [],
            "kvTags": {},
            "properties": {},
            "unpack": False,
            "derivedModelIds": [],
            "createdBy": {"userName": "emulator"},
            **stated,
            "id": f"{stated['name']}:{version}",
            "version": version,
            "createdTime": now(),
            "modifiedTime": now(),
        }
        state.models[model["id"]] = model
    return reply(model)


@route("aml", "GET", MODELS + "/models/{model_id}")
def describe(state: State, request: Request, model_id: str, **_: str) -> Response:
    """One model by NAME:VERSION."""
    if model_id not in state.models:
        refusal = {"code": "ModelNotFound", "message": f"The model {model_id} was not found."}
        return reply(refusal | {"statusCode": 404, "correlation": {}, "details": []}, 404)
    return reply(state.models[model_id])


@route("aml", "PATCH", MODELS + "/models/{model_id}")
def change(state: State, request: Request, model_id: str, **_: str) -> Response:
    """Change tags and properties, as JSON Patch."""
    model = state.models[model_id]
    for step in request.json():
        group, _sep, key = step["path"].strip("/").partition("/")
        if not key:
            model[group] = step.get("value")
        elif step["op"] == "remove":
            model[group].pop(key, None)
        else:
            model[group][key] = step["value"]
    return reply(model)


@route("aml", "GET", MODELS + "/models")
def list_models(state: State, request: Request, **_: str) -> Response:
    """Models by name, run and tags (`a`, or `a=b`), newest first, page by page."""
    with state.lock:
        found = [
            model
            for model in state.models.values()
            if request.q("name") in ("", model["name"])
            and request.q("runId") in ("", model.get("runId"))
        ]
    for tag in filter(None, request.q("tags").split(",")):
        key, _sep, text = tag.partition("=")
        found = [m for m in found if key in m["kvTags"] and text in ("", m["kvTags"][key])]
    found.sort(key=lambda model: (model["createdTime"], model["version"]), reverse=True)
    size = min(int(request.q("count") or state.settings.page_size), state.settings.page_size)
    shown, following = page(found, size, request.q("$skipToken"))
    answer: dict[str, Any] = {"value": shown}
    if following:
        query = {name: values[0] for name, values in request.query.items()}
        query["$skipToken"] = following
        answer["nextLink"] = f"https://{REGION_HOST}{request.path}?{urlencode(query)}"
    return reply(answer)
