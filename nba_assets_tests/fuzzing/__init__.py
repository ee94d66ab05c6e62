"""Parsers fed with what no source sends: seeds, mutations and the verdict, for hypothesis and for atheris."""
