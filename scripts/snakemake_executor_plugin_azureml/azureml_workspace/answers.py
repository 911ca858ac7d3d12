"""What does an answer say that is a refusal, in the many ways in which services and client say so?"""

import json
import os
import re
import socket
import ssl
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException

import requests
import urllib3

from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.credentials import hide_secrets

LONGEST_WORDS = 400
LONGEST_LOOK = 2000
# Not a status of the service: there was no talk at all, and another try will not help.
UNTRUSTED = 495
NETWORK = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    HTTPException,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    ssl.SSLError,
)


def no_answer(error: BaseException) -> RefusedError:
    """Return what a dropped connection or a time-out is: a refusal without status."""
    chain = _chain(error)
    words = tidy(str(chain[-1])) or type(chain[-1]).__name__
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in chain):
        advice = "Where a proxy stands between, name its certificate in REQUESTS_CA_BUNDLE."
        return RefusedError(UNTRUSTED, f"the certificate is not trusted, {words}. {advice}")
    return RefusedError(None, "silence" if isinstance(error, requests.Timeout) else words)


def refusal_of_response(response: requests.Response) -> RefusedError:
    """Return what an answer with status 400 or more says."""
    code, words = _words_of(response)
    return RefusedError(
        response.status_code,
        tidy(words or response.reason or ""),
        retry_after_s=_retry_after_s(response.headers.get("Retry-After")),
        code=code or response.headers.get("x-ms-error-code", ""),
    )


def refusal_of_error(error: BaseException) -> RefusedError | None:
    """Return what the service said to azureml-core; its many exceptions tell it in many ways.

    None: the service said nothing, the error is another one.
    """
    chain = list(_chain(error))
    for each in chain:
        response = getattr(each, "response", None)
        if isinstance(response, requests.Response) and response.status_code >= 400:
            return refusal_of_response(response)
    for each in chain:
        status = getattr(each, "status_code", None) or _status_in(str(each))
        if isinstance(status, int):
            return RefusedError(status, tidy(str(each)))
    return next((no_answer(each) for each in chain if isinstance(each, NETWORK)), None)


def _chain(error: BaseException | None) -> list[BaseException]:
    """Return an error and all that stand behind it, the nearest first."""
    found: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop(0)
        if not isinstance(each, BaseException) or each in found:
            continue
        found.append(each)
        inner = (getattr(each, name, None) for name in ("inner_exception", "_inner_exception"))
        waiting += [*inner, each.__cause__, each.__context__, *each.args]
    return found


def _status_in(text: str) -> int | None:
    found = re.search(r'"status_code": (\d{3})|Code: (\d{3})|status code (\d{3})', text)
    return int(next(filter(None, found.groups()))) if found else None


def _words_of(response: requests.Response) -> tuple[str, str]:
    """Return the code and the message of an answer: JSON of most services, XML of the storage."""
    text = response.text
    try:
        content = json.loads(text)
    except ValueError:
        return _words_of_xml(text)
    error = content.get("error", content) if isinstance(content, dict) else content
    if not isinstance(error, dict):
        return "", str(error)
    code, message = str(error.get("code", "")), str(error.get("message", ""))
    return code, f"{code}: {message}" if code and message else message or code or text


def _words_of_xml(text: str) -> tuple[str, str]:
    try:
        root = ET.fromstring(text)
    except ET.ParseError:
        return "", text
    code, message = (root.findtext(name) or "" for name in ("Code", "Message"))
    return code, (message or code or text).partition("\n")[0]


def _retry_after_s(text: str | None) -> float | None:
    """Return the seconds that the service wants to be left alone: a number, or until a date."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def tidy(words: str) -> str:
    """Return words on one line, not endless, without secrets."""
    words = " ".join(hide_secrets(words[:LONGEST_LOOK], os.environ).split())
    return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]} ..."
