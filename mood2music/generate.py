"""Write a piece: `python -m mood2music.generate photo=me.jpg style=jazz seed_len=35 length=400`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.command.running import Running, running
from mood2music.command.text import shortened, visible
from mood2music.errors import SettingsError
from mood2music.files import CONFIGS
from mood2music.learn import run_log
from mood2music.study.sweep import conclude

if TYPE_CHECKING:
    from mood2music.flow.composed import Written
    from mood2music.flow.request import GenerateSettings


# A folder of its own: beside the training group `model`, a plain model=name would be refused.
@entrypoint("generate", CONFIGS / "generate", conclude)
def main(config: DictConfig) -> float | None:
    """Walk from a photo, mood, song or MIDI file to a new piece, and print its folder."""
    from mood2music.command.settings import parse
    from mood2music.flow.request import GenerateSettings
    from mood2music.flow.request_files import check_files
    from mood2music.flow.request_told import as_told

    settings = parse(GenerateSettings, config)
    check_sweep(settings.metric)
    job = without_addresses(running())
    told = {name: value for name, value in as_told(settings).items() if name != "logger"}
    with run_log.opened(settings.logger, job.folder, told, job, private=True) as log:
        check_files(settings)
        written = write(settings, job.folder)
        publish(log, written, job.overrides)
    figure = None
    if settings.metric is not None:
        figure = written.manifest.figures().get(settings.metric)
        if figure is None:
            raise SettingsError(f"metric={settings.metric}: the piece is too short to have one")
        print(f"{settings.metric} {figure:.4g}", flush=True)
    print(written.folder, flush=True)
    if settings.play:
        from mood2music.render.hearing import play

        play(written.folder)
    return figure


def write(settings: "GenerateSettings", folder: Path) -> "Written":
    """Compose and write what is asked into a folder, telling how far it is."""
    # torch takes seconds to import: a wrong word should not wait for it.
    from tqdm import tqdm

    from mood2music.flow.pipeline import compose

    with (
        tqdm(desc="learning", unit="step", leave=False, disable=None, delay=1e-9) as learnt,
        tqdm(total=settings.length, desc="writing", unit="event", leave=False, disable=None,
             delay=0.2) as bar,
    ):  # fmt: skip

        def learning(done: int, total: int) -> None:
            learnt.total = total
            learnt.update(done - learnt.n)

        def report(line: str) -> None:
            with tqdm.external_write_mode():
                print(shortened(visible(line)), flush=True)

        composed = compose(
            settings,
            report,
            lambda done, total: bar.update(done - bar.n),
            learning,
        )
    return composed.write(folder, _counting(1 if settings.pick else settings.n))


def check_sweep(metric: str | None) -> None:
    """Raise SettingsError for a sweeper that optimises a figure, where none is named."""
    hydra = HydraConfig.get()
    sweeper = hydra.runtime.choices.get("hydra/sweeper", "basic")
    if metric is None and hydra.mode == RunMode.MULTIRUN and sweeper != "basic":
        raise SettingsError(
            f"hydra/sweeper={sweeper} looks at a figure: name one, for example "
            "metric=mood_distance, and hydra.sweeper.direction=minimize or maximize"
        )


def without_addresses(job: Running) -> Running:
    """The job without words that may hold a camera's password."""
    return replace(job, overrides=[w for w in job.overrides if "camera" not in w])


def publish(log: run_log.RunLog, written: "Written", overrides: Sequence[str]) -> None:
    """Show the run's figures, scores, sounds and files where it is logged; of a photo nothing.

    The table `pieces` has a row a variant and what was asked for in columns: wandb puts the rows of
    a sweep's runs below one another.
    """
    asked = dict(_cell(word) for word in overrides)
    rows = []
    measured = [piece.figures() for piece in written.manifest.pieces]
    names = dict.fromkeys(name for own in measured for name in own)
    for number, own in enumerate(measured):
        files = written.files(number)
        shown = {
            "score": next((file for file in files if file.match("score*.png")), None),
            "piano roll": next((file for file in files if file.match("pianoroll*.png")), None),
            "sound": next((file for file in files if file.suffix in run_log.SOUNDS), None),
        }
        media = {name: file for name, file in shown.items() if file is not None}
        if number == 0 and media:
            log.tell(media)
        rows.append({"variant": number + 1, **asked, **{n: own.get(n) for n in names}, **media})
        music = [file for file in files if file.suffix in (".mid", ".musicxml")]
        log.keep_files(f"piece_{number + 1}", "music", music)
    log.tell({"pieces": rows})
    log.summarise(written.manifest.figures())


def _cell(word: str) -> tuple[str, str | float]:
    """An override's name and value, a number where it is one, of a path the last part.

    >>> _cell("style.strength=0.5"), _cell("midi=my/tune.mid")
    (('style.strength', 0.5), ('midi', 'tune.mid'))
    """
    name, _, value = word.lstrip("+").partition("=")
    try:
        return name, float(value)
    except ValueError:
        return name, Path(value).name if "/" in value else value


def _counting(n: int) -> Callable[[Path], None]:
    """Tell how far the files of several pieces are; each piece begins with its MIDI file."""
    begun = 0

    def wrote(file: Path) -> None:
        nonlocal begun
        if n > 1 and file.suffix == ".mid":
            begun += 1
            print(f"piece  {begun} of {n}: {file.name}", flush=True)

    return wrote


if __name__ == "__main__":
    main()
