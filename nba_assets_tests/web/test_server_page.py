"""The page hears of a new release from the server, without a reload."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from nba_assets_tests.web import tree


def test_a_new_release_is_shown_as_soon_as_it_is_there(browser: Browser, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page = browser.new_page()
    page.goto(tree_address)
    expect(page.locator("#release")).to_contain_text("Release 1,")
    page.evaluate("window.sameDocument = true")
    tree.write(tmp_path, tree.weekend_bodies(), sequence=2)
    expect(page.locator("#release")).to_contain_text("Release 2,", timeout=4000)
    assert page.evaluate("window.sameDocument")
