"""When a result is looked at again: doubtful ones, unless they are too short and too improbable for words."""

from cohost.ears.recognizer import Transcript, compression, doubtful, hopeless


def result(logprob: float, squeezed: float = 1.0) -> Transcript:
    return Transcript("x", "en", 0.9, logprob, squeezed, 1000)


def test_repetition_and_improbable_words_are_doubtful() -> None:
    assert doubtful(result(-1.0))
    assert doubtful(result(-0.2, 2.5))
    assert doubtful(result(float("nan")))
    assert not doubtful(result(-0.5))
    assert compression("ha" * 60) > 2
    assert compression("") == 0


def test_a_murmur_is_not_worth_a_second_look_and_a_sentence_is() -> None:
    assert hopeless(result(-1.5), 0.9)
    assert not hopeless(result(-1.5), 3.0)
    assert not hopeless(result(-1.0), 0.9)
