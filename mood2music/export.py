"""Write face networks as ONNX: `python -m mood2music.export weights=best.safetensors`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import DictConfig

from mood2music.command.entrypoint import entrypoint
from mood2music.errors import SettingsError


@dataclass
class ExportSettings:
    """configs/export.yaml.

    weights: a face checkpoint or a list of them, null for the shipped; out: the ONNX file, or with
    several weights a folder, null for best.onnx beside best.safetensors, and the cache for the
    shipped. `generate` and `evaluate` find both by themselves.
    """

    weights: Any = None
    out: str | None = None


@entrypoint("export")
def main(config: DictConfig) -> None:
    """Write each checkpoint as ONNX, and print the difference from torch and the path."""
    from mood2music.command.settings import parse

    planned = plan(parse(ExportSettings, config))
    # torch takes seconds to import: a wrong word should not wait for it.
    from mood2music.face.network.onnx_export import export

    for weights, path in planned:
        done = export(weights, path)
        print(
            f"onnx   {', '.join(done.outputs)} from {weights.name}: at most "
            f"{done.difference:.1g} away from torch"
        )
        print(done.path, flush=True)


def plan(settings: ExportSettings) -> Sequence[tuple[Path, Path]]:
    """Pair each checkpoint with the ONNX file to write.

    Raises SettingsError when two would be written to one file, or `weights` names nothing.
    """
    from mood2music.errors import CheckpointError
    from mood2music.face.network.onnx_file import target
    from mood2music.face.reading.reader import SHIPPED
    from mood2music.files import checksum

    named = settings.weights
    if named is None:
        files = list(SHIPPED)
    else:
        files = [Path(str(n)).expanduser() for n in (named if isinstance(named, list) else [named])]
    if not files:
        raise SettingsError("weights=[]: expected a face checkpoint or several, or null")
    for file in files:
        if not file.is_file():
            raise CheckpointError(f"no checkpoint at {file}: pass weights=best.safetensors")
    if settings.out is None:
        paths = [target(file, checksum(file)) for file in files]
    else:
        out = Path(settings.out).expanduser()
        single = len(files) == 1 and not out.is_dir()
        if single and out.suffix != ".onnx":
            raise SettingsError(f"out={out}: expected a name that ends in .onnx, or a folder")
        if not single and out.suffix == ".onnx":
            raise SettingsError(f"out={out} for {len(files)} networks: expected a folder")
        paths = [out] if single else [out / f"{file.stem}.onnx" for file in files]
    for path in paths:
        if paths.count(path) > 1:
            named_so = ", ".join(str(f) for f, p in zip(files, paths, strict=True) if p == path)
            raise SettingsError(f"{named_so} would become one {path}: export them one by one")
    return list(zip(files, paths, strict=True))


if __name__ == "__main__":
    main()
