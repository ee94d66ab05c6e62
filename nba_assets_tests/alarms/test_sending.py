"""What apprise really sends, over a mail server and a web server of this machine, and what is never said."""

from __future__ import annotations

import logging

import pytest
from pydantic import SecretStr

from nba_assets.alarms.sending import targets, untaken
from nba_assets_tests.alarms.conftest import CANARY, Mailbox, Webhook

TEXT = "Ten < twelve & <b>so</b> on.\n\n*Second* paragraph."


def test_a_message_arrives_by_mail_and_by_http_as_it_is(mailbox: Mailbox, webhook: Webhook) -> None:
    found = targets(SecretStr(f"{mailbox.url}, {webhook.url}"))
    assert [target.name for target in found] == ["E-Mail (target 1 of 2)", "JSON (target 2 of 2)"]
    assert untaken(found, "nba-assets: été", TEXT, "warning") == []
    (mail,) = mailbox.mails
    assert (mail["Subject"], mail["To"], mail.get_content_type()) == (
        "nba-assets: été",
        "desk@example.com",
        "text/plain",
    )
    assert mail.get_content().replace("\r\n", "\n").strip() == TEXT
    (message,) = webhook.posted
    assert (message["title"], message["message"], message["type"]) == ("nba-assets: été", TEXT, "warning")


def test_a_comma_within_a_url_is_part_of_it(mailbox: Mailbox, webhook: Webhook) -> None:
    found = targets(SecretStr(f" {mailbox.url},second@example.com,{webhook.url},"))
    assert len(found) == 2
    assert untaken(found, "t", "b", "info") == []
    assert {str(mail["To"]) for mail in mailbox.mails} == {"desk@example.com", "second@example.com"}


@pytest.mark.parametrize("urls", [None, SecretStr(""), SecretStr(" , ")])
def test_without_urls_there_is_nobody(urls: SecretStr | None) -> None:
    assert targets(urls) == []


def test_a_target_that_fails_is_named_by_its_kind_and_stops_no_other(
    webhook: Webhook, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(1)
    logging.getLogger("apprise").setLevel(1)
    refused = f"json://{CANARY}@127.0.0.1:1/{CANARY}"
    unknown = f"{CANARY}://{CANARY}"
    wrong = f"slack://{CANARY}"
    found = targets(SecretStr(",".join([refused, unknown, wrong, webhook.url])))
    failing = untaken(found, "t", "b", "info")
    assert failing == [
        "JSON (target 1 of 4)",
        "no URL of apprise's (target 2 of 4)",
        "no URL of apprise's (target 3 of 4)",
    ]
    assert webhook.titles == ["t"]
    said = capfd.readouterr()
    for text in (said.out, said.err, caplog.text, repr(found), str(failing)):
        assert CANARY not in text


def test_a_server_that_says_no_did_not_take_it(webhook: Webhook) -> None:
    webhook.status = 500
    assert untaken(targets(SecretStr(webhook.url)), "t", "b", "info") == ["JSON (target 1 of 1)"]
