"""A CTranslate2 model small enough to make in a test: real files, random weights, words of its own."""

from __future__ import annotations

from pathlib import Path

import ctranslate2
import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

DIM, HEADS = 16, 2
WORDS = ("<unk>", "<s>", "</s>", "the", "lamp", "weighs", "412", "g", "la", "lámpara", "pesa", "gramos")


def make(folder: Path) -> None:
    """model.bin with its vocabulary, and tokenizer.json."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(7)
    spec = ctranslate2.specs.TransformerSpec.from_config(1, HEADS)
    _fill(spec, rng)
    spec.register_source_vocabulary(list(WORDS))
    spec.register_target_vocabulary(list(WORDS))
    spec.validate()
    spec.save(str(folder))
    words = Tokenizer(models.WordLevel({w: n for n, w in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    words.save(str(folder / "tokenizer.json"))


def _fill(spec: ctranslate2.specs.TransformerSpec, rng: np.random.Generator) -> None:
    def matrix(rows: int, columns: int) -> np.ndarray:
        return rng.normal(0, 0.3, (rows, columns)).astype(np.float32)

    def linear(part: ctranslate2.specs.common_spec.LinearSpec, rows: int, columns: int) -> None:
        part.weight = matrix(rows, columns)
        part.bias = np.zeros(rows, np.float32)

    def norm(part: ctranslate2.specs.common_spec.LayerNormSpec) -> None:
        part.gamma, part.beta = np.ones(DIM, np.float32), np.zeros(DIM, np.float32)

    def attention(part: ctranslate2.specs.attention_spec.MultiHeadAttentionSpec, *shapes: int) -> None:
        for layer, rows in zip(part.linear, shapes, strict=True):
            linear(layer, rows, DIM)
        norm(part.layer_norm)

    def feed_forward(part: ctranslate2.specs.transformer_spec.FeedForwardSpec) -> None:
        linear(part.linear_0, 2 * DIM, DIM)
        linear(part.linear_1, DIM, 2 * DIM)
        norm(part.layer_norm)

    spec.encoder.embeddings[0].weight = matrix(len(WORDS), DIM)
    spec.decoder.embeddings.weight = matrix(len(WORDS), DIM)
    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
    for layer in spec.encoder.layer:
        attention(layer.self_attention, 3 * DIM, DIM)
        feed_forward(layer.ffn)
    for layer in spec.decoder.layer:
        attention(layer.self_attention, 3 * DIM, DIM)
        attention(layer.attention, DIM, 2 * DIM, DIM)
        feed_forward(layer.ffn)
    linear(spec.decoder.projection, len(WORDS), DIM)
