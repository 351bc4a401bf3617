"""What Maya can tell, found by meaning: Gemini's embeddings of all passages, and the question's beside them.

The index is made in the background and kept between starts. Until it is there, and where the network is slow or
away, the words of a question have to do.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from google.genai import Client
from google.genai.types import EmbedContentConfig
from loguru import logger

from kiosk.bartender.knowledge import Knowledge, Passage

# So long a guest waits for better passages than the words find.
SEARCH_SECS = 0.4
# Gemini's documentation names it as nearly as good as the full 3,072, at a quarter of the room.
DIMENSIONS = 768
# The API takes no more texts at a time.
_BATCH = 100
_BATCH_SECS, AGAIN_SECS = 20.0, 60.0
# A bar has some dozens. Up to here a product takes as long as FAISS, 3 ms on one core, and needs no second to import.
MANY = 10_000


class Meaning:
    """Finds passages by meaning where it can, else by words.

    Parameters:
        knowledge: what there is to find.
        model: of the embeddings.
        cache_dir: where they are kept between starts.
        again_secs: after a failure it is tried again so much later.
        many: from so many passages on FAISS searches them.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        client: Client,
        model: str,
        cache_dir: Path,
        again_secs: float = AGAIN_SECS,
        many: int = MANY,
    ) -> None:
        self._again_secs = again_secs
        self._knowledge = knowledge
        self._passages = knowledge.passages
        self._client = client
        self._model = model
        self._cache_dir = cache_dir
        self._many = many
        self._index: _Product | _Faiss | None = None

    async def prepare(self) -> None:
        """Make the index; tried again until the cloud has answered."""
        while self._passages:
            try:
                self._index = await self._made()
                return
            except Exception as error:  # the client raises what HTTP, TLS and JSON raise
                logger.warning("no embeddings of what Maya knows, so words have to do: {}", error)
                await asyncio.sleep(self._again_secs)

    async def search(self, question: str, most: int = 2) -> list[Passage]:
        """The passages nearest to a question, the nearest first."""
        if self._index is None:
            return self._knowledge.search(question, most)
        try:
            async with asyncio.timeout(SEARCH_SECS):
                asked = await self._embedded([question], "RETRIEVAL_QUERY")
        except Exception as error:  # as above
            logger.info("the question was not embedded, so its words have to do: {!r}", error)
            return self._knowledge.search(question, most)
        nearest = self._index.nearest(asked[0], min(most, len(self._passages)))
        return [self._passages[number] for number in nearest]

    async def _made(self) -> "_Product | _Faiss":
        kept = self._cache_dir / f"knowledge-{self._fingerprint()}.npy"
        if (vectors := await asyncio.to_thread(_read, kept)) is None:
            texts = [f"{passage.title}: {passage.text}" for passage in self._passages]
            batches = []
            for start in range(0, len(texts), _BATCH):
                async with asyncio.timeout(_BATCH_SECS):
                    batches.append(await self._embedded(texts[start : start + _BATCH], "RETRIEVAL_DOCUMENT"))
            vectors = np.concatenate(batches)
            await asyncio.to_thread(_write, kept, vectors)
        return await asyncio.to_thread(_Faiss if len(vectors) >= self._many else _Product, vectors)

    def _fingerprint(self) -> str:
        told = repr((self._model, DIMENSIONS, self._passages))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    async def _embedded(self, texts: Sequence[str], purpose: str) -> np.ndarray:
        """Vectors of length one, so that their inner product is how alike they are: (texts, DIMENSIONS)."""
        config = EmbedContentConfig(task_type=purpose, output_dimensionality=DIMENSIONS)
        contents: Any = list(texts)
        answer = await self._client.aio.models.embed_content(model=self._model, contents=contents, config=config)
        vectors = np.array([found.values for found in answer.embeddings or []], dtype=np.float32)
        if vectors.shape != (len(texts), DIMENSIONS):
            raise ValueError(f"embeddings of the shape {vectors.shape} for {len(texts)} texts")
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class _Product:
    """The nearest of a few vectors: one product of two arrays."""

    def __init__(self, vectors: np.ndarray) -> None:
        self._vectors = vectors

    def nearest(self, asked: np.ndarray, most: int) -> Iterable[int]:
        return np.argsort(self._vectors @ asked)[::-1][:most]


class _Faiss:
    """The nearest of many vectors."""

    def __init__(self, vectors: np.ndarray) -> None:
        # It takes a second to import.
        import faiss

        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)  # pyright: ignore[reportCallIssue]

    def nearest(self, asked: np.ndarray, most: int) -> Iterable[int]:
        return self._index.search(asked[np.newaxis], most)[1][0]  # pyright: ignore[reportCallIssue]


def _read(kept: Path) -> np.ndarray | None:
    try:
        vectors = np.load(kept, allow_pickle=False)
    except (OSError, ValueError):
        return None
    return vectors if vectors.ndim == 2 and vectors.shape[1] == DIMENSIONS else None


def _write(kept: Path, vectors: np.ndarray) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=kept.parent, suffix=".npy")
    with os.fdopen(handle, "wb") as file:
        np.save(file, vectors)
    Path(unfinished).replace(kept)
