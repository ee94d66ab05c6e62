"""The page in a real browser, over a release of the hand-made league."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from nba_assets_tests.engine.conftest import clock, home, take_in  # noqa: F401
from nba_assets_tests.engine.three_games import THIRD, season
from nba_assets_tests.handmade import player_id
from nba_assets_tests.web.live_server import live_server

ADAM = player_id("BOS", 0)


def serious(said: ConsoleMessage) -> bool:
    """An error of the page itself: without a network, or where a host has no events, it asks for them in vain."""
    return said.type == "error" and not said.location["url"].endswith("/events")


@pytest.fixture
def address(home, tmp_path: Path) -> Iterator[str]:  # type: ignore[no-untyped-def]  # noqa: F811
    """The address of a server over the release of the three games."""
    platform = home("page")
    take_in(platform, season(tmp_path / "drops"))
    with live_server(platform.settings.published) as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors fail the test."""
    problems: list[str] = []
    opened = browser.new_context().new_page()
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if serious(said) else None)
    yield opened
    opened.context.close()
    assert problems == []


def test_a_reader_walks_from_the_slate_to_a_player_the_track_record_and_a_state_in_the_address(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.wait_for_selector("[data-player]")
    assert "8" in page.inner_text("h1") and str(THIRD.day.year) in page.inner_text("h1")
    row = page.locator(f'[data-player="{ADAM}"]')
    assert "20.5" in row.inner_text() and "PASS" in row.inner_text()
    assert row.locator("svg[role=img]").get_attribute("aria-label") is not None
    assert page.locator("#origin").is_hidden(), "this league does not say that it is simulated"

    row.locator("a").first.click()
    page.wait_for_selector("text=Last")
    assert "Adam Bostwicka" in page.inner_text("h1")

    page.click("text=Track record")
    page.wait_for_selector("text=By window and segment")
    assert "too few" in page.inner_text("main")

    page.click("text=Status")
    page.wait_for_selector("text=Phases")

    page.goto(f"{address}#/slate/{dt.date(2024, 11, 1)}?all=1&sort=name")
    page.wait_for_selector("[data-player]")
    names = page.locator("[data-player] a").all_inner_texts()
    assert len(names) == 16 and names == sorted(names)
