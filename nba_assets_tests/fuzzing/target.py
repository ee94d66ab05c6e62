"""One source under atheris, in a process of its own: `python -m nba_assets_tests.fuzzing.target SOURCE FOLDER ...`.

The first byte of an input says which of the source's forms the rest is. What goes wrong is written to
`FOLDER/findings.jsonl`, once for each place in the code, with the input beside it; the search goes on.
"""

from __future__ import annotations

import hashlib
import json
import sys
import traceback
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["nba_assets.sources"]):
    from nba_assets_tests.fuzzing.mutations import mutated
    from nba_assets_tests.fuzzing.seeds import Seed, seeds_of
    from nba_assets_tests.fuzzing.verdict import judged

KNOWING = 0.7
"""Share of the mutations that know the format; the others are libFuzzer's own."""


class Target:
    """The source's forms, and what was found so far."""

    def __init__(self, source: str, folder: Path) -> None:
        self.forms: list[Seed] = seeds_of(source)
        self.folder = folder
        self.known: set[str] = set()

    def corpus(self) -> str:
        """The folder with the seeds as inputs."""
        folder = self.folder / "corpus"
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(self.forms):
            (folder / seed.form).write_bytes(bytes([number]) + seed.data)
        return str(folder)

    def one_input(self, data: bytes) -> None:
        """Parse one input."""
        seed = self.forms[data[0] % len(self.forms)] if data else self.forms[0]
        try:
            judged(seed, data[1:])
        except Exception as error:
            self._record(seed, data[1:], error)

    def mutate(self, data: bytes, max_size: int, number: int) -> bytes:
        """Another input from one."""
        rng = Random(number)
        if rng.random() < KNOWING and len(data) > 1:
            return (data[:1] + mutated(data[1:], rng))[:max_size]
        other: bytes = atheris.Mutate(data, max_size)
        return other

    def _record(self, seed: Seed, data: bytes, error: Exception) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        what = f"{type(error).__name__} at {place}"
        if what in self.known:
            return
        self.known.add(what)
        name = hashlib.sha256(data).hexdigest()[:16]
        (self.folder / name).write_bytes(data)
        told = {"what": what, "message": str(error)[:300], "form": seed.form, "input": name}
        told["stack"] = "".join(traceback.format_exception(error))[-3000:]
        with (self.folder / "findings.jsonl").open("a") as file:
            file.write(json.dumps(told) + "\n")


def main() -> None:
    """Fuzz until libFuzzer's limits, which are the other arguments."""
    source, folder = sys.argv[1], Path(sys.argv[2])
    target = Target(source, folder)
    arguments = [sys.argv[0], *sys.argv[3:], target.corpus()]
    atheris.Setup(arguments, target.one_input, custom_mutator=target.mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
