"""How a command line that cannot be understood is told, and what help calls its parts.

The library speaks English alone: its help is laid out here under our own headings, and each of
its messages is put into Chinese where that is spoken. Exit status 2, as everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from typer import core
from typer._click import exceptions
from typer._click.formatting import HelpFormatter

from xiaobao.cli.output import language, note, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STATUS = 2
HEADINGS = {"Options": "选项", "Arguments": "参数", "Commands": "命令"}
# Words in what is said of an option or a command, each as a whole.
_HELP = [
    (re.compile(r"^Show this message and exit\.$"), "显示本说明"),
    (re.compile(r"(?<=[\[; ])default: "), "默认："),
    (re.compile(r"(?<=[\[; ])required(?=[\];])"), "必填"),
    (re.compile(r"(?<=[\[; ])env var: "), "环境变量："),
]
_USAGE = [
    (re.compile(r"\[OPTIONS\]"), "[选项]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "命令 [参数]..."),
]
# What the library says of a command line, and of one value in it.
_SAID = [
    (re.compile(r"No such option: (\S+)"), r"没有选项 \1"),
    (re.compile(r" \(Possible options: (.*)\)"), r"；相近的有：\1"),
    (re.compile(r"No such command '(.*?)'\.?"), r"没有命令 \1"),
    (re.compile(r" Did you mean (.*)\?"), r"；相近的有：\1"),
    (re.compile(r"Missing command\."), "须写明命令"),
    (re.compile(r"Missing argument (.*?)\.(?: |$)"), r"须给出参数 \1。"),
    (re.compile(r"Missing option (.*?)\.(?: |$)"), r"须给出选项 \1。"),
    (re.compile(r"Choose from:\s*"), "可选："),
    (re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)"), r"多出了参数：\1"),
    (re.compile(r"Option (\S+) requires an argument\."), r"选项 \1 须带一个值"),
    (re.compile(r"Option (\S+) requires (\d+) arguments\."), r"选项 \1 须带 \2 个值"),
    (re.compile(r"Option (\S+) does not take a value\."), r"选项 \1 不带值"),
    (re.compile(r"Argument (\S+) takes (\d+) values\."), r"参数 \1 须有 \2 个值"),
    (re.compile(r"Invalid value for ([^:]*): "), r"\1 的值不可用："),
    (re.compile(r"Invalid value: "), "值不可用："),
    (re.compile(r"Input should be a valid integer.*"), "应为整数"),
    (re.compile(r"Input should be a valid number.*"), "应为数字"),
    (re.compile(r"Input should be a valid UUID.*"), "应为 UUID"),
    (re.compile(r"Input should be a valid boolean.*"), "应为 true 或 false"),
    (re.compile(r"Input should be a valid date.*"), "应为日期，例如 2026-05-01"),
    (re.compile(r"Input should be greater than or equal to (\S+)"), r"至少为 \1"),
    (re.compile(r"Input should be less than or equal to (\S+)"), r"至多为 \1"),
    (re.compile(r"'(.*)' does not match the formats (.*)\."), r"“\1” 不符合格式 \2"),
    (re.compile(r"'(.*)' is not one of (.*)\."), r"“\1” 不在可选之列：\2"),
    (re.compile(r"Value '(.*)' is not a valid \S+\."), r"“\1” 不可用"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' does not exist\."), r"没有 “\1”"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is a directory\."), r"“\1” 是文件夹"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is a file\."), r"“\1” 是文件"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not readable\."), r"“\1” 不可读"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not writable\."), r"“\1” 不可写"),
]  # fmt: skip


def _spoken(text: str, words: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """The library's words in the language of this process; all else in them stays."""
    if language() == "zh":
        for english, chinese in words:
            text = english.sub(chinese, text)
    return text


class Formatter(HelpFormatter):
    """Help under headings of the language spoken."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        head = say(zh="用法：", en="Usage: ") if prefix is None else prefix
        super().write_usage(prog, _spoken(args, _USAGE), head)

    def write_heading(self, heading: str) -> None:
        super().write_heading(HEADINGS.get(heading, heading) if language() == "zh" else heading)

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        super().write_dl([(name, _spoken(text, _HELP)) for name, text in rows], col_max,
                         col_spacing)  # fmt: skip


def lay_out_help() -> None:
    """Let every command's help be laid out so."""
    core.TyperCommand.context_class.formatter_class = Formatter


def end(trouble: exceptions.ClickException) -> int:
    """Say what cannot be understood, how the command is used, and where more is told."""
    if isinstance(trouble, exceptions.NoArgsIsHelpError):
        note(trouble.format_message())
        return STATUS
    context = trouble.ctx if isinstance(trouble, exceptions.UsageError) else None
    if context is not None:
        ask = f"{context.command_path} {context.help_option_names[0]}"
        note(context.get_usage())
        note(say(zh=f"更多说明：{ask}", en=f"Try '{ask}' for help.") + "\n")
    words = _spoken(trouble.format_message(), _SAID)
    note(say(zh=f"错误：{words}", en=f"Error: {words}"))
    return STATUS
