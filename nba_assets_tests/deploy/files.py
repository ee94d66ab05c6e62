"""The files of `deploy/`, read as what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hcl2
import yaml

from nba_assets.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
TERRAFORM = DEPLOY / "terraform"
HELM = DEPLOY / "helm"
CLOUD_RUN = DEPLOY / "cloud_run"
LOOKS_SECRET = re.compile(r"(?i)-----BEGIN|ya29\.|AIza[\w-]{20}|://[^/\s:@]+:[^/\s@$<]+@|\"private_key\"")
"""A key, a token, or a URL with a password in it."""


@dataclass(frozen=True)
class Block:
    """A resource or data source of Terraform: its address as expressions name it, and its arguments."""

    address: str
    kind: str
    body: dict[str, Any]


class Terraform:
    """All the `.tf` files, parsed."""

    def __init__(self, folder: Path = TERRAFORM) -> None:
        self.text = {path.name: path.read_text() for path in sorted(folder.glob("*.tf"))}
        self.parsed = {name: hcl2.loads(text) for name, text in self.text.items()}

    def blocks(self) -> Iterator[Block]:
        for parsed in self.parsed.values():
            for section, prefix in (("resource", ""), ("data", "data.")):
                for entry in parsed.get(section, []):
                    for kind, named in entry.items():
                        for name, body in named.items():
                            yield Block(f"{prefix}{_bare(kind)}.{_bare(name)}", _bare(kind), body)

    def named(self, address: str) -> dict[str, Any]:
        (found,) = (block.body for block in self.blocks() if block.address == address)
        return found

    def names(self, section: str) -> set[str]:
        """The names of variables or outputs."""
        return {_bare(name) for parsed in self.parsed.values() for entry in parsed.get(section, []) for name in entry}

    def locals(self) -> dict[str, Any]:
        entries = (entry for parsed in self.parsed.values() for entry in parsed.get("locals", []))
        return {name: value for entry in entries for name, value in entry.items() if not name.startswith("__")}

    def output(self, name: str) -> str:
        """An output's expression."""
        for parsed in self.parsed.values():
            for entry in parsed.get("output", []):
                for found, body in entry.items():
                    if _bare(found) == name:
                        return str(body["value"])
        raise KeyError(name)


def filled(terraform: Terraform) -> dict[str, str]:
    """What a shell has that exported both outputs and the image's tag."""
    outputs = terraform.output("environment") + terraform.output("names")
    names = re.findall(r"\b([A-Z][A-Z_]+) = ", outputs)
    return {name: f"the-{name.lower().replace('_', '-')}" for name in [*names, "TAG"]}


def plain(value: Any) -> Any:
    """A literal without the quotes that the parser leaves around it."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    return _bare(value) if isinstance(value, str) else value


def variables_of_profile() -> set[str]:
    """Every environment variable that is a setting."""
    return {f"NBA_ASSETS_{name.upper()}" for name in Settings.model_fields}


def documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text()))


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith('"') and text.endswith('"') else text
