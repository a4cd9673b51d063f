"""Reading what was handed in: every kind of file ends in Python text, a verdict or one clear sentence."""

import ast
import hashlib
import json
import os
import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlgrade import submission
from dlgrade.errors import SubmissionError
from dlgrade.submission import Place, Problem


@pytest.fixture
def read(tmp_path):
    """Return a function that writes a file and reads it as a submission."""

    def write_and_read(content, name="mine.py"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return submission.read(path, "backprop.py")

    return write_and_read


def notebook(*cells, **more):
    """Make a notebook of version 4; a plain text is a code cell."""
    full = [cell if isinstance(cell, dict) else {"cell_type": "code", "source": cell} for cell in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": full} | more)


def markdown(text):
    return {"cell_type": "markdown", "source": text}


# Plain Python.


def test_a_plain_file_is_taken_as_it_is(read, tmp_path):
    """A Python file keeps its text, its lines and its entry's name."""
    source = "import numpy as np\n\n\ndef forward(w):\n    return w\n"
    one = read(source)
    assert (one.source, one.filename, one.path) == (source, "backprop.py", str(tmp_path / "mine.py"))
    assert (one.lines, one.notes, one.problem) == (None, (), None)
    assert one.where(4) == "line 4"
    assert one.content_sha256 == hashlib.sha256(source.encode()).hexdigest()


def test_nothing_of_the_file_is_run(read, tmp_path):
    """Reading a file does not execute it."""
    assert read(f"open({str(tmp_path / 'trace')!r}, 'w')\nraise SystemExit").problem is None
    assert not (tmp_path / "trace").exists()


@pytest.mark.parametrize("content", [b"a = 1\r\nb = 2\r\n", b"a = 1\rb = 2\r", b"\xef\xbb\xbfa = 1\nb = 2\n"])
def test_line_ends_and_marks_of_other_systems_are_made_plain(read, content):
    """CRLF, a lone CR and a byte order mark are nothing but a way to save a file."""
    assert read(content).source == "a = 1\nb = 2\n"


def test_a_form_feed_is_part_of_a_line(read):
    """Form feeds and other separators do not count as ends of lines, as they do not for Python."""
    one = read("a = 1\n\f\nb = '\x0b\x1c\u2028'\nc = = 1\n")
    assert one.problem.line == 4
    assert read("a = 1\n\f\ndef f():\n\f    return 1\n").problem is None


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("# -*- coding: latin-1 -*-", "latin-1"),
        ("# vim: set fileencoding=cp1252 :", "cp1252"),
        ("#!/usr/bin/env python\n# coding: iso-8859-15", "iso-8859-15"),
        ("#!/usr/bin/env python\r# coding: latin-1", "latin-1"),
        ("# coding: shift_jis", "shift_jis"),
        ("# coding: utf8", "utf-8"),
        ("# coding: utf8", "utf-8-sig"),
        ("# coding: utf-8-sig", "utf-8-sig"),
    ],
)
def test_a_coding_line_is_followed(read, head, encoding):
    """The encoding that a coding line names is the one that the file is read in."""
    word = "日本" if encoding == "shift_jis" else "é"
    one = read(f"{head}\nx = '{word}'\n".encode(encoding))
    assert one.problem is None
    assert ast.parse(one.source).body[-1].value.value == word


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# coding: klingon\nx = 1\n", "unknown encoding: klingon"),
        (b"# coding: rot13\nk = 1\n", "a coding line that says rot13"),
        (b"# coding: utf-7\nx = 1\n", "a coding line that says utf-7"),
        (b"# coding: unicode_escape\nx = 1\n", "a coding line that says unicode"),
        (b"# coding: hex\nx = 1\n", "a coding line that says hex"),
        (b"# coding: undefined\nx = 1\n", "a coding line that says undefined"),
        (b"# coding: utf-16\nx = 1\n", "a coding line that says utf-16"),
        (
            b"\xef\xbb\xbf# coding: latin-1\nx = 1\n",
            "UTF-8's byte order mark, but its coding line says iso-8859-1",
        ),
        ("x = 1\n".encode("utf-16"), "saved as UTF-16"),
        (b"\xfe\xff" + "x = 1\n".encode("utf-16-be"), "saved as UTF-16"),
        ("x = 1\n".encode("utf-32"), "saved as UTF-32"),
    ],
)
def test_an_encoding_that_python_cannot_run_is_a_verdict(read, content, words):
    """An impossible encoding is named, with the advice to save as UTF-8."""
    problem = read(content).problem
    assert problem.kind == "encoding"
    assert problem.message.startswith("mine.py ")
    assert words in problem.message
    assert "save it as UTF-8" in problem.message


def test_a_byte_that_is_not_utf8_is_shown_in_its_line(read):
    """An undecodable byte is a verdict with its line and its place."""
    problem = read("# é\r\n# b\r\nname = 'é' or 1\r\n".encode().replace(b"'\xc3\xa9'", b"'\xe9'")).problem
    assert problem == Problem(
        "encoding",
        "mine.py, line 3: the byte 0xe9 is not UTF-8; save the file as UTF-8",
        line=3,
        column=9,
        text="name = '�' or 1",
        caret="        ^",
    )


def test_a_byte_outside_of_the_declared_encoding_is_shown_too(read):
    """The sentence names the encoding that the file declares."""
    problem = read(b"# coding: ascii\nx = '\xe9'\n").problem
    assert problem.message == "mine.py, line 2: the byte 0xe9 is not ascii; save the file as UTF-8"


# Verdicts.


def test_a_syntax_error_is_a_verdict_with_line_and_caret(read):
    """A syntax error says its line, and what Python says of it, and shows the place."""
    assert read("x = 1\n\nif x = 2:\n    pass\n").problem == Problem(
        "syntax",
        "Python cannot read mine.py: correct line 3 "
        "(invalid syntax. Maybe you meant '==' or ':=' instead of '='?)",
        line=3,
        column=4,
        text="if x = 2:",
        caret="   ^^^^^",
    )


@pytest.mark.parametrize(
    ("source", "line", "pointed_at"),
    [
        ("def f():\n    return (1\n", 2, "("),
        ("    x = 1\n", 1, None),
        ("def f():\nreturn 1\n", 2, "return"),
        ("def f():\n\treturn 1\n        return 2\n", 3, None),
        ("é = 'é' é\n", 1, "é"),
        ("print 'x'\n", 1, "print 'x'"),
        ("x = 1 +\n", 1, None),
        ("x = “a”\n", 1, "“"),
        ("x = 'abc\n", 1, "'"),
        ("x = '''abc\n", 1, "'''abc"),
        ("x = 1\n\n\nx = f'{a b}'\n", 4, None),
        ("'\\N{no such name}'\n", 1, None),
        ("x = " + "1" * 5000 + "\n", 1, None),
        ("x = 0777\n", 1, "0"),
        ("x = 1; \ufeff\n", 1, "�"),
        ("\x1b[31mx = 1\n", 1, "�"),
        ("a = 1\n" * 4000 + "a b\n", 4001, "b"),
    ],
)
def test_each_syntax_error_has_its_line(read, source, line, pointed_at):
    """Whatever Python stumbles over, the verdict has the right line, and its caret points into it."""
    problem = read(source).problem
    assert (problem.kind, problem.line) == ("syntax", line)
    assert f"correct line {line} (" in problem.message
    assert problem.text.isprintable()
    if pointed_at:
        assert problem.text[problem.caret.count(" ") : len(problem.caret)].startswith(pointed_at[:1])


def test_a_very_long_line_is_cut_around_the_error(read):
    """Of a line of many thousand characters only what is around the error is shown."""
    problem = read("x = [" + "1, " * 20_000 + "2 3, " + "4, " * 1000 + "]\n").problem
    assert len(problem.text) <= 100
    assert problem.text[problem.caret.index("^") :].startswith("2 3")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("", "mine.py"),
        ("\n \n\t\n\f\n", "mine.py"),
        ("# only\n# remarks", "mine.py"),
        ("\ufeff", "mine.py"),
        ("", "mine.ipynb"),
        (notebook(), "mine.ipynb"),
        (notebook("", "# nothing", "  "), "mine.ipynb"),
        (notebook(markdown("def forward(): ...")), "mine.ipynb"),
        (notebook("%matplotlib inline"), "mine.ipynb"),
        ("# %%\n# %% [markdown]\n# text\n", "mine.py"),
    ],
)
def test_a_file_without_code_is_a_verdict(read, content, name):
    """An empty file, or one with remarks only, is told to be filled in."""
    problem = read(content, name).problem
    assert problem.kind == "empty"
    assert problem.message == f"{name} is empty: write the exercise's functions into it, and save it"


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "-" * 100_000 + "1",
        "x = " + "not " * 5_000 + "1",
        "x = " + "1 if 1 else " * 3_000 + "1",
        "x = " + "+".join("1" * 1500),
        "x = a" + ".a" * 2_900,
        "x = a" + ".a" * 400_000,
        "x = a" + "()" * 300_000,
        "if 1: pass\n" + "elif 1: pass\n" * 20_000,
        "import a" + ".a" * 50_000,
        pytest.param("x = f'" + "{1}" * 300_000 + "'", marks=pytest.mark.slow),
        pytest.param("import a" + ".a" * 500_000, marks=pytest.mark.slow),
        pytest.param("a\n" * 520_000, marks=pytest.mark.slow),
    ],
    ids=lambda source: source[:12],
)
def test_what_is_too_much_for_the_parser_is_a_verdict(read, source):
    """Nesting and size that would cost the grader its time, its memory or its life end in a verdict."""
    started = time.monotonic()
    problem = read(source).problem
    assert problem is None or problem.kind == "too deep"
    assert problem or source.startswith("a\n")
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    "source",
    [
        "(" * 100_000 + ")" * 100_000,
        "[" * 5000,
        "f'" + "{" * 3001 + "'",
        "x = '" + "\\d" * 1000,
        "*" * 10_000,
    ],
    ids=lambda source: source[:12],
)
def test_brackets_without_end_are_a_syntax_error(read, source):
    """Python's own limit for brackets is a syntax error with its line."""
    problem = read(source).problem
    assert (problem.kind, problem.line) == ("syntax", 1)


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 90 + "1" + ")" * 90,
        "x = " + "+".join("1" * 500),
        "".join(" " * n + "if 1:\n" for n in range(90)) + " " * 90 + "pass",
        "x = [" + "1.5, " * 100_000 + "]",
        "x = '" + "a" * 1_000_000 + "'",
        "x = 0x" + "f" * 100_000,
    ],
    ids=lambda source: source[:12],
)
def test_what_is_only_large_is_read(read, source):
    """Deep, long and large are no faults within reason."""
    assert read(source).problem is None


def test_a_verdict_does_not_depend_on_the_depth_of_the_caller(read):
    """The same file gets the same verdict from wherever it is read."""

    def deeper(levels, source):
        return deeper(levels - 1, source) if levels else read(source).problem

    for terms in (900, 1100):
        source = "x = " + "+".join("1" * terms)
        assert deeper(300, source) == read(source).problem


def test_warnings_of_the_compiler_are_kept_quiet(read, recwarn, capfd):
    """An invalid escape or a comparison with `is` prints nothing."""
    assert read("x = '\\d' is 1\nassert (x, 'y')\n").problem is None
    assert not recwarn
    assert capfd.readouterr() == ("", "")


# Usage: what cannot be read at all.


def refusal(path):
    with pytest.raises(SubmissionError) as caught:
        submission.read(path, "backprop.py")
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_missing_file_is_refused(tmp_path):
    """A path that leads nowhere is named."""
    path = tmp_path / "mine.py"
    assert refusal(path) == f"There is no file '{path}'."
    (tmp_path / "link.py").symlink_to(path)
    assert "There is no file" in refusal(tmp_path / "link.py")


def test_a_folder_is_refused(tmp_path):
    """A folder is no file, even if it is named like one."""
    (tmp_path / "mine.py").mkdir()
    assert "is a folder: name the file in it" in refusal(tmp_path / "mine.py")


def test_a_path_through_a_file_is_refused(tmp_path):
    """A path below a file, one with a zero byte and one that is too long cannot be opened."""
    (tmp_path / "mine.py").write_text("x = 1")
    assert "cannot be read" in refusal(tmp_path / "mine.py" / "other.py")
    assert "cannot be read" in refusal(tmp_path / "a\0.py")
    assert "cannot be read" in refusal(tmp_path / ("a" * 5000 + ".py"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
@pytest.mark.parametrize("device", ["pipe", "/dev/zero", "/dev/null", "/dev/tty"])
def test_pipes_and_devices_are_refused_without_waiting(tmp_path, device):
    """A file that never ends, or waits for a writer, is not even opened."""
    path = tmp_path / "mine.py"
    if device == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(device)
    started = time.monotonic()
    assert "is no ordinary file" in refusal(path)
    assert time.monotonic() - started < 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with a name")
def test_a_pipe_that_takes_the_files_place_does_not_block(tmp_path, monkeypatch):
    """Between the look at a file and its opening it may change into a pipe."""
    path = tmp_path / "mine.py"
    path.write_text("x = 1")
    really_open = os.open

    def swapped(*arguments):
        path.unlink()
        os.mkfifo(path)
        return really_open(*arguments)

    monkeypatch.setattr(os, "open", swapped)
    assert "is no ordinary file" in refusal(path)


def test_a_file_without_permission_is_refused(tmp_path, monkeypatch):
    """A file that may not be read is named."""
    path = tmp_path / "mine.py"
    path.write_text("x = 1")
    path.chmod(0)
    if os.access(path, os.R_OK):  # for root everything can be read

        def denied(*_):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", denied)
    assert "you have no permission" in refusal(path)


@pytest.mark.parametrize("name", ["mine.txt", "mine", "mine.pyc", "mine.py.zip", ".py"])
def test_another_suffix_is_refused(tmp_path, name):
    """Only .py and .ipynb are read."""
    (tmp_path / name).write_text("x = 1")
    assert refusal(tmp_path / name) == f"{name} is neither a Python file (.py) nor a notebook (.ipynb)."


def test_the_case_of_the_suffix_does_not_matter(read):
    """A suffix in capitals, as some systems write it, is fine."""
    assert read("x = 1", "MINE.PY").problem is None
    assert read(notebook("x = 1"), "MINE.IPYNB").source == "x = 1\n"


def test_a_file_of_50_mb_is_refused_without_being_read(tmp_path, monkeypatch):
    """A file beyond the limit is refused by its size."""
    path = tmp_path / "backprop.py"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr(hashlib, "sha256", None)
    assert refusal(path) == "backprop.py is 50.0 MB, the limit is 1 MiB: keep data out of it."


def test_the_limit_itself_is_within(tmp_path, read):
    """A MiB is read, one byte more is not."""
    code = b"x = 1\n"
    full = code + b"#" * (2**20 - len(code))
    assert read(full).problem is None
    (tmp_path / "mine.py").write_bytes(full + b"#")
    assert "the limit is 1 MiB" in refusal(tmp_path / "mine.py")


def test_the_pictures_in_a_notebook_do_not_count_as_code(tmp_path, read):
    """A notebook may be larger than a file by its outputs, its code may not; and there is an end to it."""
    picture = {"outputs": [{"data": {"image/png": "A" * 3_000_000}}], "cell_type": "code", "source": "x = 1"}
    assert read(notebook(picture), "mine.ipynb").source == "x = 1\n"
    (tmp_path / "mine.ipynb").write_text(notebook("#" * 1_200_000))
    assert refusal(tmp_path / "mine.ipynb") == "mine.ipynb has 1.2 MB of code, the limit is 1 MiB."
    (tmp_path / "mine.ipynb").write_text(notebook(*[picture] * 3))
    assert refusal(tmp_path / "mine.ipynb") == "mine.ipynb is 9.0 MB, the limit is 8 MiB: clear its outputs."


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04\0\0", b"x = 1\r\n\0", "x = 1".encode("utf-16-le"), bytes(range(256))]
)
def test_a_binary_file_is_refused(tmp_path, content):
    """A zero byte tells that this is no text, and in which line."""
    (tmp_path / "mine.py").write_bytes(content)
    line = 2 if b"\r\n" in content else 1
    assert refusal(tmp_path / "mine.py") == f"mine.py is no text file: line {line} holds a zero byte."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not being JSON"),
        ("x = 1", "not being JSON"),
        ("\0", "not being JSON"),
        (b"\xff\xfe\xfa", "not being JSON"),
        ('{"nbformat": ' + "9" * 5000 + "}", "not being JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("[]", "JSON, but no notebook"),
        ("{}", "JSON, but no notebook"),
        ('{"nbformat": "4"}', "JSON, but no notebook"),
        ('{"nbformat": 4, "cells": 3}', "JSON, but no notebook"),
        ('{"nbformat": 4, "cells": [3]}', "JSON, but no notebook"),
        ('{"nbformat": 4, "cells": [{"source": "x"}]}', "JSON, but no notebook"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "JSON, but no notebook"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [3]}]}', "JSON, but no notebook"),
    ],
    ids=range(14),
)
def test_a_notebook_that_is_none_is_refused(tmp_path, content, words):
    """A file that is named like a notebook and is none is refused in one sentence."""
    (tmp_path / "mine.ipynb").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert words in refusal(tmp_path / "mine.ipynb")


def test_a_name_that_cannot_be_printed_is_made_printable(tmp_path):
    """Escapes, line ends and bytes of no encoding in a file's name do not reach the terminal."""
    for name in [b"\x1b[31m\n.py", b"\xff.py"]:
        path = tmp_path / os.fsdecode(name)
        path.write_text("x = = 1")
        one = submission.read(path, "backprop.py")
        assert (one.path + one.problem.message).isprintable()
        assert one.path.encode()


# Notebooks.


def test_the_code_cells_of_a_notebook_are_joined(read):
    """Only code cells count, and each line knows its cell."""
    one = read(
        notebook(
            "import numpy as np", markdown("# Text"), "", ["def f(x):\n", "    return x"], "\n\ny = f(1)\n"
        ),
        "mine.ipynb",
    )
    assert one.source == "import numpy as np\ndef f(x):\n    return x\n\n\ny = f(1)\n"
    assert one.lines == tuple(Place(*at) for at in [(1, 1), (2, 1), (2, 2), (3, 1), (3, 2), (3, 3)])
    assert one.where(3) == "cell 2, line 2"
    assert one.where(99) == "line 99"
    assert one.filename == "backprop.py"
    assert (one.notes, one.problem) == ((), None)


def of_nbgrader(code, **metadata):
    """A code cell that nbgrader knows."""
    return {"cell_type": "code", "source": code, "metadata": {"nbgrader": metadata}}


def test_the_teachers_cells_of_nbgrader_are_no_part_of_what_was_handed_in(read):
    """Tests and read-only cells are left out without a word, and the others keep Jupyter's numbers."""
    one = read(
        notebook(
            of_nbgrader("1 / 0", grade=False, solution=False, locked=True),
            of_nbgrader("def f(): ...", grade=False, solution=True, locked=False),
            of_nbgrader("points('x', 'y')", grade=True, solution=False, locked=True),
            of_nbgrader("(", grade=True, solution=False, locked=False),
            "y = 1 +",
        ),
        "mine.ipynb",
    )
    assert one.source == "def f(): ...\ny = 1 +\n"
    assert "cell 5, line 1" in one.problem.message
    assert one.notes == ()


@pytest.mark.parametrize(
    "metadata",
    [
        {"grade": True, "solution": True, "locked": False},
        {"grade": False, "solution": True, "locked": True},
        {"grade": 1, "locked": "yes"},
        {},
    ],
)
def test_what_a_learner_may_write_into_is_theirs(read, metadata):
    """Solutions that are graded by hand, and whatever nbgrader would not take for its own."""
    assert read(notebook(of_nbgrader("x = 1", **metadata)), "mine.ipynb").source == "x = 1\n"


@pytest.mark.parametrize(
    "metadata", [None, 3, [], {"nbgrader": None}, {"nbgrader": [True]}, {"nbgrader": "x"}]
)
def test_metadata_may_be_anything(read, metadata):
    """It is the learner's file, and nothing in it is relied upon."""
    cell = {"cell_type": "code", "source": "x = 1", "metadata": metadata}
    assert read(notebook(cell), "mine.ipynb").source == "x = 1\n"


def test_a_notebook_of_version_3_is_read(read):
    """The older format, with worksheets and inputs, holds the same cells."""
    cells = [{"cell_type": "code", "input": ["x = 1\n", "y = 2"]}, {"cell_type": "markdown", "source": "no"}]
    content = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}, {"cells": cells[:1]}]})
    one = read(content, "mine.ipynb")
    assert one.source == "x = 1\ny = 2\nx = 1\ny = 2\n"
    assert one.where(3) == "cell 2, line 1"


def test_line_ends_in_a_notebook_are_made_plain(read):
    """CRLF and CR in a cell are ends of lines."""
    assert read(notebook("a = 1\r\nb = 2\rc = 3"), "mine.ipynb").source == "a = 1\nb = 2\nc = 3\n"


def test_what_json_cannot_say_in_outputs_does_no_harm(read):
    """Jupyter writes NaN and half characters into outputs, and some editors a byte order mark."""
    content = (
        '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1", "outputs": [NaN, "\\ud800"]}]}'
    )
    assert read(content, "mine.ipynb").source == "x = 1\n"
    assert read("\ufeff" + notebook("x = 1"), "mine.ipynb").source == "x = 1\n"
    assert read(notebook("x = 'é'").encode("utf-16"), "mine.ipynb").source == "x = 'é'\n"


def test_a_syntax_error_in_a_notebook_names_cell_and_line(read):
    """The first cell that is no Python is named, even if the error would spoil the next one."""
    one = read(notebook("x = 1\ny = 2", "a = 1\nz = (\n", "w = = 1"), "mine.ipynb")
    assert (
        one.problem.message == "Python cannot read mine.ipynb: correct cell 2, line 2 ('(' was never closed)"
    )
    assert (one.problem.line, one.problem.column) == (4, 5)
    assert (one.problem.text, one.problem.caret) == ("z = (", "    ^")
    assert one.where(one.problem.line) == "cell 2, line 2"


@pytest.mark.parametrize(("character", "words"), [("\0", "a zero character"), ("\ud800", "half a character")])
def test_a_character_that_no_python_can_hold_is_a_verdict(read, character, words):
    """Zero and half characters, which JSON can hold, are a verdict with their place."""
    one = read(notebook("x = 1", f"y = 1\nz = '{character}'"), "mine.ipynb")
    message = f"mine.ipynb, cell 2, line 2, holds {words}, which no Python text can: type that line anew"
    assert (one.problem.kind, one.problem.message) == ("encoding", message)
    assert (one.problem.line, one.problem.column, one.problem.text) == (3, 6, "z = '�'")
    assert one.source.encode()


# IPython.


@pytest.mark.parametrize(
    ("cell", "python"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("x = 1\n%load_ext autoreload\n%autoreload 2", "x = 1\n# %load_ext autoreload\n# %autoreload 2"),
        ("!pip install numpy\nx = 1", "# !pip install numpy\nx = 1"),
        ("!!ls\nx = 1", "# !!ls\nx = 1"),
        ("pip install numpy\nx = 1", "# pip install numpy\nx = 1"),
        ("cd ..\nx = 1", "# cd ..\nx = 1"),
        ("x = 1\nx?", "x = 1\n# x?"),
        ("x = 1\nnp.dot??", "x = 1\n# np.dot??"),
        ("?np.dot\nx = 1", "# ?np.dot\nx = 1"),
        ("%time?\nx = 1", "# %time?\nx = 1"),
        ("files = !ls\nx = 1", "files = []  # files = !ls\nx = 1"),
        ("a, b = !ls\nx = 1", "a = b = []  # a, b = !ls\nx = 1"),
        ("p = %pwd\nx = 1", "p = None  # p = %pwd\nx = 1"),
        ("y = %time f(1)\nx = 1", "y = f(1)\nx = 1"),
        ("%time w, b = f(1,\n        2)\nx = 1", "w, b = f(1,\n        2)\nx = 1"),
        ("%time f(1, \\\n  2)\nx = 1", "f(1, \\\n  2)\nx = 1"),
        ("%timeit f(1)\nx = 1", "# %timeit f(1)\nx = 1"),
        ("%%time\nx = 1", "# %%time\nx = 1"),
        ("\n%%capture out\nx = 1", "\n# %%capture out\nx = 1"),
        ("%%bash\necho $(\nx = 1\n", "# %%bash\n# echo $(\n# x = 1\n"),
        ("%%writefile a.py\n\nx = 1", "# %%writefile a.py\n\n# x = 1"),
        ("%%timeit\nx = 1", "# %%timeit\n# x = 1"),
        ("if 1:\n    !ls\nx = 1", "if 1:\n    pass  # !ls\nx = 1"),
        ("!ls \\\n  -l \\\n  -a\nx = 1", "# !ls \\\n#   -l \\\n#   -a\nx = 1"),
        ("!echo 'it\nx = 1", "# !echo 'it\nx = 1"),
        ("  x = 1\n  if x:\n      y = 2", "x = 1\nif x:\n    y = 2"),
        ("%who\nx = '''\n%who\n'''", "# %who\nx = '''\n%who\n'''"),
        ("%who\nx = r'''\\'''\n%who", "# %who\nx = r'''\\'''\n%who"),
        ('%who\nx = """ \' """\n%who', '# %who\nx = """ \' """\n# %who'),
        ('%who\nx = \'"""\'\n%who', '# %who\nx = \'"""\'\n# %who'),
        ("%who\nx = (10\n%3)\n%who", "# %who\nx = (10\n%3)\n# %who"),
        ("%who\nx = 10 \\\n%3\n%who", "# %who\nx = 10 \\\n%3\n# %who"),
        ("%who\nx = 1  # (\n%who", "# %who\nx = 1  # (\n# %who"),
        ("%who\nx = {'a': [\n1]}  # '''\n%who", "# %who\nx = {'a': [\n1]}  # '''\n# %who"),
    ],
)
def test_lines_of_ipython_become_comments(read, cell, python):
    """What only IPython understands is taken out, every other line stays where and what it was."""
    one = read(notebook("a = 1", cell), "mine.ipynb")
    assert one.source.removeprefix("a = 1\n").rstrip("\n") == python.rstrip("\n")
    assert len(one.lines) == one.source.count("\n")


@pytest.mark.parametrize(
    "cell",
    [
        "x = 10 \\\n% 3\ny = 1",
        "x = (10\n% 3)\ny = '''\n!ls\n%who\nx?\n'''",
        "x = a != b",
        "s = 'what?'\nt = f'{s!r}'",
        "# %matplotlib inline\n#!ls\nx = 1",
        "pip = install = ls = cd = 1\ncd - ls",
    ],
)
def test_what_is_python_is_left_alone(read, cell):
    """A cell that is Python stays as it is, whatever its lines look like."""
    one = read(notebook(cell), "mine.ipynb")
    assert (one.source, one.notes, one.problem) == (cell + "\n", (), None)


def test_what_was_left_out_is_noted(read):
    """Each line that was left out stands in the notes, with its cell."""
    cells = ["%matplotlib inline\nx = 1", "%%time\nf = !ls\ny = %time g()", "%%bash\nls\nls", "!" + "x" * 500]
    assert read(notebook(*cells), "mine.ipynb").notes == (
        "cell 1: the IPython line `%matplotlib inline` was left out",
        "cell 2: the IPython line `%%time` was left out",
        "cell 2: the IPython line `f = !ls` was left out",
        "cell 2: the IPython line `%time` was left out",
        "cell 3: the whole cell was left out, since it is `%%bash`",
        f"cell 4: the IPython line `!{'x' * 58}…` was left out",
    )


def test_the_notes_come_to_an_end(read):
    """A thousand lines that were left out are not a thousand notes."""
    notes = read(notebook("%who\n" * 1000), "mine.ipynb").notes
    assert len(notes) == 21
    assert notes[-1] == "980 more lines of IPython's were left out"


def test_a_true_error_beside_a_magic_is_still_shown(read):
    """Taking out a magic does not hide what is wrong in the rest of the cell."""
    one = read(notebook("%matplotlib inline\nprint('what?\n"), "mine.ipynb")
    assert one.problem.message == (
        "Python cannot read mine.ipynb: correct cell 1, line 2 "
        "(unterminated string literal (detected at line 2))"
    )


def test_magics_that_were_exported_to_python_are_taken_out(read):
    """What `nbconvert --to script` makes of a magic cannot run without IPython."""
    one = read(
        "# In[1]:\n\n\nget_ipython().run_line_magic('matplotlib', 'inline')\nx = 1\nif x:\n"
        "    get_ipython().system('ls')\nget_ipython().run_cell_magic('bash', '',\n 'ls')\n"
        "s = 'get_ipython()'\n"
    )
    assert one.source == (
        "# In[1]:\n\n\n# get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1\nif x:\n"
        "    pass  # get_ipython().system('ls')\n# get_ipython().run_cell_magic('bash', '',\n#  'ls')\n"
        "s = 'get_ipython()'\n"
    )
    assert [note.partition(": ")[0] for note in one.notes] == ["line 4", "line 7", "line 8"]
    assert one.problem is None


# The percent format.

PERCENT = """# ---
# jupyter:
# ---

# %% [markdown]
# # Title

# %%
%matplotlib inline
import numpy as np

# %% tags=["a"]
%%time
def f(x):
    return x

# %% [markdown]
\"\"\"
%who
\"\"\"

#%%
%%bash
ls (
# %%
    !ls
x = 1
"""


def test_percent_cells_are_plain_python(read):
    """A file in the percent format keeps its lines, which an editor shows as such."""
    one = read("# %%\nx = 1\n\n# %% [markdown]\n# text\n\n# %%\ny = = 1\n")
    assert one.lines is None
    assert one.problem.line == 8
    assert one.where(8) == "line 8"


def test_lines_of_ipython_in_percent_cells_become_comments(read):
    """In the percent format IPython's lines are taken out, cell by cell."""
    one = read(PERCENT)
    changed = [
        (number, new)
        for number, (old, new) in enumerate(zip(PERCENT.split("\n"), one.source.split("\n"), strict=True), 1)
        if old != new
    ]
    assert changed == [
        (9, "# %matplotlib inline"),
        (13, "# %%time"),
        (23, "# %%bash"),
        (24, "# ls ("),
        (26, "    pass  # !ls"),
    ]
    assert [note.partition(": ")[0] for note in one.notes] == ["line 9", "line 13", "line 23", "line 26"]
    assert (one.problem.line, one.problem.kind) == (26, "syntax")


@pytest.mark.parametrize("source", ["%matplotlib inline\nx = 1\n", "x = 1\nx?\n", "!ls\n", "    x = 1\n"])
def test_lines_of_ipython_in_a_plain_file_are_a_syntax_error(read, source):
    """A file without cells is for Python, which knows no magics."""
    assert read(source).problem.kind == "syntax"


# Any bytes.


def judged(path):
    """Read a file and check what holds for every submission; None where it was refused."""
    try:
        one = submission.read(path, "backprop.py")
    except SubmissionError:
        return None
    assert one.source.encode("utf-8", "strict") is not None
    assert one.problem or "\r" not in one.source
    rows = one.source.split("\n")
    if one.lines is not None:
        assert len(one.lines) == one.source.count("\n")
    for note in one.notes:
        assert note.isprintable()
    if one.problem is None:
        assert ast.parse(one.source).body
    else:
        assert one.problem.message.isprintable()
        assert one.problem.text.isprintable()
        assert re.fullmatch(r"( *\^+)?", one.problem.caret)
        assert one.problem.line is None or 1 <= one.problem.line <= len(rows)
        assert len(one.problem.caret) <= len(one.problem.text) + 1
    return one


SNIPPETS = st.sampled_from(
    [
        "x = 1\n", "def f(:\n", "    ", "\t", "\n", "\r", "\r\n", "\f", "'", '"""', "'''", "(", ")", "[", "{",
        "}", "\\", "\\\n", "#", "# %%\n", "%who\n", "%%bash\n", "%%time\n", "!ls\n", "x?\n", "x = !ls\n",
        "%time f(\n", "f'{", "if x:\n", "get_ipython().f()\n", "# coding: latin-1\n", "# coding: rot13\n",
        "é", "\x00", "\x1b[0m",
        "\u2028", "\ufeff", "\ud800", "pass\n", "1" * 4400, "𝐱 = 1\n", "lambda", " = ", "class", ":\n", ";",
    ]
)  # fmt: skip
TEXTS = st.lists(SNIPPETS | st.text(max_size=5), max_size=12).map("".join)
BYTES = (
    st.binary(max_size=300)
    | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass"))
    | TEXTS.map(lambda text: text.encode("latin-1", "replace"))
    | TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass"))
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
SOURCES = TEXTS | st.lists(TEXTS, max_size=4) | VALUES
CELLS = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "code", "code", "markdown", 3])},
    optional={"source": SOURCES, "input": SOURCES, "outputs": VALUES},
)
NOTEBOOKS = st.fixed_dictionaries(
    {"nbformat": st.sampled_from([4, 4, 4, 3]) | VALUES},
    optional={
        "cells": st.lists(CELLS, max_size=4) | VALUES,
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=2)}), max_size=2),
    },
)
QUIET = settings(
    derandomize=True,
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@QUIET
@given(content=BYTES, suffix=st.sampled_from([".py", ".ipynb"]))
def test_any_bytes_are_read_or_refused(tmp_path, content, suffix):
    """Whatever bytes a file holds, reading them ends in a submission or in a sentence."""
    path = tmp_path / f"mine{suffix}"
    path.write_bytes(content)
    judged(path)


@QUIET
@given(cells=st.lists(TEXTS, max_size=5))
def test_any_cells_are_read(tmp_path, cells):
    """Whatever code cells hold, they make a submission whose lines know their cells."""
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook(*cells))
    assert judged(path) is not None


@QUIET
@given(content=NOTEBOOKS)
def test_any_notebook_is_read_or_refused(tmp_path, content):
    """Whatever JSON stands where a notebook should, reading it ends in a submission or in a sentence."""
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(content))
    judged(path)


@QUIET
@given(content=BYTES)
def test_the_same_bytes_are_read_the_same_way(tmp_path, content):
    """Twice the same file is twice the same submission."""
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    assert judged(path) == judged(path)
