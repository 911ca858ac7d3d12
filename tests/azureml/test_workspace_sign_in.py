"""We sign in as whom the environment says, or say in a sentence why we cannot."""

import http.server
import json
import logging
import os
import stat
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from azureml_emulator.certificates import make_certificates
from azureml_emulator.places import SECRET, TENANT
from snakemake_executor_plugin_azureml.azureml_workspace.account import Account
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.workspace import (
    NotFoundError,
    TransientError,
    WorkspaceError,
)
from workspace_calls import OPTIONS, asked, open_workspace

SECRET_NAMES = ("AZURE_CLIENT_SECRET", "AZURE_CLIENT_ID", "AZURE_TENANT_ID")


@pytest.fixture
def nobody(emulator, monkeypatch, tmp_path):
    """No way to sign in: no secret, no `az`, and a machine without an identity."""
    for name in SECRET_NAMES:
        monkeypatch.delenv(name)
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:9")
    return emulator


def install_az(tmp_path, text):
    program = tmp_path / "bin" / "az"
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_the_service_principal_of_the_environment_signs_in(emulator):
    assert open_workspace().name == "emulated-ws"
    assert asked(emulator, "POST", "oauth2/v2.0/token") == 1


def test_inner_eyes_names_of_the_variables_work_too(emulator, monkeypatch):
    secret, client, tenant = (os.environ[name] for name in SECRET_NAMES)
    for name in SECRET_NAMES:
        monkeypatch.delenv(name)
    monkeypatch.setenv("APPLICATION_KEY", secret)
    open_workspace(replace(OPTIONS, tenant_id=tenant, application_id=client))


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("AZURE_CLIENT_SECRET", "not-the-secret", "The secret in AZURE_CLIENT_SECRET is not that"),
        ("AZURE_CLIENT_ID", "00000000-nobody", "00000000-nobody does not exist in the tenant"),
        ("AZURE_TENANT_ID", "00000000-nowhere", "knows no tenant '00000000-nowhere'"),
        ("AZURE_TENANT_ID", "", "set what is missing"),
        ("AZUREML_CURRENT_CLOUD", "Cumulus", "allowed are AzureCloud"),
    ],
)
def test_a_refused_sign_in_is_one_sentence_without_the_secret(
    name, value, words, emulator, monkeypatch
):
    monkeypatch.setenv(name, value)
    with pytest.raises(WorkspaceError, match=words) as caught:
        open_workspace()
    text = str(caught.value)
    assert "\n" not in text
    assert SECRET not in text
    assert "not-the-secret" not in text
    assert len(text) < 300


def test_the_user_of_the_cli_signs_in_where_there_is_no_secret(nobody, tmp_path):
    token = nobody.state.tokens.issue(3600)
    answer = json.dumps({"accessToken": token, "tenant": TENANT})
    install_az(tmp_path, f"echo \"$@\" > {tmp_path}/asked; echo '{answer}'")
    assert open_workspace().name == "emulated-ws"
    words = (tmp_path / "asked").read_text()
    assert words.startswith("account get-access-token --output json --resource https://management")
    assert f"--subscription {OPTIONS.subscription_id}" in words


def test_the_machines_identity_signs_in_where_there_is_no_user(nobody, monkeypatch):
    token = nobody.state.tokens.issue(3600)

    class Identity(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.headers["Metadata"] == "true" else 400)
            self.end_headers()
            self.wfile.write(json.dumps({"access_token": token, "expires_in": "3599"}).encode())

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Identity) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", address)
        assert open_workspace().name == "emulated-ws"
        server.shutdown()


def test_no_way_at_all_is_told_with_the_reason_of_each(nobody, tmp_path):
    install_az(tmp_path, "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1")
    with pytest.raises(WorkspaceError) as caught:
        open_workspace()
    for words in ("AZURE_CLIENT_SECRET", "Please run 'az login'", "no managed identity"):
        assert words in str(caught.value)
    (tmp_path / "bin" / "az").unlink()
    with pytest.raises(WorkspaceError, match=r"the Azure CLI \(az\) is not installed"):
        open_workspace()


def test_a_wrong_secret_is_not_covered_by_another_way(nobody, tmp_path, monkeypatch):
    install_az(tmp_path, f'echo \'{{"accessToken": "{nobody.state.tokens.issue(3600)}"}}\'')
    for name, value in zip(SECRET_NAMES, ("wrong", "a", TENANT), strict=True):
        monkeypatch.setenv(name, value)
    with pytest.raises(WorkspaceError):
        open_workspace()


@pytest.mark.parametrize(
    "change", [{"workspace": "other"}, {"resource_group": "other"}, {"subscription_id": "other"}]
)
def test_a_workspace_that_is_not_there_is_told_with_all_three_names(change, emulator):
    options = replace(OPTIONS, **change)
    with pytest.raises(NotFoundError) as caught:
        open_workspace(options)
    for name in (options.workspace, options.resource_group, options.subscription_id):
        assert name in str(caught.value)


def test_missing_rights_are_told_with_the_role(emulator):
    emulator.fail("GET /subscriptions/.*/workspaces/", 403, service="arm")
    with pytest.raises(WorkspaceError, match="It needs the role Contributor or AzureML Data Sci"):
        open_workspace()


def test_a_strange_certificate_is_told_at_once(emulator, monkeypatch, tmp_path):
    strange, _ = make_certificates(tmp_path / "strange")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strange))
    with pytest.raises(WorkspaceError, match=r"certificate is not trusted.*REQUESTS_CA_BUNDLE"):
        open_workspace()


@pytest.mark.parametrize("pattern", ["GET /.*/openid-configuration", "POST /.*/token"])
@pytest.mark.parametrize("kind", ["fail", "drop", "hang"])
def test_a_service_of_tokens_that_is_busy_is_asked_again(kind, pattern, emulator):
    more = {"status": 503} if kind == "fail" else {}
    with getattr(emulator, kind)(pattern, service="aad", **more) as fault:
        open_workspace(read_s=0.5)
    assert fault.hits == 1


def test_a_service_of_tokens_that_stays_away_is_told(emulator):
    emulator.fail("POST /.*/token", 503, times=None, service="aad")
    with pytest.raises(TransientError, match="after 2 tries"):
        open_workspace(tries=2)


def test_a_token_is_renewed_before_it_runs_out(emulator):
    emulator.settings.token_lifetime_s = 1
    account = Account(OPTIONS, os.environ, Patience())
    first = account.token()
    emulator.settings.token_lifetime_s = 3600
    second = account.token()
    assert first != second
    assert account.token() == second


def test_a_forgotten_token_is_asked_for_once(emulator):
    account = Account(OPTIONS, os.environ, Patience())
    first = account.token()
    account.forget(first)
    second = account.token()
    account.forget(first)  # another thread, whose question had the old one
    assert account.token() == second != first


QUIET = """
import logging, sys
import snakemake_executor_plugin_azureml
assert "azureml" not in sys.modules and "msal" not in sys.modules, "imported too early"
logging.getLogger("snakemake_executor_plugin_azureml").setLevel(logging.INFO)
class Notes(logging.Handler):
    def emit(self, record): print("told:", record.getMessage())
logging.getLogger("snakemake_executor_plugin_azureml").addHandler(Notes())
from snakemake_executor_plugin_azureml.azureml_workspace.client_library import load_client
load_client(); load_client()
logging.warning("user_name does not exist.")
print("root handlers:", [type(handler).__name__ for handler in logging.getLogger().handlers])
"""


def test_the_client_is_imported_late_told_once_and_leaves_the_root_logger_alone():
    done = subprocess.run([sys.executable, "-c", QUIET], capture_output=True, text=True, check=True)
    assert "user_name" not in done.stdout + done.stderr
    assert "root handlers: ['NullHandler']" in done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith("told:")]
    assert len(told) == 1
    assert "past its support date, 30 June 2026" in told[0]


def test_who_signs_in_is_no_news(emulator, caplog):
    with caplog.at_level(logging.INFO):
        open_workspace()
    assert [record for record in caplog.records if "snakemake" in record.name] == []
