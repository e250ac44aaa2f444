"""The generated parts of the documentation. `python -m tests.docs.tables` writes them anew."""

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from bot.domain.people import Role
from bot.settings.files import PREFIX
from bot.settings.model import Settings
from bot.wording.phrases import shared_phrases
from tests.access.matrix import LEAST, PAGE_LEAST
from tests.domain.profile import ROOT, load

PHRASES = shared_phrases(ROOT / "templates", "Asia/Shanghai")
TITLES = {"en": ("Type", "What happens", "Also"), "zh": ("输入", "作用", "也可以说")}


def _row(cells: Iterator[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def commands(language: str) -> str:
    """All commands: how to write them, what happens, synonyms."""
    other = next(item for item in PHRASES.languages if item != language)
    lines = [_row(iter(TITLES[language])), "|---|---|---|"]
    for name in dict.fromkeys(key.split(".")[1] for key in PHRASES.keys("commands.", language)):
        words = (
            PHRASES.words(f"commands.{name}.words", language)[1:] + PHRASES.words(f"commands.{name}.words", other)[:1]
        )
        usage, about = (PHRASES.say(f"commands.{name}.{part}", language) for part in ("usage", "help"))
        lines.append(_row(iter((f"`{usage}`", about, ", ".join(words)))))
    return "\n".join(lines)


def evidence(language: str) -> str:
    """What every order and each scenario needs."""
    title = {"en": ("Scenario", "Root Cause", "Needs besides"), "zh": ("场景", "归因（表单选项）", "另外需要")}[
        language
    ]
    lines = [_row(iter(title)), "|---|---|---|"]
    for name, scenario in load("scenarios.toml")["scenarios"].items():
        needs = [PHRASES.say(f"words.requirement.{need['id']}", language) for need in scenario["needs"]]
        cells = (
            PHRASES.say(f"words.scenario.{name}", language),
            " / ".join(scenario["root_causes"]),
            "; ".join(needs),
        )
        lines.append(_row(iter(cells)))
    return "\n".join(lines)


WHO = {
    "en": ("Role", "Commands", "Buttons and forms", "Pages of the console"),
    "zh": ("角色", "命令", "按钮和表单", "网页控制台的页面"),
}


def roles(language: str) -> str:
    """What each role may do besides what the lower ones may."""
    typed = dict.fromkeys(key.split(".")[1] for key in PHRASES.keys("commands.", language))
    lines = [_row(iter(WHO[language])), "|---|---|---|---|"]
    for role in Role:
        names = [name for name in typed if LEAST.get(name) is role]
        commands = ", ".join(f"`{PHRASES.words(f'commands.{name}.words', language)[0]}`" for name in names)
        buttons = ", ".join(f"`{name}`" for name, least in LEAST.items() if least is role and name not in typed)
        pages = ", ".join(f"`{page.replace(':', ' ', 1)}`" for page, least in PAGE_LEAST.items() if least is role)
        cells = (PHRASES.say(f"words.role.{role}", language), commands, buttons or "–", pages or "–")
        lines.append(_row(iter(cells)))
    return "\n".join(lines)


def columns() -> str:
    """The fields of every kind of file, those that must be there in bold, with the names known for them."""
    lines = [_row(iter(("Kind", "Field", "Known column names"))), "|---|---|---|"]
    for kind, mapping in load("mappings.toml")["kinds"].items():
        needed = {field for group in mapping["required"] for field in group}
        for field, names in mapping["columns"].items():
            lines.append(_row(iter((kind, f"**{field}**" if field in needed else field, ", ".join(names)))))
    return "\n".join(lines)


def settings() -> list[str]:
    """The keys of all settings, `section.key`; of a list of tables `section[].key`."""
    return list(_keys(Settings, ""))


def _keys(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        sections = [
            part for part in (field.annotation, *getattr(field.annotation, "__args__", ())) if _is_model(part)
        ]
        if not sections:
            yield prefix + name
        for section in sections:
            yield from _keys(section, f"{prefix}{name}{'' if section is field.annotation else '[]'}.")


def _is_model(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, BaseModel)


def variable(key: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + key.upper().replace(".", "__")


PARTS = {
    "docs/using.md": {"commands": lambda: commands("en"), "scenarios": lambda: evidence("en")},
    "docs/using.zh-CN.md": {"commands": lambda: commands("zh"), "scenarios": lambda: evidence("zh")},
    "docs/running.md": {"columns": columns},
    "docs/teams.md": {"roles": lambda: roles("en")},
    "docs/teams.zh-CN.md": {"roles": lambda: roles("zh")},
}


def filled(name: str) -> str:
    """A page with its generated parts as they must be."""
    text = (ROOT / name).read_text("utf-8")
    for part, make in PARTS[name].items():
        begin, end = f"<!-- {part} -->\n", f"<!-- /{part} -->"
        pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
        text, times = pattern.subn(lambda _, make=make, begin=begin, end=end: f"{begin}{make()}\n{end}", text)
        if times != 1:
            raise ValueError(f"{name}: {begin.strip()} must stand there once")
    return text


if __name__ == "__main__":
    for page in PARTS:
        Path(ROOT / page).write_text(filled(page), "utf-8")
