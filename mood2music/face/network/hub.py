"""Checks that timm has a network of a name, and that its weights can be had.

Nothing here imports torch.
"""

import difflib
import re
import threading
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path

from mood2music.errors import CheckpointError, UnknownNameError

PATIENCE = 3.0  # seconds to reach the host of the weights; the hub's own client retries for 47


def check_name(name: str) -> None:
    """Raise UnknownNameError where timm registers no such network; timm itself is not imported.

    Its sources are searched for the function, or for the name as an older one that still works. A
    tag of weights, resnet18.a1_in1k, and networks of the hub, hf-hub:..., are timm's to refuse.
    """
    base = name.partition(".")[0]
    spec = find_spec("timm")
    if spec is None or spec.origin is None or ":" in name:
        return
    files = sorted((Path(spec.origin).parent / "models").glob("*.py"))
    sources = "".join(file.read_text(encoding="utf-8") for file in files)
    if f"def {base}(" in sources or f"'{base}'" in sources:
        return
    known = re.findall(r"@register_model\s*\ndef (\w+)\(", sources)
    near = difflib.get_close_matches(base, known, 3) or ["resnet18", "alexnet"]
    raise UnknownNameError(
        f"model.name={name}: timm has no such network, near names: {', '.join(near)}"
    )


def check(name: str) -> None:
    """Raise CheckpointError when weights of `name` are neither in the hub's cache nor in reach."""
    from huggingface_hub import constants

    # The hub's cache has a folder a repository: models--timm--resnet18.a1_in1k.
    if any(Path(constants.HF_HUB_CACHE).glob(f"models--*--{name}*")):
        return
    check_host(name, constants.ENDPOINT)


def check_host(name: str, address: str) -> None:
    """Raise CheckpointError when `address`, which has the weights of `name`, does not answer."""
    if not reachable(address):
        raise CheckpointError(
            f"weights of {name} cannot be downloaded ({address} is out of reach): set "
            "model.pretrained=false, use model=alexnet (weights shipped), or try again online"
        )


def reachable(address: str) -> bool:
    """Ask once, proxies heeded; on a thread, as a name lookup has no time limit of its own."""
    answers: list[bool] = []

    def ask() -> None:
        request = urllib.request.Request(address, method="HEAD")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):
                answers.append(True)
        except urllib.error.HTTPError:
            answers.append(True)  # an answer all the same
        except (OSError, ValueError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    return bool(answers)
