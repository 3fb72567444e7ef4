"""Every mistake gets one clear line: what came, what was expected, what to do; exit code 2."""

from __future__ import annotations

import shlex

import pytest

from tests.wire.cohost_process import Place, Worker, clear

pytestmark = [pytest.mark.wire, pytest.mark.timeout(240)]

BAD: list[tuple[str, tuple[str, ...]]] = [
    ("", ("COMMAND",)),
    ("frobnicate", ("frobnicate", "serve")),
    ("ask", ("no question", "cohost ask")),
    ("ask x --stdin", ("both",)),
    ("ask x --nonsense", ("--nonsense", "cohost ask --help")),
    ("ask x --on soon", ("soon", "2026-11-20")),
    ("ask x --kb nowhere", ("nowhere", "no folder")),
    ("ask x --kb notes.txt", ("notes.txt", "no folder")),
    ("ask x --lang klingon", ("klingon", "en, es")),
    ("ask x --market Germany", ("Germany", "DE")),
    ("ask ''", ("without readable text",)),
    (f"ask {'x' * 20_000}", ("20000", "10000")),
    ("serve --port 99999", ("99999", "65535")),
    ("serve --port many", ("many", "cohost serve --help")),
    ("serve --host 300.1.1.1 --port 0", ("300.1.1.1", "127.0.0.1")),
    ("serve --config nowhere.toml", ("nowhere.toml",)),
    ("serve --config my-brand", ("my-brand", "directory")),
    ("serve --tls-cert notes.txt", ("--tls-key",)),
    ("serve --tls-cert notes.txt --tls-key notes.txt", ("PEM",)),
    ("serve --tls-cert nowhere.pem --tls-key nowhere.pem", ("nowhere.pem", "PEM")),
    ("serve --port 0 --log notes.txt", ("notes.txt", "--log")),
    ("serve --port 0 --log my-brand", ("my-brand", "--log")),
    ("serve --port 0 --log notes.txt/show.log", ("notes.txt", "--log")),
    ("preflight --hours 0", ("--hours 0", "48")),
    ("preflight --config half.toml", ("[twitch] channel", "nick")),
    ("serve --port 0 --config half.toml", ("[twitch] channel", "nick")),
    ("forget --older soon", ("soon", "cohost forget --help")),
    ("forget", ("VIEWER", "--older")),
    ("demo --port -1", ("-1", "65535")),
    ("demo --script nowhere.toml", ("nowhere.toml",)),
    ("demo --script notes.txt", ("notes.txt", "TOML")),
    ("demo --script misspelt.toml", ("misspelt.toml", "anwser", "action")),
    ("detect", ("TEXT", "cohost detect --help")),
    ("detect x --hint klingon", ("klingon",)),
    ("transcribe nowhere.wav", ("nowhere.wav",)),
    ("transcribe notes.txt", ("notes.txt", "audio")),
    ("transcribe silence.wav --lang klingon", ("klingon", "es")),
    ("listen nowhere.wav", ("nowhere.wav", "audio")),
    ("listen silence.wav --over nowhere.wav", ("nowhere.wav", "audio")),
    ("listen silence.wav --market Germany", ("Germany", "DE")),
    ("voices --measure --lang klingon", ("klingon", "en es")),
    ("kb", ("build|check",)),
    ("kb build nowhere", ("nowhere", "no folder")),
    ("kb check --market Germany", ("Germany", "DE")),
    ("kb check --out nowhere/x.html", ("nowhere/x.html",)),
    ("script", ("--market", "cohost script --help")),
    ("script --market Germany", ("Germany", "DE")),
    ("script --product lampe --market DE", ("--product lampe", 'did you mean "lamp"')),
    ("script --product chair --market DE", ("--product chair", "lamp")),
    ("script --market UK", ("--market UK", "DE, US")),
    ("script --market EN", ("--market EN", 'did you mean "US"')),
    ("script --market DE --lang klingon", ("klingon", "en, es")),
    ("script --market DE --kb nowhere", ("nowhere", "no folder")),
    ("script --market DE --on soon", ("soon", "2026-11-20")),
    ("replay nowhere.log", ("nowhere.log",)),
    ("replay notes.txt", ("notes.txt", "no readable show log")),
    ("report notes.txt", ("notes.txt", "no readable show log")),
    ("report my-brand", ("my-brand",)),
    ("forget v --log nowhere.log", ("nowhere.log", "show log")),
    ("bench nothing", ("nothing", "text")),
    ("bench --data nowhere", ("nowhere", "recordings")),
    ("eval nothing", ("nothing", "answers")),
    ("eval language/nothing", ("language/nothing", "cases")),
    ("eval language --repeat 0", ("--repeat 0", "1 or more")),
    ("eval language --lang klingon", ("klingon", "en, es")),
    ("eval language --data nowhere", ("nowhere", "recordings")),
    ("eval language --baseline nowhere.json", ("nowhere.json", "--write-baseline")),
    ("eval language --baseline notes.txt", ("notes.txt", "--write-baseline")),
    ("eval language --only-failed --out nowhere", ("--only-failed", "nowhere")),
]  # fmt: skip

SETTINGS = [
    ("[web]\nprot = 1", ("web.prot", "port")),
    ('[web]\nport = "x"', ("web.port = 'x'", "a whole number")),
    ("web = 3", ("web = 3", "a section")),
    ("[web", ("TOML",)),
    ("llm = 3", ("llm = 3", "a section")),
    ('on = "soon"', ("soon", "2026-11-20")),
    ('[voice]\nengine = "harp"', ("voice.engine = 'harp'", "pyttsx3")),
    ('[voice]\nlangs = ["en", 3]', ("voice.langs", "3", "a text")),
    ('[voice]\nlangs = ["klingon"]', ("voice.langs", "klingon", "en, es")),
    ("[voice]\nshare = nan", ("voice.share", "0 to 1")),
]

KB_TOML = [
    ("host_lang = ", "host_lnag = ", ("kb.toml:4", "host_lnag", "host_lang")),
    ("value = 41.5", "value = {a = 1}", ("kb.toml:25", "expected")),
    ('models = ["PL-7"]', 'models = ["PL-7"', ("kb.toml", "TOML")),
    ('"price"', '"prise"', ("prise", "price")),
    ('code = "US"', 'code = "DE"', ("DE", "again")),
    ("[brand]", "[brand]\n\ud800", ("kb.toml", "UTF-8")),
]


@pytest.mark.parametrize(("line", "words"), BAD, ids=[line[:60] for line, _ in BAD])
def test_a_mistake_on_the_command_line_gets_one_clear_line(
    place: Place, worker: Worker, line: str, words: tuple[str, ...]
) -> None:
    done = worker.run(*shlex.split(line))
    clear(done, *words)
    assert done.out == "" or line.startswith(("kb check", "forget"))
    assert not list(place.root.glob("notes.txt.lock"))


@pytest.mark.parametrize(("text", "words"), SETTINGS, ids=[text for text, _ in SETTINGS])
def test_a_mistake_in_the_settings_names_file_key_and_what_belongs_there(
    place: Place, worker: Worker, text: str, words: tuple[str, ...]
) -> None:
    (place.root / "odd.toml").write_text(text, encoding="utf-8")
    clear(worker.run("serve", "--config", "odd.toml", COHOST_LLM_MODEL="m"), "odd.toml", *words)


@pytest.mark.parametrize(("old", "new", "words"), KB_TOML, ids=[words[-1] for *_, words in KB_TOML])
def test_a_mistake_in_kb_toml_names_its_line(
    place: Place, worker: Worker, old: str, new: str, words: tuple[str, ...]
) -> None:
    text = (place.root / "my-brand" / "kb.toml").read_text(encoding="utf-8")
    (place.root / "wrong").mkdir(exist_ok=True)
    (place.root / "wrong" / "kb.toml").write_bytes(text.replace(old, new, 1).encode("utf-8", "surrogatepass"))
    assert old in text
    clear(worker.run("kb", "check", "wrong"), *words)


def test_a_folder_that_names_no_product_has_no_script(place: Place, worker: Worker) -> None:
    (place.root / "nameless").mkdir(exist_ok=True)
    (place.root / "nameless" / "spec.md").write_text("# Lamp\n\nWeight: 412 g\n", encoding="utf-8")
    clear(worker.run("script", "--market", "DE", "--kb", "nameless"), "no product", "[[product]]")


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_STATE_HOME"])
def test_a_cache_or_state_that_cannot_be_written_is_told(place: Place, variable: str) -> None:
    at = str(place.root / "notes.txt")
    clear(place.run("serve", "--port", "0", **{variable: at}), at, "expected")
