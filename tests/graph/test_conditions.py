"""What must hold for an effect to happen is said in words, with its line."""

from pathlib import Path

import pytest

from tests.graph.projects import graph_of

CONDITIONS = [
    ("if not os.path.exists('a'):\n    os.makedirs('a')\n", ["unless os.path.exists('a')"]),
    ("if os.path.exists('a'):\n    pass\nelse:\n    os.makedirs('a')\n", ["unless os.path.exists('a')"]),
    ("if x:\n    pass\nelif y:\n    os.makedirs('a')\n", ["unless x", "if y"]),
    ("while x:\n    os.makedirs('a')\n    x = 0\n", ["while x"]),
    ("while True:\n    os.makedirs('a')\n    break\n", []),
    ("for each in x:\n    os.makedirs('a')\n", ["for each of x"]),
    ("for each in ('a', 'b'):\n    os.makedirs(each)\n", []),
    ("try:\n    import absent\nexcept ImportError:\n    os.makedirs('a')\n", ["where ImportError is raised"]),
    ("try:\n    x\nexcept:\n    os.makedirs('a')\n", ["where an exception is raised"]),
    ("try:\n    os.makedirs('a')\nexcept OSError:\n    pass\n", []),
    ("match x:\n    case 1:\n        os.makedirs('a')\n", ["case 1"]),
    ("x and os.makedirs('a')\n", ["if x"]),
    ("é = x or y or os.makedirs('a')\n", ["unless x", "unless y"]),
    ("(x, os.makedirs('a'))\n", []),
    ("z = os.makedirs('a') if x else None\n", ["if x"]),
    ("z = None if x else os.makedirs('a')\n", ["unless x"]),
    ("os.makedirs('a') or x\n", []),
    ("z = [os.makedirs(each) for each in 'ab' if x]\n", ["if x"]),
]
"""Code that makes a folder, and the conditions of it."""


@pytest.mark.parametrize(("text", "expected"), CONDITIONS)
def test_each_condition_around_the_call_is_named(root: Path, text: str, expected: list[str]) -> None:
    graph = graph_of(root, {"app.py": f"import os\nx = y = os.getenv('X')\n{text}"})
    assert [each.fact for each in graph.conditions("app")] == expected


RETURNS = [
    ("if x:\n        return\n    os.makedirs('a')", ["unless x"]),
    ("if not x:\n        return\n    os.makedirs('a')", ["if x"]),
    ("if x:\n        print()\n    else:\n        return\n    os.makedirs('a')", ["if x"]),
    ("for each in x:\n        return\n    os.makedirs('a')", ["unless it has returned above"]),
    ("if x:\n        def inner():\n            return\n    os.makedirs('a')", []),
]


@pytest.mark.parametrize(("body", "expected"), RETURNS)
def test_a_return_above_the_call_is_a_condition(root: Path, body: str, expected: list[str]) -> None:
    text = f"import os\ndef make(x=os.getenv('X')):\n    {body}\nmake()\n"
    graph = graph_of(root, {"app.py": text})
    assert [each.fact for each in graph.conditions("app")] == expected


def test_conditions_of_the_whole_way_are_named_in_its_order_with_their_lines(root: Path) -> None:
    graph = graph_of(
        root,
        {
            "app.py": """
                import os
                from files import make

                if os.getenv("FILES"):
                    make("a")
            """,
            "files.py": """
                import os

                def make(folder):
                    if not os.path.exists(folder):
                        os.makedirs(folder)
            """,
        },
    )
    found = [
        (each.fact, each.at and (each.at.path.name, each.at.span.line)) for each in graph.conditions("app")
    ]
    assert found == [
        ("if os.getenv('FILES')", ("app.py", 4)),
        ("unless os.path.exists(folder)", ("files.py", 4)),
    ]
    (point,) = graph.whole.crash_points
    assert [each.fact for each in point.conditions] == [fact for fact, _ in found]
