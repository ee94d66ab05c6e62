"""How a reader gets a file of the published tree: from the folder, or by HTTP."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import httpx2

PATIENCE = 60.0
"""Seconds for an answer: all processes share few cores."""


class CutShortError(Exception):
    """The answer is not whole, or none at all."""


@dataclass(frozen=True)
class Answer:
    """The bytes, None if there is no such file; `same` if they are those that the tag was of."""

    data: bytes | None
    tag: str | None = None
    same: bool = False


class Transport(Protocol):
    """Gets a file by its name below the published folder; with the tag of an earlier answer only if it is another."""

    told: Counter[str]
    """By name, what a cache between has done."""

    def get(self, name: str, tag: str | None = None) -> Answer: ...


@dataclass
class Folder:
    """Reads the files themselves."""

    root: Path
    told: Counter[str] = field(default_factory=Counter)

    def get(self, name: str, tag: str | None = None) -> Answer:
        try:
            return Answer((self.root / name).read_bytes())
        except FileNotFoundError:
            return Answer(None)


@dataclass
class Http:
    """Asks a server, or a cache before it."""

    client: httpx2.Client
    told: Counter[str] = field(default_factory=Counter)

    @classmethod
    def at(cls, url: str) -> Http:
        """At a URL, whatever the environment says of proxies."""
        return cls(httpx2.Client(base_url=url, timeout=PATIENCE, trust_env=False))

    def get(self, name: str, tag: str | None = None) -> Answer:
        try:
            answer = self.client.get(f"/{name}", headers={"If-None-Match": tag} if tag else {})
        except httpx2.HTTPError as error:
            raise CutShortError(f"{name}: {type(error).__name__} {error}") from error
        self.told[answer.headers.get("x-cache", "")] += 1
        if answer.status_code == 304:
            return Answer(b"", tag, same=True)
        if answer.status_code == 404:
            return Answer(None)
        if answer.status_code != 200:
            raise CutShortError(f"{name}: status {answer.status_code}")
        return Answer(answer.content, answer.headers.get("etag"))
