"""The embedded embedding model: multilingual-e5-small in a thread of its own.

Texts flow in, unit vectors flow out. The file is read with the first call; batches are small, so that a caller who goes
away frees the thread soon; the line of those who wait is bounded.
"""

import asyncio
import concurrent.futures
import pathlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from parvis.ai import catalogue, machine
from parvis.ai.e5 import E5, Damaged
from parvis.ai.protocols import Health, Unavailable

DIMENSIONS = 384
BATCH = 32
MOST = 4096  # texts in one call
LINE = 64  # calls that may wait or be answered at a time


class EmbeddedEmbedding:
    """multilingual-e5-small from the models folder."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._folder = folder
        self._model: E5 | None = None
        self._broken = ""
        self._asking = 0
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "embedding")

    @property
    def name(self) -> str:
        return catalogue.EMBEDDING.name

    @property
    def dimensions(self) -> int:
        return DIMENSIONS

    def health(self) -> Health:
        """Absent until the file has been pulled."""
        if self._broken:
            return Health(self.name, "failing", "The file is damaged.", catalogue.EMBEDDING.licence)
        pulled = catalogue.is_pulled(self.name, self._folder)
        detail = "On this machine." if pulled else "Not fetched yet."
        return Health(self.name, "ready" if pulled else "absent", detail, catalogue.EMBEDDING.licence)

    async def embed(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), 384).

        Raises:
            Unavailable: the file has not been pulled or is damaged, too many wait, or there are too many texts.
        """
        if len(texts) > MOST:
            raise Unavailable("Too many texts at once.")
        if self._asking >= LINE:
            raise Unavailable("Too many are waiting for the model.")
        self._asking += 1
        try:
            prefix = "query: " if query else "passage: "
            vectors = np.empty((len(texts), DIMENSIONS), np.float32)
            for start in range(0, len(texts), BATCH):
                batch = [prefix + text for text in texts[start : start + BATCH]]
                run = asyncio.get_running_loop().run_in_executor(self._thread, self._embed, batch)
                vectors[start : start + BATCH] = await run
            return vectors
        finally:
            self._asking -= 1

    async def close(self) -> None:
        """Let the thread end."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _embed(self, texts: list[str]) -> NDArray[np.float32]:
        if self._model is None:
            path = catalogue.path(self.name, self._folder)
            machine.hold_back()
            try:
                self._model = E5(path)
            except Damaged as error:
                self._broken = str(error)
                raise Unavailable("The model's file is damaged: run “parvis models pull”.") from error
        return self._model.embed(texts)
