"""Who signs in, and what is never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snakemake_executor_plugin_azureml.credentials import (
    CredentialsError,
    hide_secrets,
    service_principal,
)

AZURE = {"AZURE_TENANT_ID": "at", "AZURE_CLIENT_ID": "aa", "AZURE_CLIENT_SECRET": "azure-secret"}
STATED = {"tenant_id": "it", "application_id": "ia"}


def signs_in(environ, **stated):
    found = service_principal(environ, **stated)
    return found and (found.tenant_id, found.application_id, found.secret)


def test_azures_variables_belong_together():
    assert signs_in(AZURE) == ("at", "aa", "azure-secret")
    assert signs_in(AZURE, **STATED) == ("at", "aa", "azure-secret")


def test_innereyes_key_goes_with_the_settings():
    assert signs_in({"APPLICATION_KEY": "key"}, **STATED) == ("it", "ia", "key")
    others = {"AZURE_TENANT_ID": "at", "AZURE_CLIENT_ID": "aa"}
    assert signs_in({"APPLICATION_KEY": "key", **others}, **STATED) == ("it", "ia", "key")
    assert signs_in({"APPLICATION_KEY": "key", **others}) == ("at", "aa", "key")


def test_what_is_missing_comes_from_the_settings():
    assert signs_in({"AZURE_CLIENT_SECRET": "azure-secret"}, **STATED) == (
        "it",
        "ia",
        "azure-secret",
    )


def test_without_a_secret_there_is_no_service_principal():
    assert signs_in({}, **STATED) is None
    assert signs_in({**AZURE, "AZURE_CLIENT_SECRET": ""}) is None


def test_a_secret_without_its_owner_is_a_mistake():
    with pytest.raises(
        CredentialsError, match="APPLICATION_KEY, but not AZURE_TENANT_ID and"
    ) as raised:
        service_principal({"APPLICATION_KEY": "hunter22"})
    assert "hunter22" not in str(raised.value)


def test_the_secret_is_not_in_the_repr():
    assert "azure-secret" not in repr(service_principal(AZURE))


@given(
    secret=st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=6, max_size=40
    ),
    name=st.sampled_from(["AZURE_CLIENT_SECRET", "APPLICATION_KEY", "MY_PASSWORD", "GITHUB_TOKEN"]),
)
def test_no_secret_of_the_environment_survives(secret, name):
    text = f"snakemake --config a={secret} b=2 {secret}{secret}"
    assert secret not in hide_secrets(text, {name: secret}).replace("***", "\n")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        (
            "weights_url=https://a.blob/c?sv=1&sig=abc%2Bd&se=2",
            "weights_url=https://a.blob/c?sv=1&sig=***&se=2",
        ),
        ("--password hunter22 --cores 4", "--password *** --cores 4"),
        ("my_secret='two words' a=1", "my_secret=*** a=1"),
        ("application_key: abc", "application_key: ***"),
        ("AccountKey=abc==;x", "AccountKey=***"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_whoever_set_it(text, hidden):
    assert hide_secrets(text, {}) == hidden


def test_other_words_stay():
    assert hide_secrets("the secret from APPLICATION_KEY", {}) == "the secret from APPLICATION_KEY"
    line = "snakemake -n --config model=Prostate keys=a num_epochs=2 --profile azureml"
    assert hide_secrets(line, {"USER": "Prostate", "SOME_TOKEN": "2"}) == line
