"""Generated pages are up to date; the settings table holds every variable the code reads."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

import aicc
from aicc import settings

ROOT = Path(__file__).parents[2]


def generator() -> Any:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "docs"))
        spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["settings.md", "command-line.md", "supported-operators.md"])
def test_generated_page_is_up_to_date(name: str) -> None:
    page = generator().PAGES[name]()
    assert (ROOT / "docs" / name).read_text() == page, "run: python docs/generate.py"


def test_every_variable_is_in_the_table() -> None:
    known = {setting.name for setting in settings.SETTINGS}
    for folder in ("python", "passes", "dialects", "tools"):
        for path in (ROOT / folder).rglob("*.py"):
            used = set(re.findall(r"\bAICC_[A-Z_]+\b", path.read_text()))
            assert used <= known, (path, used - known)


def test_debug_level_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AICC_DEBUG", "3")
    assert settings.debug_level() == 3
    monkeypatch.setenv("AICC_DEBUG", "6")
    with pytest.raises(aicc.AiccError, match="must be 0 to 5"):
        settings.debug_level()
