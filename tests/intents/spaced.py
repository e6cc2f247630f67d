"""Words for texts that have spaces between them: what a test needs of a tokenizer."""

from __future__ import annotations


class Spaced:
    """A Segmenter without a dictionary."""

    def words(self, text: str) -> list[str]:
        """Parted at the spaces."""
        return text.split()


SPACED = Spaced()
