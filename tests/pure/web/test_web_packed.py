"""Static answers: gzip to whom takes it, an ETag a form, 304 only for the very bytes."""

import gzip
from pathlib import Path

import pytest
from starlette.requests import Request

from cohost.web.packed import Packed, holds, pack, pack_folder, takes_gzip

WORDS = b"the same words again and again. " * 40


def asked(**headers: str) -> Request:
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "headers": told})


def page() -> Packed:
    return pack(WORDS, "text/html; charset=utf-8")


def test_the_bytes_are_the_same_whichever_form_is_taken() -> None:
    plain, small = page().answer(asked()), page().answer(asked(accept_encoding="br, gzip"))
    assert plain.body == WORDS
    assert "content-encoding" not in plain.headers
    assert small.headers["content-encoding"] == "gzip"
    assert gzip.decompress(bytes(small.body)) == WORDS
    assert len(small.body) < len(WORDS) / 4
    assert plain.headers["vary"] == small.headers["vary"] == "Accept-Encoding"


def test_each_form_has_its_own_etag_and_answers_304_to_it_alone() -> None:
    plain, small = page().answer(asked()), page().answer(asked(accept_encoding="gzip"))
    assert plain.headers["etag"] != small.headers["etag"]
    for form, takes in ((plain, {}), (small, {"accept_encoding": "gzip"})):
        again = page().answer(asked(if_none_match=f'"x", W/{form.headers["etag"]}', **takes))
        assert (again.status_code, again.body) == (304, b"")
        assert again.headers["etag"] == form.headers["etag"]
    assert page().answer(asked(if_none_match=small.headers["etag"])).status_code == 200
    other = pack(WORDS + b"!", "text/html").answer(asked(if_none_match=plain.headers["etag"]))
    assert other.status_code == 200


def test_what_gzip_does_not_shrink_stays_as_it_is() -> None:
    noise = bytes(n * 97 % 251 for n in range(64))
    assert pack(noise, "image/png").small is None
    assert pack(noise, "image/png").answer(asked(accept_encoding="gzip")).body == noise


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ("gzip, deflate, br", True), ("GZIP", True), ("gzip;q=0.5", True), ("*", True), ("", False),
        ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("*;q=1, gzip;q=0", False),
        ("identity, *;q=0", False),
    ],
)  # fmt: skip
def test_gzip_goes_only_to_whom_takes_it(said: str, takes: bool) -> None:
    assert takes_gzip({"accept-encoding": said}) is takes


def test_any_etag_is_held_by_whom_says_so() -> None:
    assert holds("*", '"x"')
    assert not holds("", '"x"')


def test_a_folders_files_are_known_by_name_and_kind(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_bytes(WORDS)
    (tmp_path / "a.css").write_bytes(WORDS)
    (tmp_path / "inner").mkdir()
    found = pack_folder(tmp_path)
    assert {name: one.media_type for name, one in found.items()} == {
        "a.js": "text/javascript; charset=utf-8", "a.css": "text/css; charset=utf-8",
    }  # fmt: skip
