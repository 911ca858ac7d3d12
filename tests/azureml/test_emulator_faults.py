"""Does everything go wrong that goes wrong with the service, and only when it is told to?"""

import threading
from xml.etree import ElementTree

import pytest
import requests

from azureml_emulator.blobs import md5_of
from azureml_emulator.places import BLOB_HOST, BLOBSTORE_CONTAINER, PRINCIPAL, SECRET, TENANT
from azureml_emulator.plain_client import PlainClient, put

RUNS = "/history/v1.0WS/experiments/tests/runs"
DEFAULT_STORE = "/datastore/v1.0WS/default"
SIGN_IN = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/token"


@pytest.fixture
def service(emulator):
    return PlainClient(emulator)


def statuses(service, times, path=DEFAULT_STORE):
    return [service.ask("GET", path).status_code for _ in range(times)]


# ---- requests
def test_a_fault_strikes_so_many_requests_and_says_when_to_come_again(emulator, service):
    fault = emulator.fail("GET /datastore", 429, times=2, retry_after=7)
    answer = service.ask("GET", DEFAULT_STORE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json()["error"]["code"] == "TooManyRequests"
    assert statuses(service, 3) == [429, 200, 200]
    assert fault.hits == 2


def test_a_fault_lasts_until_it_is_cleared(emulator, service):
    with emulator.fail("/datastore", 503, times=None):
        assert statuses(service, 3) == [503, 503, 503]
    assert statuses(service, 1) == [200]


def test_a_fault_may_last_for_a_time(emulator, service):
    emulator.fail("/datastore", 503, times=None, seconds=0)
    emulator.fail("/datastore", 500, times=None, seconds=60)
    assert statuses(service, 2) == [500, 500]


def test_a_fault_may_be_for_one_service_and_looks_at_the_query(emulator, service):
    emulator.fail("", 503, times=None, service="blob")
    emulator.fail("runId=two", 500)
    sas = service.datastore_sas()
    answer = put(f"https://{BLOB_HOST}/{BLOBSTORE_CONTAINER}/a?{sas}", "text")
    assert ElementTree.fromstring(answer.content).findtext("Code") == "ServiceUnavailable"
    emulator.faults.all[0].clear()
    assert service.submit("true").status_code == 200
    assert service.submit("true", "two").status_code == 500


def test_a_dropped_request_has_no_effect(emulator, service):
    emulator.drop("PATCH")
    with pytest.raises(requests.ConnectionError):
        service.ask("PATCH", f"{RUNS}/a", json={"tags": {"b": "c"}})
    assert not emulator.state.runs
    assert emulator.requests[-1].status == 0


def test_a_request_whose_answer_is_lost_has_taken_effect(emulator, service):
    emulator.drop("POST .*/snapshotrun", after=True)
    with pytest.raises(requests.ConnectionError):
        service.submit("true")
    assert service.submit("true").status_code == 409
    assert emulator.wait("one")["status"] == "Completed"


def test_a_request_hangs_until_the_client_gives_up_or_the_fault_is_cleared(emulator, service):
    fault = emulator.hang("GET /datastore", times=2)
    with pytest.raises(requests.Timeout):
        requests.get(
            "https://westeurope.api.azureml.ms/datastore/v1.0/x",
            headers=service.headers,
            timeout=0.05,
        )
    threading.Timer(0.1, fault.clear).start()
    with pytest.raises(requests.ConnectionError):
        service.ask("GET", DEFAULT_STORE)
    assert statuses(service, 1) == [200]


def test_what_is_not_emulated_is_remembered(emulator, service):
    assert service.ask("GET", "/hyperdrive/v1.0WS").status_code == 501
    assert "GET /hyperdrive" in emulator.bugs.pop()
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://dc.services.visualstudio.com/v2/track", timeout=30)
    assert emulator.refused.pop() == "dc.services.visualstudio.com:443"
    with pytest.raises(requests.exceptions.ProxyError):
        requests.get("https://eastus.api.azureml.ms/discovery", timeout=30)
    assert emulator.refused.pop() == "eastus.api.azureml.ms:443"


def test_a_secret_that_goes_astray_is_remembered(emulator, service):
    service.ask("PATCH", f"{RUNS}/a", json={"tags": {"b": f"x{SECRET}x"}})
    assert "PATCH" in emulator.leaks.pop()
    service.submit("true", environmentVariables={"PASSWORD": SECRET})
    assert "snapshotrun" in emulator.leaks.pop()


# ---- who may ask
def test_a_revoked_token_is_refused_until_the_next_sign_in(emulator, service):
    emulator.revoke_tokens()
    assert statuses(service, 2) == [401, 401]
    service.sign_in()
    assert statuses(service, 1) == [200]


def test_tokens_expire(emulator, service):
    emulator.settings.token_lifetime_s = -1
    service.sign_in()
    answer = service.ask("GET", DEFAULT_STORE)
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "ExpiredAuthenticationToken"


@pytest.mark.parametrize("change", [lambda text: "", lambda text: text[:-1] + "~"])
def test_a_token_of_others_is_refused(change, service):
    service.headers = {"Authorization": change(service.headers["Authorization"])}
    assert statuses(service, 1) == [401]
    assert service.ask("GET", DEFAULT_STORE).json()["error"]["code"] == "AuthenticationFailed"


@pytest.mark.parametrize(
    ("tenant", "client", "secret", "word"),
    [
        (TENANT, PRINCIPAL, "another", "AADSTS7000215"),
        (TENANT, "another", SECRET, "AADSTS700016"),
    ],
)
def test_the_sign_in_says_what_is_wrong(tenant, client, secret, word, emulator):
    form = {"client_id": client, "client_secret": secret}
    answer = requests.post(SIGN_IN, data=form, timeout=30)
    assert answer.status_code in (400, 401)
    assert answer.json()["error_description"].startswith(f"{word}:")
    assert secret not in answer.text


def test_a_tenant_that_does_not_exist_is_refused(emulator):
    address = "https://login.microsoftonline.com/nobody/v2.0/.well-known/openid-configuration"
    assert "AADSTS90002" in requests.get(address, timeout=30).text


def test_storage_is_opened_by_its_own_signature_only(emulator, service):
    service.run_to_the_end("echo a > outputs/a; echo b > outputs/b")
    address = service.artifact("one", "outputs/a").json()["contentUri"]
    assert requests.get(address, timeout=30).text == "a\n"
    assert requests.get(address.replace("outputs/a", "outputs/b"), timeout=30).status_code == 403
    assert requests.get(address.replace("sp=rw", "sp=rwl"), timeout=30).status_code == 403
    assert requests.get(address.partition("?")[0], timeout=30).status_code == 403
    read_only = emulator.state.tokens.address("azureml", "ExperimentRun/dcid.one/outputs/a", "r")
    assert put(read_only, "c").status_code == 403


# ---- files
def test_a_file_may_be_listed_and_not_be_there(emulator, service):
    service.run_to_the_end("touch outputs/a outputs/b")
    address = service.artifact("one", "outputs/a").json()["contentUri"]
    with emulator.withhold("one/outputs/a"):
        assert "outputs/a" in [each["path"] for each in service.list_artifacts("one")["value"]]
        assert service.artifact("one", "outputs/a").status_code == 404
        assert requests.get(address, timeout=30).status_code == 404
        assert service.artifact("one", "outputs/b").status_code == 200
    assert requests.get(address, timeout=30).status_code == 200


def test_a_file_may_appear_late(emulator, service):
    service.run_to_the_end("touch outputs/a")
    emulator.withhold("one/outputs/a", listed=False, looks=2)
    seen = [
        "outputs/a" in [each["path"] for each in service.list_artifacts("one")["value"]]
        for _ in range(4)
    ]
    assert seen == [False, False, True, True]


def test_lists_come_page_by_page(emulator, service):
    emulator.settings.page_size = emulator.settings.blob_page_size = 2
    service.run_to_the_end("touch outputs/a outputs/b")
    first = service.list_artifacts("one")
    second = service.list_artifacts("one", continuationToken=first["continuationToken"])
    paths = [each["path"] for each in [*first["value"], *second["value"]]]
    assert [path.partition("/")[0] for path in paths] == [
        *("outputs", "outputs", "system_logs", "user_logs")
    ]
    assert second["continuationToken"] is None
    for name in "abc":
        emulator.state.blobs.put(BLOBSTORE_CONTAINER, f"folder/{name}", b"")
    query = f"restype=container&comp=list&prefix=folder/&{service.datastore_sas()}"
    address = f"https://{BLOB_HOST}/{BLOBSTORE_CONTAINER}?{query}"
    page = ElementTree.fromstring(requests.get(address, timeout=30).content)
    assert [name.text for name in page.iter("Name")] == ["folder/a", "folder/b"]
    rest = requests.get(f"{address}&marker={page.findtext('NextMarker')}", timeout=30)
    page = ElementTree.fromstring(rest.content)
    assert [name.text for name in page.iter("Name")] == ["folder/c"]
    assert not page.findtext("NextMarker")


def test_blobs_are_made_of_blocks_and_checked_by_their_hash(emulator, service):
    address = f"https://{BLOB_HOST}/{BLOBSTORE_CONTAINER}/large?{service.datastore_sas()}"
    for block in ("AAA=", "BBB="):
        query = f"{address}&comp=block&blockid={block}"
        assert requests.put(query, data=block, timeout=30).status_code == 201
    wrong = {"Content-MD5": md5_of(b"other")}
    refused = requests.put(f"{address}&comp=block&blockid=CC", b"x", headers=wrong, timeout=30)
    assert refused.headers["x-ms-error-code"] == "Md5Mismatch"
    order = "<BlockList><Latest>BBB=</Latest><Latest>AAA=</Latest></BlockList>"
    assert requests.put(f"{address}&comp=blocklist", data=order, timeout=30).status_code == 201
    part = requests.get(address, headers={"x-ms-range": "bytes=2-5"}, timeout=30)
    assert (part.status_code, part.text) == (206, "B=AA")
    assert part.headers["Content-Range"] == "bytes 2-5/8"
    unknown = requests.put(f"{address}&comp=blocklist", data=order, timeout=30)
    assert unknown.headers["x-ms-error-code"] == "InvalidBlockList"


def test_a_snapshot_over_the_limit_is_refused(emulator, service):
    emulator.settings.snapshot_limit_bytes = 5
    with pytest.raises(AssertionError, match="exceeds the limit of 5 bytes"):
        service.snapshot(a="123456")
    service.snapshot(a="12345")
