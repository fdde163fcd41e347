"""A register of two contestants, files for its inbox, and a pass over it in this process."""

import json
from datetime import datetime
from pathlib import Path

from auditor.inbox import commission_tables, one_pass
from auditor.inbox.settings import Settings, load
from auditor.inbox.work import Work
from auditor.inbox.writing import Writing
from auditor.register import arrivals, database
from auditor.register.home import make

NOW = "2023-03-25T12:00:00+06:00"
IIN = {"SM-1": "900101300017", "SM-2": "910202300016"}
ACCOUNT = {"SM-1": "KZ86125KZT5004100100", "SM-2": "KZ04125KZT1001300336"}
DONOR, OTHER = "850202400017", "780214301002"
HEADING = "contestant_id,contest,report_id,report_type,period_start,period_end,date,kind,amount,counterparty_type,counterparty_id,counterparty_name\n"
ALL = ("stored", "checked", "done", "quarantined")


def report(*gifts, cid="SM-1", report="R1"):
    """A final report with these gifts (amount, IIN of the donor)."""
    said = [
        f"{cid},single_mandate,{report},final,2023-02-18,2023-03-19,2023-03-{n:02},donation,{amount},individual,{who},Донор {who[-2:]}"
        for n, (amount, who) in enumerate(gifts, 1)
    ]
    return HEADING + "\n".join(said) + "\n"


def people(folder: Path, *more: str) -> Path:
    file = folder / "contestants.csv"
    rows = [f"{cid},single_mandate,Есім {cid},2023-02-14,registered,{IIN[cid]},{ACCOUNT[cid]}" for cid in IIN]
    heading = "contestant_id,contest,name,registered_on,status,person_id,fund_account"
    file.write_text("\n".join((heading, *rows, *more)) + "\n", encoding="utf-8")
    return file


class Register:
    """A register under test."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.url = url
        self.home = make(folder, url)
        database.upgrade(self.home.engine)
        self.settings = Settings(lang="en", settle_seconds=0)
        self.says("lang: en\nsettle_seconds: 0\n")
        commission_tables.take(self.home, self.settings, [people(folder.parent)], datetime.fromisoformat(NOW), "test")

    def says(self, text: str) -> None:
        """Write register.yaml."""
        (self.home.folder / "register.yaml").write_text(text, encoding="utf-8")
        self.settings = load(self.home.folder)

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.home.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def a_pass(self, now: str = NOW, *, recheck=False, step=lambda name: None, sleep=lambda seconds: None, settings=None):
        writing = Writing(self.home.reports, pdf=False)
        work = Work(self.home, settings or self.settings, datetime.fromisoformat(now), sleep, writing, step)
        return one_pass.run(work, recheck=recheck)

    def arrivals(self):
        with self.home.engine.begin() as connection:
            return arrivals.in_state(connection, "kz-majilis-2023", *ALL)

    def only(self):
        (one,) = self.arrivals()
        return one

    def note(self, one) -> str:
        folder = self.home.done if one.state == "done" else self.home.quarantine
        assert (folder / one.file_name).read_bytes() == self.home.store.get(one.sha256)
        return (folder / f"{one.file_name}.txt").read_text(encoding="utf-8")

    def measured(self, cid="SM-1", rule="DON-001"):
        told = json.loads((self.home.reports / f"{cid}.json").read_text(encoding="utf-8"))
        return sorted(one["measured"] for one in told["findings"] if one["rule"] == rule)

    def rows(self, query: str) -> list[tuple]:
        with self.home.engine.begin() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def lies(self, folder: Path) -> set[str]:
        return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
