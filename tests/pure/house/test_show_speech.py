"""The spoken questions of the demo show: what the manifest says of each file holds."""

import hashlib
import tomllib

import numpy as np
import pytest
import soundfile

from cohost import resources

FOLDER = resources.find("knowledge_base") / "_show" / "speech"
CLIPS = tomllib.loads((FOLDER / "manifest.toml").read_text(encoding="utf-8"))["clip"]


def test_every_file_is_in_the_manifest_and_small():
    files = {f.name: f.stat().st_size for f in FOLDER.glob("*.ogg")}
    assert set(files) == {clip["file"] for clip in CLIPS}
    assert max(files.values()) < 40_000


def test_each_spoken_language_has_its_questions_and_the_host_another_voice():
    viewers = [clip for clip in CLIPS if clip["role"] == "viewer"]
    for lang in ("en", "es", "fr", "pt"):
        assert sum(clip["lang"] == lang for clip in viewers) >= 2
    assert all(clip["answer"] and clip["market"] for clip in viewers)
    hosts = {clip["voice"] for clip in CLIPS if clip["role"] == "host"}
    assert len(hosts) == 1
    assert not hosts & {clip["voice"] for clip in viewers}


@pytest.mark.parametrize("clip", CLIPS, ids=lambda clip: clip["id"])
def test_onset_and_end_of_speech_are_where_the_sound_is(clip):
    data = (FOLDER / clip["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == clip["sha256"]
    sound, rate = soundfile.read(FOLDER / clip["file"], dtype="float32")
    assert (rate, sound.ndim) == (24_000, 1)
    assert abs(len(sound) * 1000 / rate - clip["duration_ms"]) <= 1
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max()) * 1000 / rate
    assert -10 <= loud[0] - clip["onset_ms"] <= 60
    assert -60 <= loud[-1] - clip["end_ms"] <= 10
