"""Which problems a function can end in: read off the code, along every name that it uses.

Nothing is run. Whatever a function names it may call; what it catches it does not raise. Of a
method called on something whose class is not written there, every class is asked that the way so
far has named.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.house.sources import modules, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Functions = ast.FunctionDef | ast.AsyncFunctionDef
# `module:name` or `module:Class.name`.
Unit = str
# How a method calls its own class.
OWN = {"self", "cls"}


@dataclass
class Used:
    """What one unit uses, and what it catches of what comes of that."""

    names: list[tuple[tuple[str, ...], frozenset[str]]] = field(default_factory=list)
    imports: dict[str, tuple[str, str]] = field(default_factory=dict)


class Reader(ast.NodeVisitor):
    """Reads the names that a piece of code uses, with what is caught around each."""

    def __init__(self, used: Used) -> None:
        self.used = used
        self.caught: frozenset[str] = frozenset()

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.used.names.append(((node.id,), self.caught))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        parts: list[str] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if isinstance(inner, ast.Name):
            self.used.names.append(((inner.id, *parts), self.caught))
        else:
            for part in parts:
                self.used.names.append((("", part), self.caught))
            self.visit(inner)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.used.imports.update(_imported(node))

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arg(self, node: ast.arg) -> None:
        """What a parameter is said to be is not used."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for one in [*node.decorator_list, node.args, *node.body]:
            self.visit(one)

    def visit_Call(self, node: ast.Call) -> None:
        is_asked = isinstance(node.func, ast.Name) and node.func.id in {"isinstance", "issubclass"}
        if is_asked or (isinstance(node.func, ast.Name) and node.func.id == "cast"):
            for one in node.args[: 1 if is_asked else 2][-1:]:
                self.visit(one)
            return
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        before = self.caught
        self.caught = before | {
            name for handler in node.handlers if not _raises_again(handler)
            for name in _classes(handler.type)
        }  # fmt: skip
        for one in node.body:
            self.visit(one)
        self.caught = before
        for one in [*node.orelse, *node.finalbody, *(s for h in node.handlers for s in h.body)]:
            self.visit(one)

    def visit_With(self, node: ast.With) -> None:
        before = self.caught
        for item in node.items:
            self.visit(item.context_expr)
            call = item.context_expr
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "suppress":
                self.caught |= {name for arg in call.args for name in _classes(arg)}
        for one in node.body:
            self.visit(one)
        self.caught = before


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(one, ast.Raise) and one.exc is None for one in ast.walk(handler))


def _classes(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Tuple):
        for one in node.elts:
            yield from _classes(one)
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif node is None:
        yield "Exception"


def _imported(node: ast.ImportFrom) -> dict[str, tuple[str, str]]:
    if not (node.module or "").startswith("xiaobao"):
        return {}
    return {one.asname or one.name: (str(node.module), one.name) for one in node.names}


class House:
    """The modules that some of them lead to, with what their names stand for."""

    def __init__(self, first: Iterable[str]) -> None:
        self.used: dict[Unit, Used] = {}
        self.bound: dict[str, dict[str, tuple[str, str]]] = {}
        self.bases: dict[Unit, list[tuple[str, ...]]] = {}
        self.methods: dict[str, list[Unit]] = defaultdict(list)
        self.is_method: set[Unit] = set()
        paths = {name_of(path): path for path in modules()}
        self.modules = set(paths)
        waiting, seen = list(first), set(first)
        while waiting:
            tree = tree_of(paths[waiting[-1]])
            self._read(waiting.pop(), tree)
            named = {
                one for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
                for place, name in _imported(node).values() for one in (place, f"{place}.{name}")
            }  # fmt: skip
            new = (named & self.modules) - seen
            seen |= new
            waiting += new
        self.leads = {
            unit: {
                (to, caught) for names, caught in used.names for to in self.targets(unit, names)
            }
            for unit, used in self.used.items()
        }
        self.led: dict[str, list[tuple[Unit, frozenset[str]]]] = defaultdict(list)
        for unit, leads in self.leads.items():
            for to, caught in leads:
                self.led[to].append((unit, caught))

    def _read(self, module: str, tree: ast.Module) -> None:
        bound = self.bound[module] = {}
        for node in _flat(tree.body):
            if isinstance(node, ast.ImportFrom):
                bound.update(_imported(node))
            elif isinstance(node, ast.ClassDef):
                self._read_class(module, node)
                bound[node.name] = (module, node.name)
            elif isinstance(node, Functions):
                self._keep(f"{module}:{node.name}", node)
                bound[node.name] = (module, node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    for name in [one for one in ast.walk(target) if isinstance(one, ast.Name)]:
                        self._keep(f"{module}:{name.id}", node.value)
                        bound[name.id] = (module, name.id)

    def _read_class(self, module: str, node: ast.ClassDef) -> None:
        unit = f"{module}:{node.name}"
        self.used[unit] = Used()
        reader = Reader(self.used[unit])
        self.bases[unit] = [_dotted(one) for one in node.bases]
        for one in node.body:
            if not isinstance(one, Functions):
                reader.visit(one)
                continue
            self._keep(f"{unit}.{one.name}", one)
            if one.name.startswith("__"):
                self.used[unit].names.append(((node.name, one.name), frozenset()))
            else:
                self.methods[one.name].append(f"{unit}.{one.name}")
                self.is_method.add(f"{unit}.{one.name}")

    def _keep(self, unit: Unit, node: ast.AST) -> None:
        used = self.used.setdefault(unit, Used())
        Reader(used).visit(node)

    def found(self, module: str, name: str) -> Unit | str | None:
        """The unit, or the module, that a name in a module stands for."""
        for _ in range(20):
            if f"{module}.{name}" in self.modules:
                return f"{module}.{name}"
            known = self.bound.get(module, {}).get(name)
            if known is None:
                return None
            if known == (module, name):
                return f"{module}:{name}"
            module, name = known
        return None

    def targets(self, unit: Unit, names: tuple[str, ...]) -> Iterator[Unit]:
        """What a dotted name in a unit may lead to; `?` stands before a method of some class."""
        first, *rest = names
        place = self._place(unit, first)
        while place is not None and ":" not in place and rest:
            place = self.found(place, rest.pop(0))
        if place is not None and ":" in place:
            if rest and f"{place}.{rest[0]}" in self.used:
                yield f"{place}.{rest.pop(0)}"
            elif place in self.used and first not in OWN:
                yield place
        yield from (f"?{one}" for one in rest)

    def _place(self, unit: Unit, name: str) -> str | None:
        module, _, inside = unit.partition(":")
        if name in OWN and "." in inside:
            return unit.rpartition(".")[0]
        imported = self.used[unit].imports.get(name)
        return self.found(module, name) if imported is None else self.found(*imported)

    def ways(self, root: Unit, problems: Collection[Unit]) -> set[Unit]:
        """Every unit that can be come to from one."""
        seen, waiting = {root}, [root]
        asked: set[str] = set()
        classes: set[Unit] = set()
        while waiting:
            unit = waiting.pop()
            to = set() if unit in problems else {one for one, _ in self.leads.get(unit, ())}
            if unit in self.bases and unit not in problems:
                classes.add(unit)
                to |= {one for base in self.bases[unit] for one in self.targets(unit, base)}
                to |= {f"{unit}.{name}" for name in asked}
            named = {one[1:] for one in to if one.startswith("?")} - asked
            asked |= named
            to |= {
                one for name in named for one in self.methods[name]
                if one.rpartition(".")[0] in classes
            }  # fmt: skip
            new = {one for one in to if one in self.used} - seen
            seen |= new
            waiting += new
        return seen

    def raised(self, root: Unit, problems: Mapping[Unit, type]) -> set[Unit]:
        """The problems, by their units, that a unit can end in."""
        units = self.ways(root, problems)
        ends: dict[Unit, set[Unit]] = defaultdict(set)
        waiting = [(one, one) for one in units & set(problems)]
        while waiting:
            unit, problem = waiting.pop()
            called = {one.__name__ for one in problems[problem].__mro__}
            method = f"?{unit.rpartition('.')[2]}" if unit in self.is_method else ""
            for by, caught in [*self.led[unit], *self.led[method]]:
                if by in units and problem not in ends[by] and not caught & called:
                    ends[by].add(problem)
                    waiting.append((by, problem))
        return ends[root]


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, with those under a condition: imports for types among them."""
    for one in body:
        yield one
        for part in ("body", "orelse", "handlers", "finalbody"):
            if isinstance(one, ast.If | ast.Try | ast.ExceptHandler):
                yield from _flat(getattr(one, part, ()))


def _dotted(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute):
        return (*_dotted(node.value), node.attr)
    if isinstance(node, ast.Subscript):
        return _dotted(node.value)
    return (node.id,) if isinstance(node, ast.Name) else ("",)
