"""A browser, and a server over a tree written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from nba_assets_tests.web.live_server import live_server

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Debian's chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--disable-sync"])
        yield opened
        opened.close()


@pytest.fixture
def tree_address(tmp_path: Path) -> Iterator[str]:
    """The address of a server over `tmp_path`."""
    with live_server(tmp_path) as address:
        yield address
