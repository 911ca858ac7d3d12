"""Waits grow and are bounded; what an answer says is understood, whoever says it."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from snakemake_executor_plugin_azureml.azureml_workspace.answers import (
    no_answer,
    refusal_of_error,
    refusal_of_response,
)
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience, bounded
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from workspace_calls import Clock


def answer(status, text="", **headers):
    response = requests.Response()
    response.status_code = status
    response._content = text.encode()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


def steps(*outcomes):
    """Return a function that raises or returns one outcome at each call."""
    waiting = list(outcomes)

    def step():
        outcome = waiting.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return step


@given(
    tries=st.integers(1, 12),
    first=st.floats(0.1, 5),
    longest=st.floats(5, 60),
    asked=st.one_of(st.none(), st.floats(0, 1e6)),
)
def test_waits_grow_and_stay_within_their_bounds(tries, first, longest, asked):
    clock = Clock()
    patience = Patience(tries, first, longest, sleep=clock.sleep)
    refusal = RefusedError(503, "busy", retry_after_s=asked)
    with pytest.raises(RefusedError):
        patience.persist(steps(*[refusal] * tries))
    assert len(clock.waits_s) == tries - 1
    assert clock.waits_s == sorted(clock.waits_s)
    assert all(wait <= max(longest, patience.longest_retry_after_s) for wait in clock.waits_s)
    assert all(wait >= min(asked or 0, patience.longest_retry_after_s) for wait in clock.waits_s)


@pytest.mark.parametrize("status", [None, 408, 429, 500, 502, 503, 504, 530])
def test_what_passes_is_tried_again(status):
    patience = Patience(sleep=Clock().sleep)
    assert patience.persist(steps(RefusedError(status, ""), "result")) == "result"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413])
def test_what_does_not_pass_is_told_at_once(status):
    clock = Clock()
    with pytest.raises(RefusedError):
        Patience(sleep=clock.sleep).persist(steps(RefusedError(status, ""), "result"))
    assert clock.waits_s == []


def test_a_token_is_renewed_once_and_without_a_wait():
    clock = Clock()
    patience = Patience(sleep=clock.sleep)
    assert patience.persist(steps(RefusedError(401, ""), "result")) == "result"
    with pytest.raises(RefusedError):
        patience.persist(steps(RefusedError(401, ""), RefusedError(401, ""), "result"))
    assert clock.waits_s == []


def test_a_call_that_hangs_is_left_behind():
    release = threading.Event()
    with pytest.raises(RefusedError, match=r"no answer within 0.05 s") as caught:
        bounded(release.wait, 0.05)
    release.set()
    assert caught.value.passes


@pytest.mark.parametrize("error", [ValueError("no"), TimeoutError("its own"), KeyboardInterrupt()])
def test_what_a_bounded_call_raises_is_raised(error):
    with pytest.raises(type(error)):
        bounded(steps(error) if isinstance(error, Exception) else raiser(error), 5)


def raiser(error):
    def step():
        raise error

    return step


def in_seconds(seconds):
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("7", 7, 7),
        ("0.5", 0.5, 0.5),
        ("-3", 0, 0),
        (in_seconds(3600), 1800, 3600),
        (in_seconds(-60), 0, 0),
    ],
    # The processes of a parallel run must agree on the names, whatever their clocks say.
    ids=["whole", "fraction", "negative", "later", "earlier"],
)
def test_a_wish_to_be_left_alone_is_a_number_or_a_date(text, least, most):
    refusal = refusal_of_response(answer(429, Retry_After=text))
    assert least <= refusal.retry_after_s <= most


@pytest.mark.parametrize("text", ["", "soon"])
def test_no_wish_is_none(text):
    assert refusal_of_response(answer(429, Retry_After=text)).retry_after_s is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps({"error": {"code": "A", "message": "It broke."}}), "A: It broke."),
        (json.dumps({"code": "A", "message": "It broke."}), "A: It broke."),
        (json.dumps({"error": "It broke."}), "It broke."),
        ("<Error><Code>A</Code><Message>It broke.\nTime: 1</Message></Error>", "It broke."),
        ("<html>It broke", "<html>It broke"),
    ],
)
def test_the_words_of_an_answer_are_found(text, words):
    assert refusal_of_response(answer(400, text)).words == words


def test_words_are_one_line_not_endless_and_without_signatures():
    text = "a\nb " + "x" * 10_000
    words = refusal_of_response(answer(400, f"https://x?sig=secret {text}")).words
    assert "secret" not in words
    assert "\n" not in words
    assert len(words) < 500


class ClientError(Exception):
    """azureml-core's errors keep what is behind them in an attribute of their own."""

    def __init__(self, message, inner_exception=None):
        super().__init__(message)
        self.inner_exception = inner_exception


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ClientError('{"error_details": "x", "status_code": 503, "url": "y"}'), 503),
        (ClientError("Error retrieving the environment. Code: 404\n: text"), 404),
        (ClientError("it", inner_exception=requests.ConnectionError("reset")), None),
        (ClientError("it", inner_exception=ClientError("status code 429")), 429),
        (requests.HTTPError("it", response=answer(502)), 502),
        (ConnectionResetError("reset"), None),
    ],
)
def test_the_status_behind_an_error_of_the_client_is_found(error, status):
    assert refusal_of_error(error).status == status


@pytest.mark.parametrize("error", [ValueError("a bug"), FileNotFoundError("a file of ours")])
def test_an_error_that_is_not_the_services_is_no_refusal(error):
    assert refusal_of_error(error) is None


def test_a_certificate_that_is_not_trusted_is_told_at_once():
    inner = ssl.SSLCertVerificationError(1, "certificate verify failed")
    refusal = no_answer(requests.exceptions.SSLError(urllib3.exceptions.SSLError(inner)))
    assert not refusal.passes
    assert "certificate verify failed" in refusal.words
    assert "REQUESTS_CA_BUNDLE" in refusal.words


def test_a_handshake_that_breaks_off_passes():
    inner = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
    assert no_answer(requests.exceptions.SSLError(urllib3.exceptions.SSLError(inner))).passes


def test_an_error_that_was_raised_from_another_tells_the_others_status():
    try:
        try:
            raise requests.HTTPError("it", response=answer(503, Retry_After="9"))
        except requests.HTTPError as inner:
            raise ClientError("outer") from inner
    except ClientError as outer:
        refusal = refusal_of_error(outer)
    assert (refusal.status, refusal.retry_after_s) == (503, 9)
