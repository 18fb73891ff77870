"""Reads what wandb wrote offline: the run, its summary and its exit code."""

import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The log format of LevelDB, with a header of seven bytes.
HEADER, BLOCK, RECORD = 7, 32768, struct.Struct("<IHB")
WHOLE, LAST = 1, 4


@dataclass
class LoggedRun:
    """One run as wandb would send it.

    exit_code: None for a run that was never finished; artifacts: names of their files by their own;
    media: files shown outside of artifacts.
    """

    project: str = ""
    id: str = ""
    name: str = ""
    group: str = ""
    job_type: str = ""
    tags: list[str] = field(default_factory=list)
    notes: str = ""
    exit_code: int | None = None
    summary: dict[str, Any] = field(default_factory=dict)
    artifacts: dict[str, list[str]] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)


def read_runs(folder: Path) -> list[LoggedRun]:
    """Every offline run below `folder`, in order of its path."""
    return [_read(path) for path in sorted(folder.rglob("*.wandb"))]


def _read(path: Path) -> LoggedRun:
    from wandb.proto.wandb_internal_pb2 import Record

    run = LoggedRun()
    for data in _records(path.read_bytes()):
        record = Record.FromString(data)
        kind = record.WhichOneof("record_type")
        if kind == "run":
            said = record.run
            run.project, run.id, run.name = said.project, said.run_id, said.display_name
            run.group, run.job_type, run.notes = said.run_group, said.job_type, said.notes
            run.tags = list(said.tags)
        elif kind == "artifact":
            held = record.artifact.manifest.contents
            run.artifacts[record.artifact.name] = [Path(file.path).name for file in held]
        elif kind == "files":
            shown = (file.path for file in record.files.files)
            run.media += [name for name in shown if name.startswith("media/")]
        elif kind == "exit":
            run.exit_code = record.exit.exit_code
        elif kind == "summary":
            for item in record.summary.update:
                name = item.key or ".".join(item.nested_key)
                run.summary[name] = json.loads(item.value_json)
    return run


def _records(data: bytes) -> list[bytes]:
    records, parts, at = [], b"", HEADER
    while at + RECORD.size <= len(data):
        left = BLOCK - at % BLOCK
        if left < RECORD.size:
            at += left
            continue
        _, length, kind = RECORD.unpack_from(data, at)
        parts += data[at + RECORD.size : at + RECORD.size + length]
        at += RECORD.size + length
        if kind in (WHOLE, LAST):
            records.append(parts)
            parts = b""
    return records
