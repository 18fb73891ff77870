"""Write a piece: `python -m mood2music.generate photo=me.jpg style=jazz seed_len=35 length=400`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.command.text import shortened, visible
from mood2music.files import CONFIGS

if TYPE_CHECKING:
    from mood2music.flow.pipeline import Written
    from mood2music.flow.request import GenerateSettings


# A folder of its own: beside the training group `model`, a plain model=name would be refused.
@entrypoint("generate", CONFIGS / "generate")
def main(config: DictConfig) -> float | None:
    """Walk from a photo, mood, song or MIDI file to a new piece, and print its folder."""
    from mood2music.command.settings import parse
    from mood2music.flow.request import GenerateSettings

    settings = parse(GenerateSettings, config)
    settings.check_files()
    written = write(settings, Path(HydraConfig.get().runtime.output_dir))
    figure = None
    if settings.metric is not None:
        figure = written.manifest.figures()[settings.metric]
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

    with tqdm(
        total=settings.length, desc="writing", unit="event", leave=False, disable=None, delay=0.2
    ) as bar:
        composed = compose(
            settings,
            lambda line: print(shortened(visible(line)), flush=True),
            lambda done, total: bar.update(done - bar.n),
        )
    return composed.write(folder, _counting(settings.n))


def _counting(n: int) -> Callable[[str], None]:
    """Tell how far the files of several pieces are; each piece begins with its MIDI file."""
    begun = 0

    def wrote(name: str) -> None:
        nonlocal begun
        if n > 1 and name.endswith(".mid"):
            begun += 1
            print(f"piece  {begun} of {n}: {name}", flush=True)

    return wrote


if __name__ == "__main__":
    main()
