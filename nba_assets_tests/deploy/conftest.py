"""What the deployment's tests share: Terraform's files, parsed once."""

from __future__ import annotations

import pytest

from nba_assets_tests.deploy.files import Terraform


@pytest.fixture(scope="session")
def terraform() -> Terraform:
    return Terraform()
