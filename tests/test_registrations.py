"""Registrations: the 21st of 20 waits, also when all come at once; a place that becomes free is given to the first."""

import socketserver
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from adapters.backup import backup, restore
from adapters.database import Database
from adapters.erasing import Erasing
from adapters.erasures import FILE
from adapters.mail import TRIED, Mail, recipient
from adapters.outbox import messages
from adapters.registrations import HELD, KEEPER, MOST_TRIES, Meet, Opening, Person, Registrations
from adapters.settings import Smtp
from domain.errors import Refused
from projections.search import asked

MEET = Meet("lindenau", "treffen-1", 20)


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 22, 9, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(tmp_path, database, clock):
    return Registrations(tmp_path, database, clock=clock)


@pytest.fixture
def by_mail(tmp_path, database, clock):
    return Registrations(tmp_path, database, by_mail=True, clock=clock)


def letter(kind, language, cancel, confirm):
    return kind, f"{language} {cancel} {confirm or '-'}"


def person(n):
    return Person(f"Name {n}", f"n{n}@example.org")


def secrets_in(store, n):
    """The secrets in the last message to somebody: to cancel with, and to confirm with."""
    (message,) = [m for m in store.unsent("lindenau", "treffen-1") if m.email == f"n{n}@example.org"][-1:]
    return message.body.split()[1:]


def names(store, *, waiting):
    return [each.person.name for each in store.of("lindenau", "treffen-1") if each.waiting is waiting]


def test_the_21st_of_20_waits_however_many_come_at_once(store):
    with ThreadPoolExecutor(12) as pool:
        kinds = list(pool.map(lambda n: store.register(MEET, person(n), letter), range(25)))
    assert (kinds.count("place"), kinds.count("waiting")) == (20, 5)
    assert (len(names(store, waiting=False)), len(names(store, waiting=True))) == (20, 5)
    assert sorted(m.subject for m in store.unsent("lindenau", "treffen-1")) == ["place"] * 20 + ["waiting"] * 5


def test_who_cancels_is_erased_and_the_first_who_waits_gets_the_place_and_is_told(store):
    for n in range(22):
        store.register(MEET, person(n), letter)
    assert names(store, waiting=True) == ["Name 20", "Name 21"]
    secret, _ = secrets_in(store, 3)
    assert store.linked(MEET, secret, "cancel").person.name == "Name 3"
    assert store.linked(MEET, secret, "confirm") is None
    assert store.cancel(MEET, secret, letter)
    assert names(store, waiting=True) == ["Name 21"]
    assert "Name 20" in names(store, waiting=False)
    assert [m.email for m in store.unsent("lindenau", "treffen-1") if m.subject == "moved-up"] == ["n20@example.org"]
    assert store.about(asked("n3@example.org")) == []
    assert not store.cancel(MEET, secret, letter)
    assert not store.cancel(Meet("lindenau", "anderes", 20), secrets_in(store, 4)[0], letter)


def test_one_address_is_one_registration_and_nobody_learns_that_it_was_there(store, clock):
    assert store.register(MEET, person(1), letter) == "place"
    assert store.register(MEET, Person("Jemand", "N1@Example.org"), letter) == "place"
    assert names(store, waiting=False) == ["Name 1"]
    assert len(store.unsent("lindenau", "treffen-1")) == 1
    clock.now += timedelta(hours=2)
    store.register(MEET, person(1), letter)
    assert len(store.unsent("lindenau", "treffen-1")) == 2


def test_a_place_that_nobody_confirms_is_held_for_two_days_and_then_given_on(by_mail, clock):
    meet = Meet("lindenau", "treffen-1", 1)
    by_mail.register(meet, person(1), letter)
    by_mail.register(meet, person(2), letter)
    _, confirm = secrets_in(by_mail, 2)
    assert by_mail.confirm(meet, confirm, letter).waiting
    clock.now += HELD
    assert by_mail.linked(meet, secrets_in(by_mail, 1)[1], "confirm") is None
    by_mail.settle(meet, letter)
    assert names(by_mail, waiting=False) == ["Name 2"]


def test_who_waits_and_has_not_confirmed_is_passed_over_until_they_do(by_mail):
    meet = Meet("lindenau", "treffen-1", 1)
    for n in (1, 2):
        by_mail.register(meet, person(n), letter)
    cancel, _ = secrets_in(by_mail, 1)
    _, confirm = secrets_in(by_mail, 2)
    by_mail.cancel(meet, cancel, letter)
    assert names(by_mail, waiting=True) == ["Name 2"]
    assert not by_mail.confirm(meet, confirm, letter).waiting


def test_more_places_are_given_to_those_who_wait(store):
    for n in range(3):
        store.register(Meet("lindenau", "treffen-1", 1), person(n), letter)
    store.settle(Meet("lindenau", "treffen-1", 2), letter)
    assert names(store, waiting=True) == ["Name 2"]
    store.settle(Meet("lindenau", "treffen-1", None), letter)
    assert names(store, waiting=True) == []


def test_the_same_address_cannot_register_many_people_within_an_hour(store, clock):
    for _ in range(MOST_TRIES):
        store.count_try("2001:db8::1")
    with pytest.raises(Refused) as refusal:
        store.count_try("2001:db8::2")
    assert refusal.value.refusals[0].code == "registrations-too-many"
    store.count_try("192.0.2.1")
    clock.now += timedelta(hours=1)
    store.count_try("2001:db8::1")


def test_an_opening_is_kept(store):
    assert store.opening("lindenau", "treffen-1") is None
    for opening in (Opening(open=True, closes_on=date(2026, 12, 1)), Opening(open=False, closes_on=None)):
        store.set_opening("lindenau", "treffen-1", opening)
        assert store.opening("lindenau", "treffen-1") == opening


def test_what_is_held_on_somebody_is_found_and_erased_for_good(store, tmp_path):
    store.register(MEET, Person("Rosalinde Unverwechselbar", "r@example.org", "Verein", "Rampe"), letter)
    store.register(MEET, person(2), letter)
    (found,) = store.about(asked("unverwechselbar ROSALINDE"))
    assert store.about(asked("rampe verein")) == [found]
    assert store.about([]) == store.about(asked("rampe anders")) == []
    assert store.erase([found.id, "gibt-es-nicht"]) == 1
    assert store.about(asked("rosalinde")) == []
    if store.database.sqlite:
        file = tmp_path / "werdegang.sqlite"
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        assert b"Unverwechselbar" not in file.read_bytes()
        assert b"Name 2" in file.read_bytes()


def test_neither_the_database_nor_a_backup_holds_a_link_that_works(store, database, tmp_path):
    """The secrets are computed with the key of the installation, which is in neither."""
    for n in (1, 2):
        store.register(MEET, person(n), letter)
    links = {n: secrets_in(store, n)[0] for n in (1, 2)}
    (told,) = [each for each in store.unsent("lindenau", "treffen-1") if each.email.startswith("n1@")]
    store.sent_by_hand("lindenau", "treffen-1", told.id)
    file = tmp_path / "sicherung.zip"
    backup(database, file)
    with ZipFile(file) as archive:
        members = b"".join(archive.read(name) for name in archive.namelist())
    with database.reading() as connection:
        stored = str(connection.execute(select(messages)).all())
    assert b"n2@example.org" in members
    assert not [secret for secret in links.values() if secret.encode() in members or secret in stored]
    elsewhere = Database(f"sqlite:///{tmp_path / 'anderswo' / 'x.sqlite'}")
    restore(elsewhere, file)
    new = Registrations(tmp_path / "anderswo", elsewhere, clock=store.clock)
    fresh, _ = secrets_in(new, 2)
    assert fresh not in links.values()
    assert new.linked(MEET, fresh, "cancel") is None
    new.outbox.renew()
    new.outbox.renew()
    assert new.linked(MEET, fresh, "cancel").person.name == "Name 2"
    assert new.linked(MEET, links[1], "cancel").person.name == "Name 1"  # it was sent before
    elsewhere.close()


def test_who_cancelled_stays_away_when_an_older_backup_is_put_back(store, database, tmp_path):
    for n in (1, 2):
        store.register(MEET, person(n), letter)
    file = tmp_path / "sicherung.zip"
    backup(database, file)
    assert store.cancel(MEET, secrets_in(store, 1)[0], letter)
    home = tmp_path / "anderswo"
    elsewhere = Database(f"sqlite:///{home / 'x.sqlite'}")
    (home / FILE).write_text((tmp_path / FILE).read_text())
    new = Registrations(home, elsewhere)
    erasing = Erasing(home, elsewhere, {KEEPER: new})
    restore(elsewhere, file, lambda: erasing.reapply() and None)
    assert [each.person.name for each in new.of("lindenau", "treffen-1")] == ["Name 2"]
    assert [line.reason for line in erasing.list.listed()] == ["cancelled"]
    elsewhere.close()


# ---- sending ------------------------------------------------------------------------------------------------------


class _Server(socketserver.StreamRequestHandler):
    """A mail server that takes what it is given, but nothing for who is not to get any."""

    def handle(self):
        self.wfile.write(b"220 ready\r\n")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = []
                while (text := self.rfile.readline()) not in {b".\r\n", b""}:
                    lines.append(text)
                self.server.taken.append(b"".join(lines).decode())
                self.wfile.write(b"250 taken\r\n")
            elif verb == "RCPT" and "n3@" in line:
                return
            elif verb == "RCPT" and "n2@" in line:
                self.wfile.write(b"550 no such mailbox n2@example.org\r\n")
            elif verb == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Server) as running:
        running.daemon_threads = True
        running.taken = []
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def smtp(port):
    return Smtp("127.0.0.1", port, "", "", "treffen@stadt.example", "none")


def test_what_is_due_is_sent_once_and_what_fails_is_kept_with_no_address_in_its_reason(
    by_mail, database, clock, server
):
    for n in (1, 2):
        by_mail.register(MEET, person(n), letter)
    mail = Mail(database, by_mail.outbox, smtp(server.server_address[1]), clock)
    assert mail.deliver() == (1, 1)
    assert mail.deliver() == (0, 0)
    (taken,) = server.taken
    assert "To: n1@example.org" in taken
    (left,) = by_mail.unsent("lindenau", "treffen-1")
    assert (left.email, left.failure, left.tries) == ("n2@example.org", "SMTPRecipientsRefused", 1)
    by_mail.sent_by_hand("lindenau", "anderes", left.id)
    assert by_mail.unsent("lindenau", "treffen-1") == [left]
    by_mail.sent_by_hand("lindenau", "treffen-1", left.id)
    assert by_mail.unsent("lindenau", "treffen-1") == []


@pytest.mark.parametrize(
    "email",
    [
        *("=?utf-8?q?a=0ABcc:x?=@example.org", "a@b", "a@b.c", "a..b@example.org", ".a@example.org", "@example.org"),
        *("jörg@example.org", "a@straße.example", "a@x_y.org", "a@192.0.2.1", "a@[192.0.2.1]", "a@-x.org", "a@x..org"),
        *("a b@example.org", "a@example.org\n", "a@example.org.", "a" * 65 + "@example.org", "a@" + "x" * 300 + ".org"),
    ],
)
def test_what_no_message_can_be_sent_to_is_no_address(email):
    """Seen to fail when whatever looked like an address was taken, and the word in another encoding was decoded."""
    with pytest.raises(ValueError, match=r"address|idna"):
        recipient(email)


@pytest.mark.parametrize(
    ("email", "sent_to"),
    [
        ("o'neil+fest@sub.example.museum", "o'neil+fest@sub.example.museum"),
        ("a@Müller.example", "a@xn--mller-kva.example"),
        ("a@xn--mller-kva.example", "a@xn--mller-kva.example"),
    ],
)
def test_a_domain_with_umlauts_is_written_as_mail_servers_read_it(email, sent_to):
    assert str(recipient(email)) == sent_to


def test_one_address_that_no_message_can_be_made_for_stops_no_other(by_mail, database, clock, server):
    """Such an address is refused by the form; an older one may be here. Seen to fail when its error was not caught."""
    poison = Person("Böse", "=?utf-8?q?a=0Ab?=@evil.example")
    for each in (poison, person(1), person(4)):
        by_mail.register(MEET, each, letter)
        clock.now += timedelta(seconds=1)
    assert Mail(database, by_mail.outbox, smtp(server.server_address[1]), clock).deliver() == (2, 1)
    (left,) = by_mail.unsent("lindenau", "treffen-1")
    assert (left.email, left.tries, left.failure) == (poison.email, 1, "ValueError")


def test_what_nobody_tried_to_send_was_not_tried(by_mail, database, clock, server):
    """The server goes away at the second of three. Seen to fail when all were charged a try together."""
    for n in (1, 3, 4):
        by_mail.register(MEET, person(n), letter)
        clock.now += timedelta(seconds=1)
    mail = Mail(database, by_mail.outbox, smtp(server.server_address[1]), clock)
    assert mail.deliver() == (1, 1)
    assert [(m.email, m.tries) for m in by_mail.unsent("lindenau", "treffen-1")] == [
        ("n3@example.org", 1),
        ("n4@example.org", 0),
    ]
    assert mail.deliver() == (1, 0)


def test_a_server_that_is_not_there_is_tried_again_and_given_up(by_mail, database, clock):
    by_mail.register(MEET, person(1), letter)
    mail = Mail(database, by_mail.outbox, smtp(1), clock)
    for _ in range(TRIED):
        assert mail.deliver() == (0, 1)
        clock.now += timedelta(days=1)
    assert mail.deliver() == (0, 0)
    assert by_mail.unsent("lindenau", "treffen-1")[0].failure == "ConnectionRefusedError"
    assert Mail(database, by_mail.outbox, None, clock).deliver() == (0, 0)
