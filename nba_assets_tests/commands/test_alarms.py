"""`alarms`: what is wrong is listed, checked, summed up in a digest, and a test message arrives."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from nba_assets.clock import SystemClock
from nba_assets.engine.platform import Platform
from nba_assets.storage.records import WorkItem
from nba_assets_tests.alarms.conftest import CANARY, Mailbox, Webhook, mail_server, web_server
from nba_assets_tests.commands.conftest import Command

URLS = "NBA_ASSETS_ALARM_URLS"
CAUSE = "dead_letters|nba_raw.nbac_schedule|ValueError"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def webhook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhook]:
    """A web server to which alarms go."""
    with web_server() as hook:
        monkeypatch.setenv(URLS, hook.url)
        yield hook


@pytest.fixture
def broken(command: Command) -> Command:
    """Commands on a home with one dead letter."""
    platform = Platform.open(command.settings)
    item = WorkItem("nba_raw.nbac_schedule", (dt.date(2024, 11, 1),), error_type="ValueError", error_message="no id")
    platform.ledger.record_failure(item, now=SystemClock().now(), retry_at=lambda _: None)
    platform.close()
    return command


@pytest.mark.parametrize("verb", ["list", "check", "digest", "test"])
def test_every_verb_has_help_with_an_example(verb: str, command: Command) -> None:
    said = command("alarms", verb, "--help")
    assert said.code == 0 and f"nba-assets alarms {verb}" in said.out


def test_nothing_is_wrong_and_nobody_would_be_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(URLS, raising=False)
    silent = "Nobody is told: NBA_ASSETS_ALARM_URLS is not set.\n"
    for verb in ("list", "check"):
        said = command("alarms", verb)
        assert (said.code, said.out, said.err) == (0, f"Nothing is wrong.\n{silent}", "")
    said = command("alarms", "digest")
    assert (said.code, said.out.endswith(silent), "Model: none yet." in said.out) == (0, True, True)
    said = command("alarms", "test")
    assert said.code == 1
    assert said.error.startswith("error: there is nobody to tell (set NBA_ASSETS_ALARM_URLS to apprise's URLs")


def test_what_is_open_is_listed_and_sent_and_exit_code_1(broken: Command, webhook: Webhook) -> None:
    assert broken("alarms", "list", "--json").json == []
    said = broken("alarms", "check", "--json")
    assert (said.code, said.error) == (1, "error: 1 alarm open (each says what to do: nba-assets alarms list)")
    assert [alarm["cause"] for alarm in said.json["open"]] == [CAUSE]
    assert (len(said.json["sent"]), said.json["targets"], said.json["failing"]) == (1, 1, [])
    again = broken("alarms", "check")
    assert again.code == 1 and "0 messages sent, 0 still to be sent." in again.out
    shown = broken("alarms", "list")
    assert shown.code == 0 and "dead_letters" in shown.out and "Nobody" not in shown.out
    sql = "SELECT cause, count, told FROM nba_orchestration.alarms"
    assert broken("query", sql, "--json").json == [{"cause": CAUSE, "count": 2, "told": "open"}]
    assert webhook.titles == [f"nba-assets: {CAUSE.replace('|', ' ')}"]
    platform = Platform.open(broken.settings)
    now = SystemClock().now()
    platform.ledger.resolve_work([work["work_id"] for work in platform.ledger.work()], "discarded", "a test", now)
    platform.close()
    assert broken("alarms", "check").out == "Nothing is wrong.\n1 message sent, 0 still to be sent.\n"
    assert broken("alarms", "list").out == "Nothing is wrong.\n"
    assert [alarm["state"] for alarm in broken("alarms", "list", "--all", "--json").json] == ["resolved"]


def test_the_digest_is_printed_and_arrives(command: Command, webhook: Webhook, mailbox: Mailbox) -> None:
    os.environ[URLS] += f",{mailbox.url}"
    said = command("alarms", "digest", "--json")
    assert (said.code, said.json["targets"], said.json["failing"]) == (0, 2, [])
    assert webhook.titles == mailbox.subjects == [said.json["title"]]
    assert webhook.posted[0]["message"] == said.json["text"]
    assert mailbox.mails[0].get_content().replace("\r\n", "\n").strip() == said.json["text"]


def test_a_test_says_which_target_took_it(command: Command, webhook: Webhook) -> None:
    os.environ[URLS] += f",json://{CANARY}@127.0.0.1:1"
    said = command("alarms", "test")
    assert (said.code, said.out) == (1, "JSON (target 1 of 2) took it.\n")
    assert said.error.startswith("error: JSON (target 2 of 2) did not take a message (see that its URL in ")
    taken = [line["taken"] for line in command("alarms", "test", "--json").json]
    assert taken == [True, False]
    assert webhook.titles == ["nba-assets: test"] * 2


EVERY_VERB = """
import logging, sys
logging.basicConfig(level=1)
from nba_assets.cli import main
for verb in ("list", "check", "digest", "test"):
    sys.argv = ["nba-assets", "alarms", verb]
    try:
        main()
    except SystemExit as stop:
        print(verb, stop.code)
"""


def test_f57_no_url_is_in_any_output(broken: Command, webhook: Webhook) -> None:
    """In a process of its own, with everything that Python and its libraries say."""
    urls = f"{webhook.url},json://{CANARY}@127.0.0.1:1/{CANARY},{CANARY}://x,{CANARY}"
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", EVERY_VERB],
        env=os.environ | broken.environment | {URLS: urls},
        capture_output=True,
        text=True,
        check=False,
    )
    codes = {verb: done.stdout.count(f"{verb} {code}\n") for verb, code in {"list": 0, "check": 1, "digest": 1}.items()}
    assert (codes, done.stdout.endswith("test 1\n")) == ({"list": 1, "check": 1, "digest": 1}, True)
    assert len(webhook.posted) == 3 and "no URL of apprise's (target 3 of 3) did not take" in done.stderr
    assert CANARY not in done.stdout and CANARY not in done.stderr
    kept = [path for path in broken.home.rglob("*") if path.is_file()]
    assert not [path for path in kept if CANARY.encode() in path.read_bytes()]
    platform = Platform.open(broken.settings)
    assert CANARY not in platform.ledger.frames("alarms").to_json()
    platform.close()
