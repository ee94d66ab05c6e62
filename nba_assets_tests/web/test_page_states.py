"""The page over trees written by hand: states of a day, changes, books, search, downloads, offline, accessibility."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from nba_assets_tests.web import tree
from nba_assets_tests.web.test_page import serious

Record = dict[str, Any]
GAME = f"historical/{tree.DAY}/games/0022400140.json"
NASTY = "<img src=x onerror=document.title='owned'>"
FIRST_VIEW = 100_000
STAR = "1628369"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose errors fail the test."""
    problems: list[str] = []
    opened = browser.new_context(timezone_id="America/New_York", locale="en-US").new_page()
    opened.set_default_timeout(8000)
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda said: problems.append(said.text) if serious(said) else None)
    yield opened
    assert [said for said in problems if "404" not in said] == []


def told(body: Record, status: str, code: str, text: str) -> None:
    body |= {"status": status, "reasons": [{"code": code, "text": text}]}


def test_an_empty_day_names_the_next_one(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page.goto(f"{tree_address}#/slate/2024-11-03")
    assert "No games on this date" in page.inner_text("[data-state=empty]")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [("halted", "Predictions are halted"), ("stale", "last good figures"), ("partial", "Not everything has arrived")],
)
def test_a_day_that_is_not_whole_says_so(
    page: Page, tree_address: str, tmp_path: Path, status: str, sentence: str
) -> None:
    bodies = tree.weekend_bodies()
    told(bodies[tree.SLATE], status, "why", "the reason in words")
    tree.write(tmp_path, bodies)
    page.goto(tree_address)
    said = page.inner_text(f"[data-state={status}]")
    assert sentence in said and "the reason in words" in said
    assert page.locator("[data-player]").count() == 2


def test_fifteen_games_stand_in_tip_order_in_the_readers_zone(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate())
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    assert page.locator(".game").count() == 15 and page.locator("[data-player]").count() == 270
    times = page.locator(".facts").all_inner_texts()
    assert re.match(r"07:00.PM EDT", times[0]) and re.match(r"07:30.PM EDT", times[1])
    page.select_option("#team", "WAS")
    expect(page.locator(".game")).to_have_count(1)
    assert "team=WAS" in page.url


def test_a_name_is_text_and_never_markup(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.weekend_bodies()
    for name in (tree.SLATE, GAME):
        bodies[name]["data"]["players"][0]["name"] = NASTY
    bodies["search.json"]["data"]["players"][0]["name"] = NASTY
    tree.write(tmp_path, bodies)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.fill("#search", "<img")
    expect(page.locator("#found li").first).to_contain_text(NASTY)
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400140")
    page.get_by_text(NASTY).first.wait_for()
    assert page.locator("main img, header img").count() == 0 and "owned" not in page.title()


def test_what_changed_since_the_last_look_is_told_with_its_cause(page: Page, tree_address: str, tmp_path: Path) -> None:
    bodies = tree.full_slate(games=1)
    tree.write(tmp_path, bodies, sequence=1)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.focus("#sort")
    page.evaluate("window.scrollTo(0, 120)")

    star, mate = [row for row in bodies[tree.SLATE]["data"]["players"] if row["team"] == "BKN"][:2]
    star["injury_status"] = "out"
    mate |= {"points_q50": mate["points_q50"] + 2.4, "minutes_mean": mate["minutes_mean"] + 3.1}
    tree.write(tmp_path, bodies, sequence=2)
    page.evaluate("window.dispatchEvent(new Event('online'))")

    page.wait_for_selector("#changes")
    text = page.inner_text("#changes")
    assert "BKN Player 1 (own status: out)" in text
    assert "BKN Player 2: minutes +3.1, median +2.4 (BKN Player 1 out)" in text
    assert re.search(r"0?4:02.PM EDT", text)
    assert page.evaluate("document.activeElement.id") == "sort" and page.evaluate("scrollY") == 120
    page.click("#seen")
    page.reload()
    page.wait_for_selector("[data-player]")
    assert page.locator("#changes").count() == 0


def test_lines_and_prices_follow_the_readers_books(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate(games=1, each=1))
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400200")
    row = page.locator("[data-player]").first
    page.check("#book-gamma")
    expect(row.locator("td").nth(2)).to_have_text("27.0")
    page.reload()
    expect(row.locator("td").nth(2)).to_have_text("27.0")
    details = page.locator("details").first
    details.locator("summary").click()
    assert "gamma" in details.inner_text() and "alpha" not in details.inner_text()

    mass = tree.pmf(27.3, 4.0)
    details.locator("input[type=number]").fill("30")
    over, push = sum(mass[31:]), mass[30]
    cells = [row.all_inner_texts() for row in (details.locator(".answer tr").nth(n).locator("td") for n in (1, 2))]
    assert cells[0][1] == f"{100 * over:.1f} %" and cells[1][1] == f"{100 * push:.1f} %"
    assert cells[0][3] == f"{1 + (1 - over - push) / over:.2f}"


def test_a_name_is_found_without_its_accents_by_keyboard(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.weekend_bodies())
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    page.locator("#search").press_sequentially("jokic")
    expect(page.locator("#found li")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search", "aria-activedescendant") == "found-0"
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Nikola Jokić")


def test_twenty_thousand_graded_rows_are_read_in_pieces_and_saved_whole(
    page: Page, tree_address: str, tmp_path: Path
) -> None:
    tree.write(tmp_path, tree.many_graded())
    page.goto(f"{tree_address}#/track-record/days/2024-11-01")
    page.wait_for_selector("tbody tr")
    assert page.locator("tbody tr").count() == 200
    page.get_by_text("Show more").click()
    assert page.locator("tbody tr").count() == 400
    with page.expect_download() as saved:
        page.get_by_text("Every row as CSV").click()
    with Path(saved.value.path()).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20_000 and rows[-1]["name"] == "Player 19999"

    page.goto(f"{tree_address}#/track-record")
    page.wait_for_selector("text=not profitable so far")
    main = page.inner_text("main")
    assert "1,204 graded bets of 20,000 decisions, 51.9 % won" in main and "n = 0" in main and "PASS on 94.0 %" in main
    assert page.locator("svg.chart").count() == 3
    assert page.locator("tr.insufficient").count() == 2


def test_a_release_swapped_in_while_the_page_loads_is_never_mixed(
    page: Page, tree_address: str, tmp_path: Path
) -> None:
    first, second = tree.weekend_bodies(), tree.weekend_bodies()
    for player in second[tree.SLATE]["data"]["players"]:
        player["line_value"] = 31.5
    tree.write(tmp_path, first, sequence=1)

    def swap(route: Route) -> None:
        """The old release's objects go the moment that the page has its manifest."""
        if not (tmp_path / "swapped").exists():
            (tmp_path / "swapped").touch()
            for object_ in (tmp_path / "v1" / "objects").rglob("*.json"):
                object_.unlink()
            tree.write(tmp_path, second, sequence=2)
            route.fulfill(status=404, body="gone")
        else:
            route.continue_()

    page.context.route("**/v1/objects/**", swap)
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    assert {row.split("\n")[0] for row in page.locator("[data-player] td:nth-child(3)").all_inner_texts()} == {"31.5"}
    expect(page.locator("#release")).to_contain_text("Release 2,")


def test_what_was_opened_is_there_without_a_network(page: Page, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate(games=2))
    page.goto(tree_address)
    page.wait_for_selector("html[data-kept]")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-player]")
    expect(page.locator("#release")).to_contain_text("No network; kept here: release 1,")
    page.goto(f"{tree_address}#/game/{tree.DAY}/0022400201")
    expect(page.locator("h1")).to_have_text("BOS at CHA")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1200), ("dark", 390)])
def test_no_page_has_a_barrier(browser: Browser, tree_address: str, tmp_path: Path, scheme: Any, width: int) -> None:
    bodies = tree.full_slate(games=2, each=2)
    bodies |= {name: body for name, body in tree.many_graded(300).items() if name.startswith("track-record")}
    bodies[tree.SLATE]["data_origin"] = "simulated"
    told(bodies[tree.SLATE], "partial", "why", "the reason in words")
    tree.write(tmp_path, bodies)
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    pages = {
        "": "Saturday",
        f"game/{tree.DAY}/0022400200": "ATL at BKN",
        f"player/{STAR}": "Jayson Tatum",
        "track-record": "Track record",
        "track-record/days/2024-11-01": "Decisions of",
        "status": "has arrived",
    }
    for path, title in pages.items():
        page.goto(f"{tree_address}#/{path}")
        expect(page.locator("h1")).to_contain_text(title)
        page.evaluate("for (const node of document.querySelectorAll('main details')) node.open = true")
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_first_view_of_fifteen_games_is_small(browser: Browser, tree_address: str, tmp_path: Path) -> None:
    tree.write(tmp_path, tree.full_slate())
    page = browser.new_page(viewport={"width": 390, "height": 844})
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000},
    )
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    received = []
    devtools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(tree_address)
    page.wait_for_selector("[data-player]")
    taken = page.evaluate("performance.now()")
    print(f"{sum(received):.0f} bytes in {len(received)} answers, slate after {taken:.0f} ms")
    assert 10_000 < sum(received) < FIRST_VIEW
