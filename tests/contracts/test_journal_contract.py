"""What both journals promise, and what only the one in a file does."""

import pickle
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import replace

import pytest

from conductor.adapters.journal_file import FileJournal
from conductor.adapters.journal_memory import MemoryJournal
from conductor.domain.events import EngagementUpdated
from conductor.domain.interventions import Arm
from conductor.domain.learned import Learned, Tally
from conductor.errors import StoreUnavailable


@pytest.fixture(params=["file", "memory"])
def journal(request, tmp_path):
    opened = FileJournal(tmp_path / "journal.jsonl") if request.param == "file" else MemoryJournal()
    yield opened
    opened.close()


@pytest.fixture
def in_file(tmp_path):
    with ExitStack() as stack:

        def opened(**params):
            journal = FileJournal(tmp_path / "journal.jsonl", **params)
            stack.callback(journal.close)
            return journal

        yield opened


def taught(context, weight):
    return Learned((Tally(context, Arm.CHAT_PROMPT, weight, 1.0),))


def scores_of(events):
    return [event for event in events if isinstance(event, EngagementUpdated)]


def many_scores(story, count):
    [first, *_] = scores_of(story())
    return [replace(first, at=first.at + 5.0 * n) for n in range(count)]


def test_what_was_put_in_comes_out_in_its_order_whatever_it_is(journal, story):
    events = story()
    journal.append(events[:3])
    journal.append(events[3:])

    assert journal.waiting == len(events)
    assert list(journal.first(1000).events) == events


def test_the_oldest_stay_until_the_store_has_them(journal, story):
    events = story()
    journal.append(events)
    first = journal.first(2)
    assert journal.first(2) == first
    journal.drop(first.lines)
    assert list(journal.first(1000).events) == events[2:]
    journal.drop(journal.first(1000).lines)
    assert journal.waiting == 0
    assert journal.first(1000).events == ()


def test_of_what_was_learned_the_last_counts_and_comes_with_what_it_was_learned_from(journal, story, context):
    events = story()
    journal.append(events[:1], taught(context, 1.0))
    journal.append(events[1:2], taught(context, 2.0))
    journal.append(events[2:])

    assert journal.first(2).learned == taught(context, 1.0)
    assert journal.first(4).learned == taught(context, 2.0)


def test_where_there_is_no_room_scores_go_before_anything_else(tmp_path, in_file, story):
    others = [event for event in story() if not isinstance(event, EngagementUpdated)]
    journal = in_file(most_bytes=100_000)
    journal.append(others)
    for each in many_scores(story, 500):
        journal.append([each])
    left = list(journal.first(10_000).events)
    kept = scores_of(left)

    assert [event for event in left if not isinstance(event, EngagementUpdated)] == others
    assert kept == many_scores(story, 500)[-len(kept) :]
    assert journal.dropped_scores == 500 - len(kept) > 0
    assert journal.dropped_others == 0
    assert (tmp_path / "journal.jsonl").stat().st_size <= 100_000


def test_a_journal_in_memory_lets_scores_go_first_too(story):
    others = [event for event in story() if not isinstance(event, EngagementUpdated)]
    journal = MemoryJournal(most=len(others) + 10)
    journal.append(others)
    journal.append(many_scores(story, 50))

    left = journal.first(1000).events
    assert list(left) == [*others, *many_scores(story, 50)[40:]]
    assert (journal.dropped_scores, journal.dropped_others) == (40, 0)


def test_what_the_store_is_being_given_stays_where_room_is_made_meanwhile(in_file, story):
    journal = in_file(most_bytes=50_000)
    scores = many_scores(story, 300)
    journal.append(scores[:5])
    given = journal.first(5)
    for each in scores[5:]:
        journal.append([each])
    assert journal.dropped_scores > 0
    journal.drop(given.lines)

    left = journal.first(10_000).events
    assert list(left) == scores[-len(left) :]
    assert journal.dropped_scores + len(left) + 5 == 300


def test_a_file_is_found_again_by_a_later_life_without_the_line_that_was_cut_off(tmp_path, story):
    path = tmp_path / "journal.jsonl"
    events = story()
    earlier = FileJournal(path)
    earlier.append(events)
    earlier.close()
    with path.open("ab") as file:
        file.write(b'{"event":{"$type":"Eng')
    later = FileJournal(path)
    later.append(events[:1])

    assert list(later.first(1000).events) == [*events, events[0]]
    later.close()


def test_a_line_that_is_spoilt_is_left_out_and_counted(tmp_path, story):
    path = tmp_path / "journal.jsonl"
    journal = FileJournal(path)
    journal.append(story()[:1])
    journal.close()
    path.write_bytes(b"no JSON at all\n" + path.read_bytes())
    later = FileJournal(path)

    assert list(later.first(1000).events) == story()[:1]
    assert later.dropped_others == 1
    later.close()


def test_two_workers_never_share_a_file(tmp_path):
    first = FileJournal(tmp_path / "journal.jsonl")
    with pytest.raises(StoreUnavailable, match="another worker has it"):
        FileJournal(tmp_path / "journal.jsonl")
    first.close()
    FileJournal(tmp_path / "journal.jsonl").close()


FULL_DISK = """
import pickle, resource, signal, sys
from pathlib import Path
from conductor.adapters.journal_file import FileJournal
from conductor.errors import StoreUnavailable

path = Path(sys.argv[1])
events = pickle.loads(sys.stdin.buffer.read())
# A file that may not grow further fails as a full disk does, in the middle of a line.
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = FileJournal(path)
journal.append(events[:2])
size = path.stat().st_size
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 30, most))
for _ in range(2):
    try:
        journal.append(events[2:3])
    except StoreUnavailable:
        pass
    else:
        raise SystemExit("it was taken")
assert path.stat().st_size == size
assert list(journal.first(1000).events) == events[:2]
assert journal.waiting == 2
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
journal.append(events[2:3])
assert journal.waiting == 3
assert list(journal.first(1000).events) == events[:3]
journal.drop(3)
assert (journal.waiting, path.stat().st_size) == (0, 0)
journal.append(events[-1:])
journal.close()
"""


def test_what_a_full_disk_refuses_is_not_there_in_part_and_not_written_later(tmp_path, story):
    path = tmp_path / "journal.jsonl"
    events = story()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], input=pickle.dumps(events), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.decode()) == (0, "")

    later = FileJournal(path)
    assert list(later.first(1000).events) == events[-1:]
    later.close()
