"""Every source with logic has its test file, tests/<room>/test_<module>.py, or a named other."""

import ast

from mood2music.files import PACKAGE

TESTS = PACKAGE.parent / "tests"
# Statements inside functions; a source with fewer is read at a glance.
LOGIC = 10
NAMES = {"__main__": "main"}

# Source: the tests that prove it elsewhere. What one test can only see of several sources together
# stands in one file.
ELSEWHERE = {
    "app.py": ["page/test_server.py"],
    "evaluate.py": ["evaluation/test_command.py"],
    "face/reading/photo_reading.py": ["face/reading/test_reader.py"],
    "flow/composed.py": ["test_generate.py", "flow/test_pipeline.py"],
    "flow/piece.py": ["flow/test_pipeline.py", "flow/test_rewriting.py"],
    "generator/bilstm_attention.py": ["generator/test_network.py"],
    "generator/chord.py": ["generator/test_network.py", "generator/sampling/test_chord_words.py"],
    "generator/data_settings.py": ["test_configs.py", "generator/test_windows.py"],
    "generator/lstm.py": ["generator/test_network.py"],
    "generator/pitchwise.py": ["generator/test_network.py", "generator/sampling/test_chords.py"],
    "generator/polymusic/settings.py": ["generator/polymusic/test_network.py", "test_configs.py"],
    "generator/rereading.py": ["style/test_authorship.py"],
    "generator/sampling/drawing.py": [
        "generator/sampling/test_chords.py",
        "generator/sampling/test_chord_words.py",
    ],
    "generator/section_writer.py": ["generator/test_structure.py"],
    "generator/settings.py": ["test_configs.py", "generator/test_task.py"],
    "generator/task.py": ["test_train.py"],
    "learn/profile.py": ["test_train.py"],
    "learn/resume.py": ["learn/test_fit.py"],
    "learn/callback_settings.py": ["learn/test_chosen_callbacks.py"],
    "learn/callbacks.py": ["learn/test_fit.py", "test_train.py"],
    "learn/optimizer_settings.py": ["learn/test_settings.py", "learn/test_optimizer.py"],
    "music/formats/abc_text.py": ["music/formats/test_abc.py"],
    "music/formats/musicxml_measure.py": ["music/formats/test_musicxml.py"],
    "music/formats/mxl.py": ["music/formats/test_musicxml.py"],
    "music/write.py": ["music/test_read.py"],
    "page/assembly.py": ["page/test_server.py"],
    "page/blocks.py": ["page/test_server.py", "page/test_browser.py"],
    "page/choosing.py": ["page/test_server.py"],
    "page/form_parts.py": ["page/test_browser.py"],
    "page/layout.py": ["page/test_browser.py"],
    "page/parts.py": ["page/test_browser.py"],
    "page/returning.py": ["page/test_server.py", "page/test_browser.py"],
    "page/runs.py": ["page/test_visits.py"],
    "page/results.py": ["page/test_server.py", "page/test_browser.py"],
    "page/taking.py": ["page/test_server.py"],
    "page/teaching.py": ["page/test_learning.py"],
    "page/telling.py": ["page/test_server.py"],
    "page/uploads.py": ["page/test_visits.py", "page/test_server.py"],
    "page/writing.py": ["page/test_server.py"],
    "render/elements.py": ["render/test_musicxml.py", "render/test_engraving.py"],
    "render/hearing.py": ["test_play.py"],
    "render/marks.py": ["render/test_musicxml.py", "render/test_engraving.py"],
    "render/parts.py": ["render/test_musicxml.py", "render/test_engraving.py"],
    "render/playback.py": ["test_play.py"],
    "style/learning.py": ["style/test_own.py"],
    "style/networks.py": ["style/test_authorship.py", "test_generate.py"],
    "style/settings.py": ["style/test_blend.py"],
    "style/shipped.py": ["test_generate.py"],
    "train_request.py": ["test_train.py", "learn/test_fit.py"],
}


def logic(source: str) -> int:
    """Count the statements inside a module's functions, without docstrings.

    >>> logic('def f(x):\\n    "Doubles."\\n    y = 2 * x\\n    return y')
    2
    """
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    inside = {
        id(statement)
        for function in functions
        for statement in ast.walk(function)
        if isinstance(statement, ast.stmt)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        and not isinstance(statement, ast.FunctionDef)
    }
    return len(inside)


def sources_with_logic() -> list[str]:
    """Name the modules that hold so much logic that they need tests of their own."""
    return [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.stem != "__init__" and logic(path.read_text(encoding="utf-8")) >= LOGIC
    ]


def has_tests(source: str) -> bool:
    """Say whether the source's mirror stands, or all files that ELSEWHERE names for it."""
    path = PACKAGE / source
    room = TESTS / path.parent.relative_to(PACKAGE)
    mirror = room / f"test_{NAMES.get(path.stem, path.stem)}.py"
    named = [TESTS / name for name in ELSEWHERE.get(source, [])]
    return mirror.is_file() or (bool(named) and all(file.is_file() for file in named))


def test_every_source_with_logic_has_tests() -> None:
    sources = sources_with_logic()
    assert len(sources) > 100
    missing = [source for source in sources if not has_tests(source)]
    assert missing == [], "write tests/<room>/test_<module>.py, or name in ELSEWHERE what proves it"


def test_no_exception_outlives_its_source() -> None:
    assert [source for source in ELSEWHERE if not (PACKAGE / source).is_file()] == []
