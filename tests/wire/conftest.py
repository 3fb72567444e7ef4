"""What the tests of the commands share: a small checkout, and a process that runs commands in it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
import shutil
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser

from tests.wire.chromium import launched
from tests.wire.cohost_process import Place, Worker

ROOT = Path(__file__).parents[2]

DEMO = """
on = 2026-01-05
title = "Probe"
[[step]]
do = "say"
at_s = 0
viewer = "v"
market = "DE"
text = "wie schwer ist die Lampe?"
expect = { action = "answer", lang = "de", has = ["412"], cites = ["spec.md"] }
"""


def settings_of_the_readme() -> str:
    """Every key with its default."""
    found = re.search(r"<!-- settings -->\n```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert found
    return found[1]


def key_and_certificate() -> bytes:
    """For 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    at, now = x509.IPAddress(ipaddress.ip_address("127.0.0.1")), dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([at]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(*form) + made.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, probe_folder: Path) -> Place:
    """A checkout whose demo brand is the small folder, also known as my-brand."""
    root = tmp_path_factory.mktemp("place")
    for name in ("cohost", "prompts", "pyproject.toml"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(probe_folder, root / "knowledge_base")
    (root / "my-brand").symlink_to("knowledge_base")
    (root / "my-brand" / "_show").mkdir()
    files = {
        "my-brand/_show/demo.toml": DEMO, "untrue.toml": DEMO.replace("412", "413"),
        "misspelt.toml": DEMO.replace('"answer"', '"anwser"'), "notes.txt": "no log, no folder",
        "half.toml": '[twitch]\nchannel = "show"\n',
        "cohost.toml": settings_of_the_readme(),
    }  # fmt: skip
    for name, text in files.items():
        (root / name).write_text(text, encoding="utf-8")
    (root / "tls.pem").write_bytes(key_and_certificate())
    speech = ROOT / "knowledge_base" / "_show" / "speech"  # “How heavy is the speaker?” and “Stop, stop!”
    shutil.copy(speech / "en-weight.ogg", root / "question.ogg")
    shutil.copy(speech / "host-stop.ogg", root / "stop.ogg")
    with wave.open(str(root / "silence.wav"), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000))
    return Place(root)


@pytest.fixture(scope="module")
def worker(place: Place) -> Iterator[Worker]:
    worker = Worker(place.root, place.environ)
    yield worker
    worker.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as browser:
        yield browser
