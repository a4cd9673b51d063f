"""Downloads, from a server on this machine that tears, lies and refuses as it is told to."""

import gzip
import hashlib
import http.server
import io
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from dlgrade.datasets import fetching, loading
from dlgrade.datasets.fetching import Remote
from dlgrade.errors import DatasetError

BODY = np.random.default_rng(0).bytes(300_000)


class Server(http.server.ThreadingHTTPServer):
    """Serves one body.

    Attributes
    ----------
    tear
        After how many bytes each connection breaks, None for never; the last one stands for all others.
    ranges
        Whether it sends a part when it is asked for one.
    lies_about_the_range
        Whether it then says of the part that it is another one.
    silent
        Whether it accepts connections and says nothing.
    asked, served
        The Range header of each request that came, and how many bytes of the body were sent back.
    """

    daemon_threads = False  # none is left when it is closed

    def __init__(self, body: bytes = BODY) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = body
        self.tear: list[int | None] = [None]
        self.ranges = True
        self.lies_about_the_range = False
        self.silent = False
        self.asked: list[str | None] = []
        self.served: list[int] = []
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url(self, name: str = "file") -> str:
        return f"http://127.0.0.1:{self.server_port}/{name}"

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        if self.path == "/missing":
            self.send_error(404)
            return
        wanted = self.headers.get("Range")
        server.asked.append(wanted)
        if server.silent:
            server.over.wait(10)
            return
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and server.ranges else 0
        rest = server.body[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(rest)))
        if start:
            first = 0 if server.lies_about_the_range else start
            self.send_header("Content-Range", f"bytes {first}-{len(server.body) - 1}/{len(server.body)}")
        self.end_headers()
        cut = server.tear.pop(0) if len(server.tear) > 1 else server.tear[0]
        sent = rest if cut is None else rest[:cut]
        server.served.append(len(sent))
        self.wfile.write(sent)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a proxy that this machine may have out of the way."""
    monkeypatch.setenv("no_proxy", "*")


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Return a function that starts a server; all are closed afterwards."""
    started: list[Server] = []

    def start(body: bytes = BODY) -> Server:
        started.append(Server(body))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def server(serve) -> Server:
    """Return a server of the body."""
    return serve()


def remote(server: Server, *paths: str, body: bytes | None = None) -> Remote:
    body = server.body if body is None else body
    urls = tuple(server.url(path) for path in paths or ("file",))
    return Remote("data.bin", len(body), hashlib.sha256(body).hexdigest(), urls)


def fetch(remote: Remote, folder: Path) -> Path:
    return fetching.fetch(remote, folder, pause_s=0.0)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


# Going on where it broke.


def test_a_file_is_fetched_and_nothing_is_left_beside_it(server, tmp_path):
    """Its folder is made, and whoever wants to know is told how far it is."""
    seen: list[int] = []
    path = fetching.fetch(remote(server), tmp_path / "new" / "folder", seen.append)
    assert path.read_bytes() == BODY
    assert files(path.parent) == ["data.bin"]
    assert seen[-1] == len(BODY)
    assert seen == sorted(seen)


def test_a_torn_download_goes_on_where_it_broke(server, tmp_path):
    """What came once is not asked for again: the bytes that were served add up to the file."""
    server.tear = [100_000, 0, 70_000, None]
    assert fetch(remote(server), tmp_path).read_bytes() == BODY
    assert server.asked == [None, "bytes=100000-", "bytes=100000-", "bytes=170000-"]
    assert server.served == [100_000, 0, 70_000, 130_000]


def test_what_an_earlier_try_left_is_used(server, tmp_path):
    """After it was given up the part stays, and the next try asks for the rest alone."""
    server.tear = [100_000, 0]
    with pytest.raises(
        DatasetError, match=r"100,000 of 300,000 bytes are here; the next try goes on from there"
    ):
        fetch(remote(server), tmp_path)
    assert len(server.asked) == 1 + fetching.TRIES
    assert files(tmp_path) == ["data.bin.part"]
    server.tear, server.asked, server.served = [None], [], []
    assert fetch(remote(server), tmp_path).read_bytes() == BODY
    assert (server.asked, server.served) == (["bytes=100000-"], [200_000])


def test_a_connection_that_brings_something_is_no_failure(server, tmp_path):
    """However often it breaks, it goes on as long as each connection brings more."""
    server.tear = [20_000]
    assert fetch(remote(server), tmp_path).read_bytes() == BODY
    assert len(server.asked) == 15 > fetching.TRIES


def test_a_part_that_is_whole_is_not_fetched_again(server, tmp_path):
    """All bytes came before it was interrupted: only the checksum is left to do."""
    (tmp_path / "data.bin.part").write_bytes(BODY)
    assert fetch(remote(server), tmp_path).read_bytes() == BODY
    assert server.asked == []


def test_a_server_without_ranges_begins_anew(server, tmp_path):
    """Its whole file is not put behind the part that is there."""
    server.ranges, server.tear = False, [100_000, None]
    assert fetch(remote(server), tmp_path).read_bytes() == BODY
    assert server.served == [100_000, 300_000]


def test_a_server_without_ranges_that_always_tears_is_given_up(server, tmp_path):
    """Beginning anew again and again is no progress."""
    server.ranges, server.tear = False, [100_000, 90_000] * 20
    with pytest.raises(DatasetError, match=r"data\.bin cannot be fetched: the connection ends early\."):
        fetch(remote(server), tmp_path)
    assert len(server.asked) == 1 + fetching.TRIES


# What is not believed.


def test_another_part_than_was_asked_for_is_not_believed(server, tmp_path):
    """A Content-Range that begins elsewhere is refused, and what is there stays as it is."""
    server.lies_about_the_range, server.tear = True, [100_000, None]
    with pytest.raises(DatasetError, match="the server sends another part than was asked for"):
        fetch(remote(server), tmp_path)
    assert (tmp_path / "data.bin.part").read_bytes() == BODY[:100_000]


def test_a_wrong_file_is_refused_and_removed(server, tmp_path):
    """A checksum that differs leaves nothing behind that a next try could go on from."""
    with pytest.raises(DatasetError, match=r"^What came as data\.bin is not it: its checksum differs\.$"):
        fetch(remote(server)._replace(sha256="0" * 64), tmp_path)
    assert files(tmp_path) == []


def test_a_file_that_is_too_long_is_refused_and_removed(serve, tmp_path):
    """More bytes than there should be are not waited for."""
    pieces: list[int] = []
    with pytest.raises(DatasetError, match=r"data\.bin is not it: it is longer than 200,000 bytes\.$"):
        fetching.fetch(remote(serve(BODY * 5), body=BODY[:200_000]), tmp_path, pieces.append)
    assert files(tmp_path) == []
    assert len(pieces) <= 4


def test_a_spoiled_part_is_found_out(server, tmp_path):
    """What was put behind garbage has another checksum; then it is fetched from the start."""
    (tmp_path / "data.bin.part").write_bytes(bytes(1000))
    with pytest.raises(DatasetError, match="its checksum differs"):
        fetch(remote(server), tmp_path)
    assert fetch(remote(server), tmp_path).read_bytes() == BODY


def test_what_is_there_is_neither_fetched_again_nor_believed_blindly(server, tmp_path):
    """A whole file is used without asking anybody; one that was changed is refused and kept."""
    for _ in range(2):
        fetch(remote(server), tmp_path)
    assert len(server.asked) == 1
    (tmp_path / "data.bin").write_bytes(b"something else")
    with pytest.raises(DatasetError, match="is not the file it should be; remove it to have it fetched anew"):
        fetch(remote(server), tmp_path)
    assert (tmp_path / "data.bin").read_bytes() == b"something else"


# Where there is nothing to be had.


def test_a_second_place_is_asked_where_the_first_has_nothing(server, tmp_path):
    """A mirror stands in."""
    assert fetch(remote(server, "missing", "file"), tmp_path).read_bytes() == BODY


def test_a_file_that_nobody_has_is_told(server, tmp_path):
    """What the server answered stands in the sentence."""
    with pytest.raises(DatasetError, match=r"data\.bin cannot be fetched: HTTP Error 404: Not Found\."):
        fetch(remote(server, "missing"), tmp_path)


def test_a_server_that_is_not_there_is_told(tmp_path):
    """Nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    gone = Remote("data.bin", 3, "0" * 64, (f"http://127.0.0.1:{port}/file",))
    with pytest.raises(DatasetError, match=r"^data\.bin cannot be fetched: Connection refused\.$"):
        fetch(gone, tmp_path)


def test_a_server_that_says_nothing_is_given_up(server, tmp_path, monkeypatch):
    """Each connection waits for so long and no longer."""
    monkeypatch.setattr(fetching, "TIMEOUT_S", 0.05)
    server.silent = True
    with pytest.raises(DatasetError, match=r"data\.bin cannot be fetched: timed out"):
        fetch(remote(server), tmp_path)
    assert len(server.asked) == fetching.TRIES


def test_a_folder_that_cannot_be_made_is_told(server, tmp_path):
    """What should be a folder is a file."""
    (tmp_path / "cache").write_text("")
    with pytest.raises(
        DatasetError, match=r"^data\.bin cannot be kept in '.*cache/mnist': Not a directory\.$"
    ):
        fetch(remote(server), tmp_path / "cache" / "mnist")


# Whole data sets.


def test_a_whole_data_set_is_fetched_shown_and_read(serve, tmp_path, monkeypatch, write_mnist):
    """Four torn files come together; a terminal shows each by its name, and nothing of what it has."""
    write_mnist(tmp_path / "origin", pack=gzip.compress, ending=".gz")
    bodies = {path.name: path.read_bytes() for path in (tmp_path / "origin").iterdir()}
    remotes = []
    for name, body in bodies.items():
        each = serve(body)
        each.tear = [len(body) // 2, None]
        remotes.append(remote(each)._replace(name=name))
    monkeypatch.setitem(fetching.SOURCES, "mnist", tuple(remotes))
    shown = io.StringIO()
    console = Console(file=shown, force_terminal=True, width=100)
    place = fetching.download("mnist", tmp_path / "cache", console=console)
    assert place == tmp_path / "cache" / "mnist"
    assert files(place) == sorted(bodies)
    assert len(loading.load(place).y_train) == 7
    assert all(name in shown.getvalue() for name in bodies)
    shown.truncate(0)
    fetching.download("mnist", tmp_path / "cache", console=console)
    assert shown.getvalue() == ""


def test_nothing_is_shown_but_on_a_terminal(server, tmp_path, monkeypatch, capfd):
    """In a pipe or a file there is no progress; neither is there by default where stderr is none."""
    monkeypatch.setitem(fetching.SOURCES, "cifar-10", (remote(server),))
    shown = io.StringIO()
    fetching.download("cifar-10", tmp_path / "a", console=Console(file=shown))
    fetching.download("cifar-10", tmp_path / "b")
    assert (shown.getvalue(), *capfd.readouterr()) == ("", "", "")


def test_downloads_are_kept_in_the_users_cache(server, tmp_path, monkeypatch):
    """Without a folder they go where the system keeps what can be had again."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setitem(fetching.SOURCES, "cifar-10", (remote(server),))
    assert fetching.download("cifar-10") == tmp_path / "dlgrade" / "data" / "cifar-10"


def test_an_unknown_name_is_refused(tmp_path):
    """The sentence says which there are."""
    with pytest.raises(DatasetError, match=r"no data set 'imagenet' to download; there are mnist, "):
        fetching.download("imagenet", tmp_path)


@pytest.mark.parametrize("name", fetching.NAMES)
def test_every_source_says_what_is_to_come(name: str):
    """Size, checksum and addresses are complete; no two files are the same."""
    remotes = fetching.SOURCES[name]
    for each in remotes:
        assert len(bytes.fromhex(each.sha256)) == 32
        assert each.size > 4000
        assert all(url.startswith("http") and url.endswith(each.name) for url in each.urls)
    assert len({each.sha256 for each in remotes}) == len(remotes)
