"""No change to the audit log goes unnoticed."""

from dataclasses import fields, replace

from hypothesis import assume, given
from hypothesis import strategies as st

from conductor.domain.audit import (
    BEGINNING,
    AuditEntry,
    AuditKind,
    AuditNote,
    ChainCheck,
    Checked,
    canonical,
    hash_of,
    sealed,
)

notes = st.builds(
    AuditNote,
    st.sampled_from(["e1", "e2"]),
    st.text(max_size=5),
    st.floats(0, 2e9),
    st.sampled_from(AuditKind),
    st.text(max_size=5),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3) | st.floats(0, 1), max_size=3).map(canonical),
)


def chained(written):
    """The log that comes of these notes, one event after the other."""
    log: list[AuditEntry] = []
    for event_id in sorted({note.event_id for note in written}):
        seq, previous = 0, BEGINNING
        for note in written:
            if note.event_id == event_id:
                log.append(sealed(note, seq + 1, previous))
                seq, previous = seq + 1, log[-1].hash
    return log


def checked(log, known=()) -> Checked:
    looking = ChainCheck(frozenset(known))
    for entry in log:
        looking.take(entry)
    return looking.result()


logs = st.lists(notes, min_size=1, max_size=8).map(chained)


@given(logs)
def test_a_log_as_it_was_written_is_whole(log):
    found = checked(log, [entry.hash for entry in log])
    assert found.fault is None
    assert found.entries == len(log)
    assert {chain.head for chain in found.chains} <= {entry.hash for entry in log}


@given(logs, st.data())
def test_changing_any_field_of_any_entry_is_found_there(log, data):
    place = data.draw(st.integers(0, len(log) - 1))
    name = data.draw(st.sampled_from([part.name for part in fields(AuditEntry)]))
    other = data.draw({"seq": st.integers(-5, 50), "at": st.floats(0, 2e9)}.get(name, st.text(max_size=64)))
    assume(other != getattr(log[place], name))
    changed = [*log]
    changed[place] = replace(log[place], **{name: other})
    fault = checked(changed).fault
    assert fault is not None
    assert fault.seq == changed[place].seq


@given(logs, st.data())
def test_a_change_with_a_hash_that_fits_is_found_by_what_follows_or_by_a_known_head(log, data):
    place = data.draw(st.integers(0, len(log) - 1))
    forged = replace(log[place], body=canonical({"forged": True}))
    assume(forged.body != log[place].body)
    changed = [*log]
    changed[place] = replace(forged, hash=hash_of(forged))
    assert checked(changed, [chain.head for chain in checked(log).chains]).fault is not None


@given(logs, st.data())
def test_removing_an_entry_is_found_if_its_chain_goes_on_or_its_head_is_known(log, data):
    place = data.draw(st.integers(0, len(log) - 1))
    rest = log[:place] + log[place + 1 :]
    heads = [chain.head for chain in checked(log).chains]
    assert checked(rest, heads).fault is not None
    if place + 1 < len(log) and log[place + 1].event_id == log[place].event_id:
        fault = checked(rest).fault
        assert fault is not None
        assert fault.seq == log[place].seq + 1


@given(logs, st.data())
def test_entries_that_changed_places_are_found(log, data):
    one, other = (data.draw(st.integers(0, len(log) - 1)) for _ in range(2))
    assume(one != other)
    swapped = [*log]
    # As somebody would do it in a table: what the entries say changes places, their numbers stay.
    swapped[one] = replace(log[other], event_id=log[one].event_id, seq=log[one].seq)
    swapped[other] = replace(log[one], event_id=log[other].event_id, seq=log[other].seq)
    assert checked(swapped).fault is not None


@given(logs, st.data())
def test_a_log_whose_end_was_cut_off_is_told_by_any_hash_that_was_known(log, data):
    kept = data.draw(st.integers(0, len(log) - 1))
    known = data.draw(st.integers(kept, len(log) - 1))
    fault = checked(log[:kept], [log[known].hash]).fault
    assert fault is not None
    assert log[known].hash in fault.why


@given(logs, notes)
def test_a_log_that_grew_still_has_all_that_was_known(log, note):
    own = [entry for entry in log if entry.event_id == note.event_id]
    last = own[-1] if own else None
    added = sealed(note, len(own) + 1, last.hash if last else BEGINNING)
    grown = sorted([*log, added], key=lambda entry: (entry.event_id, entry.seq))
    assert checked(grown, [entry.hash for entry in log]).fault is None


@given(notes, notes)
def test_what_says_something_else_has_another_hash(one, other):
    assume(one != other)
    assert sealed(one, 1, BEGINNING).hash != sealed(other, 1, BEGINNING).hash
