from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import torch

from mood2music.generator.event_batch import bar_codes
from mood2music.generator.memory.bar_counts import GO_ON, RETURN, BarCounts
from mood2music.generator.memory.form import Form
from mood2music.generator.memory.guide import Guiding
from mood2music.generator.memory.kinds import EXACT, KINDS
from mood2music.generator.moods import Told
from mood2music.generator.network import EventNetwork, NetworkSettings, build_network
from mood2music.generator.sampling.choice import SamplerSettings
from mood2music.generator.sampling.continuation import continue_events, to_batch
from mood2music.generator.sampling.ending import Ending
from mood2music.generator.sampling.knowing import Heard, Knowing
from mood2music.generator.sampling.layers import KnownTable
from mood2music.generator.sampling.next_events import in_order
from mood2music.generator.sampling.reading import reader_of
from mood2music.mood import Mood
from mood2music.music.events import Events, to_events
from mood2music.music.meter import TimeSignature, places
from tests.conftest import tune
from tests.generator.test_network import SMALL

RETURNING = Form(
    BarCounts(
        {"0": Counter({RETURN: 10**9}), **{str(a): Counter({GO_ON: 10**9}) for a in range(1, 5)}},
        Counter({1: 1}),
        {str(code): Counter({EXACT: 10**9}) for code in range(5)},
    )
)


def network(name: str = "lstm", representation: str = "pitchwise") -> EventNetwork:
    torch.manual_seed(0)
    sizes = {"hidden": 16, "embedding": 16}
    learnt = None
    if representation == "chord":
        from mood2music.generator.chord import ChordVocabulary

        learnt = ChordVocabulary.fit([pieces(1)[0]], 50)
    told = True, "rated", True
    settings = NetworkSettings(name, representation, sizes, False, list(KINDS), *told)
    return build_network(settings, learnt).eval()


def pieces(n: int, length: int = 60) -> list[Events]:
    return [to_events(tune(seed, 110))[:length] for seed in range(n)]


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(
    ("name", "representation"),
    [("lstm", "pitchwise"), ("lstm", "chord"), ("bilstm_attention", "pitchwise"),
     ("transformer", "pitchwise")],
)  # fmt: skip
def test_event_by_event_a_network_reads_what_it_reads_of_the_whole(
    name: str, representation: str, n: int
) -> None:
    reading, music = network(name, representation), pieces(n, 40)
    told = Told([Mood(-0.3, 0.0), Mood(0.6, 0.4)], 90.0, "minor", 0, int(music[0].ends()[-1]))
    guides = [Guiding(RETURNING, 0, m).guide(m, np.random.default_rng(0)) for m in music]
    heard = [Heard(guide=one, told=told) for one in guides]
    knowing = Knowing(list(KINDS), music, heard)
    whole = knowing.of(to_batch(music), music)
    reader = reader_of(reading)
    reader.start(whole.part(None, 30))
    behind = KnownTable(reading.behind) if reading.behind is not None else None
    assert behind is not None
    for at, event in enumerate(in_order(whole.part(30, None)), start=31):
        reader.read(event)
        with torch.no_grad():
            window = whole.part(None, at)
            contexts = reading.encoder(reading.embed(window))[:, -1]
            contexts = reading.context(contexts, window.rows((slice(None), -1)))
        added = behind.added(reader.context.copy(), event)
        assert np.allclose(added, contexts.numpy(), atol=1e-5)


def test_what_is_added_event_by_event_is_what_a_finished_piece_tells() -> None:
    (music,) = pieces(1)
    whole = Knowing(list(KINDS), [music], [Heard()]).of(to_batch([music]), [music])
    knowing = Knowing(list(KINDS), [music[:20]], [Heard()])
    knowing.of(to_batch([music[:20]]), [music[:20]])
    ends = music.ends()
    for at, event in enumerate(in_order(whole.part(20, None)), start=20):
        known = knowing.add(event.tokens, event.durations, ends[at : at + 1])
        assert event.known is not None
        assert known.bars.tolist() == event.known.bars.tolist()
        assert known.codes.tolist() == event.known.codes.tolist()
        assert known.durations.tolist() == event.known.durations.tolist()


def test_places_are_those_of_each_pieces_own_bars() -> None:
    waltz, march = (replace(one, meter=(TimeSignature(0, beats, 4),))
                    for one, beats in zip(pieces(2, 20), (3, 2), strict=True))  # fmt: skip
    known = Knowing([], [waltz, march], [Heard()] * 2).of(to_batch([waltz, march]), [waltz, march])
    for row, music in enumerate((waltz, march)):
        codes = bar_codes(*places(music.meter, music.ends(), music.grid), music.grid)
        assert known.bars is not None
        assert known.bars[row].tolist() == codes.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_a_variant_goes_on_though_others_are_near_their_end(seed: int) -> None:
    reading, music = network(), pieces(3)
    stop = int(music[0].ends()[-1]) // 96 * 96 + 16 * 96
    guiding = Guiding(RETURNING, 0.5, music[0])

    def written(n: int) -> Events:
        guides = [guiding.guide(c, np.random.default_rng(i)) for i, c in enumerate(music[:n])]
        return continue_events(
            reading, music[:n], 400, SamplerSettings(), np.random.default_rng(seed),
            heard=[Heard(guide=guide) for guide in guides], ending=Ending("major", stop),
        )[0]  # fmt: skip

    assert written(3).as_list() == written(1).as_list()


@pytest.mark.parametrize("n", [1, 3])
def test_a_variant_is_the_same_however_many_are_written_beside_it(n: int) -> None:
    reading, music = network(), pieces(3)
    guiding = Guiding(RETURNING, 0.5, music[0])
    guides = [guiding.guide(c, np.random.default_rng(i)) for i, c in enumerate(music[:n])]
    written = continue_events(
        reading, music[:n], 20, SamplerSettings(), np.random.default_rng(3),
        heard=[Heard(guide=guide) for guide in guides],
    )  # fmt: skip
    guide = guiding.guide(music[0], np.random.default_rng(0))
    (alone,) = continue_events(
        reading, music[:1], 20, SamplerSettings(), np.random.default_rng(3),
        heard=[Heard(guide=guide)],
    )  # fmt: skip
    assert written[0].as_list() == alone.as_list()


def test_a_guide_is_asked_for_what_is_written_alone() -> None:
    (music,) = pieces(1, 100)
    music = music[: int(np.flatnonzero(music.ends() % 96 == 0)[-1]) + 1]
    guide = Guiding(RETURNING).guide(music, np.random.default_rng(0))
    known = Knowing(["pointed"], [music], [Heard(guide=guide)]).of(to_batch([music]), [music])
    assert known.recalled is not None
    codes = known.recalled.codes[0, :, 0].tolist()
    assert not any(codes[:-1])
    assert codes[-1] == EXACT


def test_a_network_that_reads_no_more_than_events_is_built_as_before() -> None:
    plain = build_network(NetworkSettings("lstm", "pitchwise", SMALL))
    assert plain.before is None
    assert not [name for name in plain.state_dict() if name.startswith(("before", "behind"))]


def test_without_guidance_a_wanted_mood_changes_nothing_and_with_more_of_it_more() -> None:
    reading, (music,) = network(), pieces(1, 20)

    def written(guidance: float, mood: Mood | None) -> list[object]:
        heard = [Heard(told=Told([] if mood is None else [mood]))]
        sampler = SamplerSettings(guidance=guidance)
        rng = np.random.default_rng(5)
        return continue_events(reading, [music], 40, sampler, rng, heard=heard)[0].as_list()

    sad, glad = Mood(-0.3, -0.4), Mood(0.9, 0.7)
    assert written(0.0, sad) == written(0.0, glad) == written(1.0, None)
    assert written(9.0, sad) != written(9.0, glad)
