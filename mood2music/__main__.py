"""Tells what there is: `python -m mood2music`; a command's name behind it runs that command."""

import importlib
import sys

from mood2music.command.streams import make_patient
from mood2music.version import told

# In the order in which one meets them: what each does, and a line to copy.
COMMANDS = {
    "generate": ("write a piece from a photo, a mood, a song or a file", "photo=me.jpg style=jazz"),
    "play": ("hear a piece", "outputs/generate/FOLDER"),
    "app": ("open the page in a browser", "app.open=true"),
    "catalog": ("look for songs by mood, or make a catalog of your own", "search near=[0.5,0.2]"),
    "prepare": ("see what is in a folder of music or pictures", "data=midi data.root=my_midi"),
    "train": ("train any of the networks", "model=lstm data=midi data.root=my_midi"),
    "results": ("read runs back as one table", "outputs/sweeps/FOLDER"),
    "evaluate": ("measure photos, a network or pieces", "pieces=my_midi"),
    "export": ("write a face network as ONNX", "weights=best.safetensors"),
}


def main() -> None:
    """Print the commands with an example each, or run the one that is named."""
    make_patient()  # of a reader that leaves, as head does
    words = sys.argv[1:]
    if words and words[0] in COMMANDS:
        module = f"mood2music.{words[0]}"
        sys.argv = [module, *words[1:]]
        importlib.import_module(f"{module}.__main__" if words[0] == "catalog" else module).main()
        return
    if words[:1] == ["--version"]:
        print(told())
        return
    if words and not {"-h", "--help"} & set(words):
        print(
            f"error: {words[0]}: expected one of {', '.join(COMMANDS)}; "
            "python -m mood2music tells what each does",
            file=sys.stderr,
        )
        sys.exit(1)
    print(page())


def page() -> str:
    """The page of all commands."""
    lines = [told(), "A face's mood, a song that has it, and a new piece from that song.", ""]
    for name, (does, example) in COMMANDS.items():
        lines += [f"{name:9} {does}", f"{'':9}   python -m mood2music.{name} {example}"]
    return "\n".join([*lines, "", "--help behind a command lists all that it can be told."])


if __name__ == "__main__":
    main()
