"""Which voice speaks a language, and the table that says which is fit for it."""

import pytest

from cohost import settings
from cohost.common.spoken import Spoken
from cohost.errors import OperatorError, SettingsError
from cohost.languages import LANGUAGES
from cohost.mouth import choose, fitness
from cohost.mouth.fitness import Fitness, Row


class Scripted:
    def __init__(self, name: str, *langs: str) -> None:
        self.name, self._langs = name, frozenset(langs)

    def languages(self) -> frozenset[str]:
        return self._langs

    async def speak(self, text: str, lang: str) -> Spoken:
        return Spoken(b"", (), exact=True)

    async def close(self) -> None: ...


def row(engine: str, lang: str, *, fit: bool) -> Row:
    return Row(engine, lang, "v", 0.1, 0.1, 1.0, 12, "2026-11-20", fit)


TABLE = Fitness([
    row("neural", "en", fit=True), row("neural", "es", fit=False), row("plain", "en", fit=True),
    row("plain", "es", fit=True), row("plain", "zh", fit=False),
])  # fmt: skip


def test_the_first_fit_voice_speaks_and_an_unfit_language_is_posted():
    neural, plain = Scripted("neural", "en", "es"), Scripted("plain", "en", "es", "zh", "de")
    voices = choose.Voices([neural, plain], settings.Voice(), TABLE)
    assert voices.for_("en-GB") is neural
    assert voices.for_("es") is plain
    assert voices.for_("zh-TW") is None
    assert voices.for_("de") is None  # never measured
    assert voices.languages() == ("en", "es")


def test_the_rooms_languages_limit_what_is_spoken():
    voices = choose.Voices([Scripted("plain", "en", "es")], settings.Voice(langs=("es-MX",)), TABLE)
    assert voices.for_("en") is None
    assert voices.for_("es") is not None


def test_an_engine_that_is_asked_for_and_missing_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setattr(choose.kokoro, "installed", lambda: False)
    with pytest.raises(SettingsError, match=r"got voice\.engine = kokoro.*cohost\[neural\]"):
        choose.installed_voices(settings.Voice(engine="kokoro"))
    assert [v.name for v in choose.installed_voices(settings.Voice())] == ["pyttsx3"]


def test_a_table_is_written_and_read_back():
    assert fitness.parse(fitness.dump(TABLE, "about\n\nit"), "x").rows == tuple(
        sorted(TABLE.rows, key=lambda r: (r.engine, r.lang))
    )
    with pytest.raises(OperatorError, match=r"^x: got .*expected the table"):
        fitness.parse("voice = 3", "x")


def test_the_shipped_table_holds_every_voice_and_says_fit_by_the_rule():
    table = fitness.load()
    assert {r.lang for r in table.rows if r.engine == "pyttsx3"} == set(LANGUAGES)
    assert {r.lang for r in table.rows if r.engine == "kokoro"} == {"en", "es", "fr", "pt", "it", "hi"}
    assert table.fit("pyttsx3", "en")
    for r in table.rows:
        assert r.fit == fitness.fit(r.cer, r.figures, r.sentences), r
