"""Files are replaced whole or not at all, locked by one at a time, and flushed when it is said; and by one module."""

from __future__ import annotations

import ast
import contextlib
import errno
import os
import signal
import stat
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import filelock
import pytest

import afas_soap
from afas_soap import disk
from afas_soap.disk import InUseError, Lock, replacing
from afas_soap.errors import SettingsError, SignInError

SOON = 10.0
PACKAGE = Path(afas_soap.__file__).parent
BITS = pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such bits")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder of its own."""
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "file"


def left(path: Path) -> list[str]:
    """What lies in the folder of a file."""
    return sorted(found.name for found in path.parent.iterdir())


def write(path: Path, data: bytes, **how: object) -> None:
    with replacing(path, **how) as file:
        file.write(data)


def test_a_file_begun_anew_is_none_that_was_there(path: Path) -> None:
    path.write_bytes(b"old and long")
    path.chmod(0o644)
    with disk.begin(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"
    if os.name != "nt":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_name_is_on_the_disk_as_well(path: Path, on_disk: list[tuple[str, object]]) -> None:
    part = path.with_name("file.part")
    part.write_bytes(b"whole")
    path.write_bytes(b"old")
    del on_disk[:]
    disk.rename(part, path)
    assert (path.read_bytes(), left(path)) == (b"whole", ["file"])
    assert on_disk == [("renamed", "file"), *([("folder", "folder")] if os.name != "nt" else [])]


class TestReplacing:
    """Atomic replace: the old file or the new one, never a part."""

    @pytest.mark.parametrize("old", [None, b"old"])
    def test_the_new_file_is_there_when_the_block_ends(self, path: Path, old: bytes | None) -> None:
        if old is not None:
            path.write_bytes(old)
        with replacing(path) as file:
            file.write(b"new\r\n\n")
            file.flush()
            assert (path.read_bytes() if path.exists() else None) == old
        assert path.read_bytes() == b"new\r\n\n"
        assert left(path) == ["file"]

    @pytest.mark.parametrize("error", [OSError(28, "No space left"), ValueError(), KeyboardInterrupt(), SystemExit()])
    @pytest.mark.parametrize("fixed", [False, True])
    def test_whatever_stops_it_the_old_file_stays(self, path: Path, error: BaseException, fixed: bool) -> None:
        path.write_bytes(b"old")
        beside = path.with_name("file.new") if fixed else None

        def stopped() -> None:
            with replacing(path, beside=beside) as file:
                file.write(b"half")
                raise error

        with pytest.raises(type(error)) as caught:
            stopped()
        assert caught.value is error
        assert (path.read_bytes(), left(path)) == (b"old", ["file"])

    @pytest.mark.parametrize("act", ["fsync", "replace"])
    def test_a_disk_that_does_not_take_it(self, path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
        def refuse(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        path.write_bytes(b"old")
        monkeypatch.setattr(os, act, refuse)
        with pytest.raises(OSError, match="No space left"):
            write(path, b"new")
        assert (path.read_bytes(), left(path)) == (b"old", ["file"])

    def test_its_bytes_are_on_the_disk_before_its_name_is(self, path: Path, on_disk: list[tuple[str, object]]) -> None:
        write(path, b"12345")
        disk.flush_folder(path.parent)
        folder = [("folder", "folder")] if os.name != "nt" else []
        assert on_disk == [("flushed", 5), ("renamed", "file"), *folder]

    def test_what_may_be_lost_is_not_waited_for(self, path: Path, on_disk: list[tuple[str, object]]) -> None:
        write(path, b"12345", flushed=False)
        assert on_disk == [("renamed", "file")]

    @BITS
    def test_it_is_its_owner_s_alone_from_the_beginning(self, path: Path) -> None:
        """Rights that are taken away afterwards come too late, and so do those of what it replaces."""
        path.touch()
        path.chmod(0o644)
        with replacing(path) as file:
            assert stat.S_IMODE(os.fstat(file.fileno()).st_mode) == 0o600
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @BITS
    def test_a_file_for_anybody_has_the_rights_of_the_one_it_replaces(self, path: Path) -> None:
        usual = path.with_name("usual")
        usual.touch()
        write(path, b"1", mode=None)
        assert path.stat().st_mode == usual.stat().st_mode
        path.chmod(0o640)
        write(path, b"2", mode=None)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_what_a_kill_left_is_not_written_into(self, path: Path) -> None:
        """It may be readable for others, or lead elsewhere."""
        beside, elsewhere = path.with_name("file.new"), path.with_name("elsewhere")
        elsewhere.write_bytes(b"theirs")
        try:
            beside.symlink_to(elsewhere)
        except OSError:
            beside.write_bytes(b"half")
        write(path, b"new", beside=beside)
        assert (path.read_bytes(), elsewhere.read_bytes()) == (b"new", b"theirs")
        assert (left(path), path.is_symlink()) == (["elsewhere", "file"], False)

    def test_two_at_once_write_beside_each_other(self, path: Path) -> None:
        with replacing(path) as one, replacing(path) as other:
            one.write(b"one")
            other.write(b"other")
        assert (path.read_bytes(), left(path)) == (b"one", ["file"])

    def test_a_name_as_long_as_it_may_be(self, path: Path) -> None:
        write(path.with_name("x" * 250), b"new")
        assert left(path) == ["x" * 250]

    def test_a_folder_that_is_not_there(self, path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            write(path / "nowhere", b"new")

    @pytest.mark.skipif(os.name == "nt", reason="another signal kills there")
    def test_a_kill_leaves_the_old_file_and_at_most_one_beside_it(self, path: Path) -> None:
        """Whoever comes next replaces both."""
        path.write_bytes(b"old")
        program = """
            import sys
            from pathlib import Path
            from afas_soap.disk import replacing
            path = Path(sys.argv[1])
            with replacing(path, beside=path.with_name("file.new")) as file:
                file.write(b"half")
                file.flush()
                print("written", flush=True)
                sys.stdin.read()
        """
        for _ in range(2):
            with started(program, path) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "written\n"
                process.send_signal(signal.SIGKILL)
                process.wait(SOON)
            assert (path.read_bytes(), left(path)) == (b"old", ["file", "file.new"])
        write(path, b"new", beside=path.with_name("file.new"))
        assert (path.read_bytes(), left(path)) == (b"new", ["file"])


@contextlib.contextmanager
def started(program: str, *arguments: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that runs a program."""
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


class TestFolders:
    """Flushed, made, and what links lead to."""

    def test_a_folder_that_cannot_be_opened(self, tmp_path: Path) -> None:
        if os.name == "nt":
            pytest.skip("it is not opened there")
        with pytest.raises(FileNotFoundError):
            disk.flush_folder(tmp_path / "nowhere")

    def test_windows_has_no_such_call(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is opened there: it would raise, for there is nothing to open with."""
        with monkeypatch.context() as patch:
            patch.setattr(os, "name", "nt")
            patch.setattr(os, "open", None)
            disk.flush_folder(path)

    @BITS
    def test_a_new_one_is_its_owner_s(self, tmp_path: Path) -> None:
        for _ in range(2):
            disk.make_folder(tmp_path / "a" / "b")
            assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700

    def test_a_link_is_followed(self, path: Path) -> None:
        link = path.with_name("link")
        try:
            link.symlink_to(path)
        except OSError:
            pytest.skip("no links here")
        write(disk.behind_links(link), b"new")
        assert link.is_symlink()
        assert path.read_bytes() == b"new"

    def test_what_may_only_be_read(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What is not there may be written, as far as anybody knows by then."""
        monkeypatch.setattr(os, "access", lambda *_: False)
        disk.check_writable(path, "rows.csv")
        path.touch()
        with pytest.raises(SettingsError, match=r"^cannot write rows\.csv: it may only be read\.$"):
            disk.check_writable(path, "rows.csv")

    @pytest.mark.parametrize(
        ("problem", "told"),
        [
            (OSError(28, "No space left on device"), "No space left on device"),
            (OSError("without a number"), "OSError"),
            (NotImplementedError("a secret"), "NotImplementedError"),
        ],
    )
    def test_a_refusal_in_words(self, problem: Exception, told: str) -> None:
        assert disk.unwritten("it", problem).message == f"cannot write it: {told}."


class TestLock:
    """One at a time has it."""

    def test_another_waits_as_long_as_it_is_patient(self, path: Path) -> None:
        mine, theirs = Lock(path), Lock(path, patience=0.05)
        mine.acquire()
        with pytest.raises(InUseError):
            theirs.acquire()
        mine.release()
        theirs.acquire()
        with pytest.raises(InUseError):
            mine.acquire()
        theirs.release()
        theirs.release()

    @pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder that takes no file of root's either")
    def test_a_folder_that_takes_no_file_is_no_other_who_has_it(self) -> None:
        with pytest.raises(FileNotFoundError):
            Lock(Path("/proc/x")).acquire()

    def test_one_that_was_never_taken_is_let_go_of(self, path: Path) -> None:
        Lock(path).release()
        assert left(path) == []

    def test_another_thread_may_let_go_of_it(self, path: Path) -> None:
        lock = Lock(path)
        with ThreadPoolExecutor(1) as other:
            other.submit(lock.acquire).result(SOON)
            lock.release()
            other.submit(lock.acquire).result(SOON)
        with pytest.raises(InUseError):
            Lock(path).acquire()
        lock.release()

    @BITS
    @pytest.mark.parametrize("mode", [0o600, None])
    def test_its_rights(self, path: Path, mode: int | None) -> None:
        usual = path.with_name("usual")
        usual.touch()
        lock = Lock(path, mode=mode)
        lock.acquire()
        found = stat.S_IMODE(path.with_name("file.lock").stat().st_mode)
        assert found == (stat.S_IMODE(usual.stat().st_mode) if mode is None else mode)
        lock.release()

    @pytest.mark.skipif(os.name == "nt", reason="another signal kills there")
    def test_a_kill_lets_go_of_it(self, path: Path) -> None:
        """So it need not be removed by hand."""
        program = """
            import sys
            from pathlib import Path
            from afas_soap.disk import Lock
            lock = Lock(Path(sys.argv[1]))
            lock.acquire()
            print("taken", flush=True)
            sys.stdin.read()
        """
        with started(program, path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "taken\n"
            with pytest.raises(InUseError):
                Lock(path).acquire()
            process.send_signal(signal.SIGKILL)
            process.wait(SOON)
        lock = Lock(path)
        lock.acquire()
        lock.release()

    def test_within_a_block_nobody_else_has_it(self, path: Path) -> None:
        """Its folder is made, and whatever ends the block lets go of it."""
        target = path / "folder" / "file"
        open_now = most = 0

        def one() -> None:
            nonlocal open_now, most
            with disk.locked(target, patience=SOON, taken=SignInError("taken"), refused=lambda _: SignInError("")):
                open_now += 1
                most = max(most, open_now)
                threading.Event().wait(0.001)
                open_now -= 1
                raise ZeroDivisionError

        with ThreadPoolExecutor(4) as pool:
            for job in [pool.submit(one) for _ in range(8)]:
                with pytest.raises(ZeroDivisionError):
                    job.result(SOON)
        assert most == 1

    def test_what_it_says_is_the_caller_s(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Of errors of the block nothing is said."""
        taken, refused = SignInError("taken"), SettingsError("refused")
        seen: list[Exception] = []

        def locked() -> contextlib.AbstractContextManager[None]:
            return disk.locked(
                path, patience=0.05, taken=taken, refused=lambda problem: seen.append(problem) or refused
            )

        with pytest.raises(PermissionError), locked():
            raise PermissionError
        with filelock.FileLock(f"{path}.lock"), pytest.raises(SignInError) as caught, locked():
            pass
        assert caught.value is taken
        assert seen == []

        def none(*_arguments: object, **_keywords: object) -> None:
            raise NotImplementedError

        monkeypatch.setattr(filelock.FileLock, "acquire", none)
        with pytest.raises(SettingsError) as other, locked():
            pass
        assert other.value is refused
        assert [type(problem) for problem in seen] == [NotImplementedError]
        # Nothing of it hangs on what is raised: an error of the system's may hold a path, or more.
        assert (other.value.__context__, caught.value.__context__) == (None, None)

    def test_an_open_file_is_claimed_until_it_is_closed(self, path: Path) -> None:
        with path.open("wb") as one:
            disk.claim(one.fileno())
            with path.open("ab") as other, pytest.raises(InUseError):
                disk.claim(other.fileno())
        with path.open("ab") as other:
            disk.claim(other.fileno())


# What the disk alone may do: calls by the module they are of, names and modules.
_CALLS = {
    "os": {"replace", "rename", "renames", "fsync", "fdatasync", "link"},
    "tempfile": {"mkstemp", "NamedTemporaryFile"},
    "shutil": {"move", "copy", "copyfile", "copymode", "copy2"},
}
_NAMES = {"O_EXCL"}
_MODULES = {"filelock", "fcntl", "msvcrt"}


def trespasses(tree: ast.AST) -> Iterator[str]:
    """Where a module does what only the disk may do."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found = [node.module or ""] if isinstance(node, ast.ImportFrom) else [name.name for name in node.names]
            named = {name.name for name in node.names}
            # "from os import replace" would hide from what follows.
            hidden = {name for name in named if name in _CALLS.get(found[0], ())}
            yield from (name for name in (*found, *hidden) if name in _MODULES or name in hidden)
        elif isinstance(node, ast.Attribute):
            of = node.value.id if isinstance(node.value, ast.Name) else ""
            if node.attr in _CALLS.get(of, ()) or node.attr in _NAMES:
                yield f"{of}.{node.attr}"
        elif isinstance(node, ast.Constant) and node.value in _MODULES:
            yield str(node.value)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            # A text's "replace" has two arguments, and a date's or a dataclass's names its own.
            alone = len(node.args) == 1 and not node.keywords
            if alone and node.func.attr in ("replace", "rename", "hardlink_to", "touch"):
                yield f"Path.{node.func.attr}"
            if any(isinstance(value, ast.Constant) and value.value in ("x", "xb") for value in node.args):
                yield "open to create"


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("os.replace(a, b)", ["os.replace"]),
        ("beside.replace(target)", ["Path.replace"]),
        ("os.fsync(file)", ["os.fsync"]),
        ("os.open(path, os.O_CREAT | os.O_EXCL)", ["os.O_EXCL"]),
        ("import filelock", ["filelock"]),
        ("def lock():\n    import fcntl", ["fcntl"]),
        ("importlib.import_module('filelock')", ["filelock"]),
        ("from os import fsync, path", ["fsync"]),
        ("from filelock import FileLock", ["filelock"]),
        ("path.open('xb')", ["open to create"]),
        ("tempfile.NamedTemporaryFile()", ["tempfile.NamedTemporaryFile"]),
        ("shutil.move(a, b)", ["shutil.move"]),
        ("text.replace('a', 'b')", []),
        ("moment.replace(tzinfo=None)", []),
        ("dataclasses.replace(link, token=None)", []),
        ("path.unlink()", []),
    ],
)
def test_what_is_found(code: str, found: list[str]) -> None:
    """The look itself, before it is trusted."""
    assert list(trespasses(ast.parse(code))) == found


@pytest.mark.no_cover
def test_nobody_else_replaces_locks_or_flushes_a_file() -> None:
    """Else one place forgets the flush, or the rights, or what is to lie there after a kill."""
    found = {}
    for module in PACKAGE.rglob("*.py"):
        if module != PACKAGE / "disk.py":
            found[module.relative_to(PACKAGE).as_posix()] = list(trespasses(ast.parse(module.read_text("utf-8"))))
    assert len(found) > 200
    assert {module: what for module, what in found.items() if what} == {}
    done = set(trespasses(ast.parse((PACKAGE / "disk.py").read_text("utf-8"))))
    assert done >= {"os.fsync", "os.O_EXCL", "Path.replace", "filelock", "fcntl", "msvcrt"}


def test_the_lock_library_is_loaded_where_something_is_locked() -> None:
    """Every read loads the disk, and none locks."""
    program = "import sys; import afas_soap.disk; sys.exit('filelock' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


class TestDraft:
    """A file that has no name until it is whole."""

    def test_it_takes_the_first_name_that_is_free(self, path: Path) -> None:
        path.write_bytes(b"old")
        with disk.drafting(path.parent) as draft:
            draft.stream.write(b"new")
            assert draft.publish(["file", "other", "third"]) == path.with_name("other")
        assert (path.read_bytes(), path.with_name("other").read_bytes()) == (b"old", b"new")
        assert left(path) == ["file", "other"]

    def test_what_is_not_published_does_not_stay(self, path: Path) -> None:
        with disk.drafting(path.parent) as draft:
            draft.stream.write(b"half")
        with pytest.raises(KeyError), disk.drafting(path.parent):
            raise KeyError
        path.touch()
        with pytest.raises(FileExistsError, match="every name is taken"), disk.drafting(path.parent) as draft:
            draft.publish(["file"])
        assert left(path) == ["file"]

    def test_a_disk_that_does_not_take_it(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        for act in ("fsync", "link") if os.name != "nt" else ("fsync",):
            with monkeypatch.context() as patched, disk.drafting(path.parent) as draft:
                patched.setattr(os, act, refuse)
                with pytest.raises(OSError, match="No space left"):
                    draft.publish(["file"])
        assert left(path) == []

    @pytest.mark.parametrize("number", [errno.EPERM, errno.ENOTSUP, errno.EMLINK])
    def test_a_disk_without_hard_links(self, path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        def refuse(*_arguments: object) -> None:
            raise OSError(number, "Operation not permitted")

        monkeypatch.setattr(os, "link", refuse)
        path.write_bytes(b"old")
        with disk.drafting(path.parent) as draft:
            draft.stream.write(b"new")
            assert draft.publish(["file", "other"]) == path.with_name("other")
        assert (path.read_bytes(), path.with_name("other").read_bytes()) == (b"old", b"new")
        assert left(path) == ["file", "other"]

    def test_windows_renames_what_replaces_nothing(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        done: list[str] = []
        rename = Path.rename

        def renaming(source: Path, target: Path) -> Path:
            if target.exists():
                raise FileExistsError(17, "File exists")
            done.append(target.name)
            return rename(source, target)

        monkeypatch.setattr(disk, "_RENAMES", True)
        monkeypatch.setattr(Path, "rename", renaming)
        path.write_bytes(b"old")
        with disk.drafting(path.parent) as draft:
            draft.publish(["file", "other"])
        assert (done, left(path)) == (["other"], ["file", "other"])

    @BITS
    def test_it_has_the_rights_of_any_file(self, path: Path) -> None:
        path.touch()
        with disk.drafting(path.parent) as draft:
            draft.publish(["other"])
        assert path.with_name("other").stat().st_mode == path.stat().st_mode

    def test_many_at_once_take_a_name_each(self, path: Path) -> None:
        def save(number: int) -> Path:
            with disk.drafting(path.parent) as draft:
                draft.stream.write(b"%d" % number)
                return draft.publish(f"file ({each})" for each in range(100))

        with ThreadPoolExecutor(8) as threads:
            saved = list(threads.map(save, range(40)))
        assert len(set(saved)) == 40
        assert {each.read_bytes() for each in saved} == {b"%d" % number for number in range(40)}


def test_a_new_file_has_its_name_when_it_is_whole(tmp_path: Path, on_disk: list[tuple[str, object]]) -> None:
    target, beside = tmp_path / "x", tmp_path / "x.new"
    beside.write_text("what a kill left")
    with disk.creating(target, beside=beside) as stream:
        stream.write(b"new")
        assert not target.exists()
    assert on_disk == [("flushed", 3)]
    assert target.read_bytes() == b"new"
    with pytest.raises(KeyError), disk.creating(tmp_path / "y", beside=beside):
        raise KeyError
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("renames", [False, True])
def test_a_new_file_takes_no_name_that_something_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renames: bool
) -> None:
    target, beside = tmp_path / "x", tmp_path / "x.new"
    if renames:
        monkeypatch.setattr(disk, "_RENAMES", True)
        monkeypatch.setattr(Path, "rename", taken)

    def create() -> None:
        with disk.creating(target, beside=beside) as stream:
            stream.write(b"new")
            target.write_text("precious")

    with pytest.raises(FileExistsError, match="File exists"):
        create()
    assert target.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [target]


def taken(*_: object) -> None:
    raise FileExistsError


def test_a_free_name_replaces_nothing(tmp_path: Path, on_disk: list[tuple[str, object]]) -> None:
    source, taken = tmp_path / "a.part", tmp_path / "a.cut"
    source.write_bytes(b"new")
    taken.write_bytes(b"old")
    assert disk.rename_to_free(source, ["a.cut", "a.cut-2"]).read_bytes() == b"new"
    assert taken.read_bytes() == b"old"
    assert not source.exists()
    assert on_disk == ([("folder", tmp_path.name)] if os.name != "nt" else [])


def test_without_a_free_name_it_stays(tmp_path: Path) -> None:
    source = tmp_path / "a.part"
    source.write_bytes(b"new")
    (tmp_path / "a.cut").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        disk.rename_to_free(source, ["a.cut"])
    assert source.read_bytes() == b"new"
