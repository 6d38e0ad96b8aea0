"""Print versions, the home folder and what is installed | 显示版本、数据目录与已安装的组件"""

from __future__ import annotations

from bedside.commands._io import JsonFlag, emit_json, say
from bedside.home import home
from bedside.lang import tr
from bedside.receipt import versions


def run(json: JsonFlag = False) -> None:
    """Print versions, the home folder and what is installed."""
    found, folder = versions(), str(home())
    if json:
        emit_json({"versions": found, "home": folder})
        return
    for name, number in found.items():
        say(f"{name} {number}")
    say(f"{tr('home', '数据目录')} {folder}")


COMMAND = run
