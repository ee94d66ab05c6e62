"""What the gcp profile refuses before any client is made: each one line with the fix."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from nba_assets.errors import PlatformError
from nba_assets.settings import Settings
from nba_assets.storage.gcp.environment import EMULATORS, NEEDED, check_environment

COMPLETE = Settings(
    profile="gcp",
    gcp_project="ours",
    landing_bucket="landing",
    published_bucket="published",
    private_bucket="private",
    database_url=SecretStr("postgresql://nba:hidden@db/nba"),
)
ON_EMULATORS = COMPLETE.model_copy(update={"emulators": True})
ADDRESSES = dict.fromkeys(EMULATORS, "127.0.0.1:1")


def refused(settings: Settings, environment: dict[str, str]) -> PlatformError:
    """The refusal, which is one line without the password and has a fix."""
    with pytest.raises(PlatformError) as raised:
        check_environment(settings, environment)
    assert "\n" not in str(raised.value) and "hidden" not in str(raised.value) and raised.value.hint
    return raised.value


def test_what_is_complete_is_let_through() -> None:
    check_environment(COMPLETE, {"PATH": "/bin"})
    check_environment(ON_EMULATORS, ADDRESSES)


@pytest.mark.parametrize("name", NEEDED)
def test_a_setting_that_is_missing_is_named(name: str) -> None:
    error = refused(COMPLETE.model_copy(update={name: ""}), {})
    variable = f"NBA_ASSETS_{name.upper()}"
    assert str(error) == f"the gcp profile needs {variable}"
    assert error.hint == f"set {variable}, or NBA_ASSETS_PROFILE=local"


def test_a_database_of_ones_own_is_needed() -> None:
    error = refused(COMPLETE.model_copy(update={"database_url": None}), {})
    assert str(error).startswith("the gcp profile needs NBA_ASSETS_DATABASE_URL")
    assert "postgresql://" in error.hint


@pytest.mark.parametrize(("variable", "what"), EMULATORS.items())
def test_an_emulator_takes_no_real_data(variable: str, what: str) -> None:
    error = refused(COMPLETE, {variable: "127.0.0.1:1"})
    assert str(error) == f"{variable} is set: {what} would go to an emulator"
    assert error.hint == f"unset {variable}; for tests set NBA_ASSETS_EMULATORS=true"


@pytest.mark.parametrize(("variable", "what"), EMULATORS.items())
@pytest.mark.parametrize("unset", [True, False], ids=["unset", "empty"])
def test_a_test_reaches_no_cloud(variable: str, what: str, unset: bool) -> None:
    given = {name: "" if name == variable else address for name, address in ADDRESSES.items()}
    if unset:
        del given[variable]
    error = refused(ON_EMULATORS, given)
    assert str(error) == f"NBA_ASSETS_EMULATORS is set and {variable} is not: {what} would go to Google Cloud"
    assert error.hint == f"set {variable}, or unset NBA_ASSETS_EMULATORS"
