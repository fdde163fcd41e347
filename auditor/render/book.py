"""Many reports as one volume: contents, bookmarks, page labels, and everything that PDF/A-3a and PDF/UA-1 ask for, kept.

A library that only puts pages together drops the tags; one page of HTML with all reports would take gigabytes. So the finished
reports are joined here, their structure trees too, behind a page of contents that brings what a document has once: metadata,
colour profile, language.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from auditor.model.audit import Audit
from auditor.render.pdf import typeset
from auditor.render.shown import Shown
from auditor.render.stationery import page_words, publisher, templates
from auditor.render.style import Style, shipped
from auditor.wording import Words


@dataclass(frozen=True)
class Chapter:
    """One report: whose, the name of its files, where the finished PDF lies, and how many pages it has."""

    contestant_id: str
    contestant: str | None
    name: str
    file: Path
    pages: int


def volume(audit: Audit, words: Words, chapters: Sequence[Chapter], style: Style | None = None) -> bytes:
    """One PDF of all reports, in the order given. Its first pages are numbered i, ii …, those of the reports 1, 2 … throughout."""
    style = style or shipped(words.lang)
    front = typeset(_contents(audit, words, chapters, style), style)
    shown = Shown(words, audit.currency)
    with pikepdf.open(io.BytesIO(front)) as book:
        joined = _Joined(book, words("batch.contents"))
        for number, chapter in enumerate(chapters):
            title = f"{shown.text(chapter.contestant_id, 40)} · {shown.contestant(chapter.contestant)}"
            with pikepdf.open(chapter.file) as report:
                joined.add(report, title, chapter.name, _anchor(number))
        joined.finish()
        out = io.BytesIO()
        book.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _contents(audit: Audit, words: Words, chapters: Sequence[Chapter], style: Style) -> str:
    entries = []
    page = 1
    for chapter in chapters:
        entries.append((chapter.contestant_id, chapter.contestant, page, chapter.pages))
        page += chapter.pages
    return (
        templates()
        .get_template("contents.html")
        .render(
            audit=audit,
            words=words,
            t=lambda key, **values: words(f"report.{key}", **values),
            shown=Shown(words, audit.currency),
            publisher=publisher(style, words),
            page_words=page_words(words),
            entries=entries,
            anchor=_anchor,
        )
    )


def _anchor(number: int) -> str:
    """Where the contents lead: on the page of contents itself, until the report is there."""
    return f"report-{number:05}"


class _Joined:
    """A book that grows by one report after the other; `book` holds the contents at first."""

    def __init__(self, book: pikepdf.Pdf, heading: str) -> None:
        self._book = book
        self._front = len(book.pages)
        tree = book.Root.StructTreeRoot
        self._parents = list(_pairs(tree.ParentTree.Nums))
        self._key = 1 + max(int(key) for key, _ in self._parents)
        whole = tree.K[0]
        inside = book.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Part, P=whole, K=whole.K))
        for element in inside.K:
            element.P = inside
        whole.K = Array([inside])
        whole.P = tree
        self._whole = whole
        self._names = {bytes(name): place for name, place in _pairs(book.Root.Names.Dests.Names)} if "/Dests" in book.Root.Names else {}
        self._files: dict[bytes, Any] = {}
        self._marks = [self._mark(heading, book.pages[0].obj)]

    def add(self, report: pikepdf.Pdf, title: str, name: str, anchor: str) -> None:
        """Put a report behind what is there."""
        book, first = self._book, len(self._book.pages)
        for one in report.pages:  # before the rest, which then means these copies by its pages
            book.pages.append(one)
        pages = [page.obj for page in list(book.pages)[first:]]
        prefix = f"{name}/".encode()
        self._names[anchor.encode()] = Array([pages[0], Name.Fit])
        if "/Dests" in report.Root.Names:
            copied = book.copy_foreign(_held(report, report.Root.Names.Dests))
            self._names |= {prefix + bytes(one): place for one, place in _pairs(copied.Names)}
        tree = book.copy_foreign(_held(report, report.Root.StructTreeRoot))
        for key, value in _pairs(tree.ParentTree.Nums):
            self._parents.append((int(key) + self._key, value))
        for page in pages:
            page.StructParents = int(page.StructParents) + self._key
            for link in page.get("/Annots", ()):
                _retarget(link, prefix, self._key)
        self._key = 1 + max(int(key) for key, _ in self._parents)
        for part in tree.K:
            part.S, part.P = Name.Part, self._whole
            self._whole.K.append(part)
            _distinguish(part, prefix)
        self._attach(report, name)
        self._bookmark(report, title, pages[0])

    def finish(self) -> None:
        """Write down what was gathered."""
        root = self._book.Root
        root.StructTreeRoot.ParentTree.Nums = Array([part for pair in self._parents for part in pair])
        root.StructTreeRoot.ParentTreeNextKey = self._key
        root.Names.Dests = Dictionary(Names=_tree(self._names))
        if self._files:
            root.Names.EmbeddedFiles = Dictionary(Names=_tree(self._files))
            root.AF = Array([self._files[name] for name in sorted(self._files)])
        root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.r), self._front, Dictionary(S=Name.D)]))
        root.PageMode = Name.UseOutlines
        outlines = self._book.make_indirect(Dictionary(Type=Name.Outlines, Count=len(self._marks)))
        for mark, following in zip(self._marks, self._marks[1:], strict=False):
            mark.Next, following.Prev = following, mark
        for mark in self._marks:
            mark.Parent = outlines
        outlines.First, outlines.Last = self._marks[0], self._marks[-1]
        root.Outlines = outlines

    def _attach(self, report: pikepdf.Pdf, name: str) -> None:
        names = report.Root.get("/Names")  # a letter has nothing attached
        attached = names.get("/EmbeddedFiles") if names is not None else None
        for _, given in _pairs(attached.Names) if attached is not None else ():
            file = self._book.copy_foreign(_held(report, given))
            label = f"{name} {file.UF}"
            file.F = file.UF = String(label)
            self._files[bytes(String(label))] = file

    def _bookmark(self, report: pikepdf.Pdf, title: str, page: Any) -> None:
        mark = self._mark(title, page)
        if "/Outlines" in report.Root and "/First" in report.Root.Outlines:
            copied = self._book.copy_foreign(_held(report, report.Root.Outlines))
            mark.First, mark.Last, mark.Count = copied.First, copied.Last, -int(copied.Count)  # closed
            child = mark.First
            while child is not None:
                child.Parent = mark
                child = child.get("/Next")
        self._marks.append(mark)

    def _mark(self, title: str, page: Any) -> Any:
        return self._book.make_indirect(Dictionary(Title=String(title), Dest=Array([page, Name.Fit])))


def _held(pdf: pikepdf.Pdf, thing: Any) -> Any:
    """What is to be copied to another file, as an object that has a number."""
    return thing if thing.is_indirect else pdf.make_indirect(thing)


def _pairs(flat: Any) -> Iterator[tuple[Any, Any]]:
    """Keys and values of a leaf of a name or number tree; WeasyPrint writes trees of one leaf."""
    return zip(list(flat)[::2], list(flat)[1::2], strict=True)


def _tree(named: dict[bytes, Any]) -> Array:
    return Array([part for name in sorted(named) for part in (String(name), named[name])])


def _retarget(link: Any, prefix: bytes, offset: int) -> None:
    """A link of a report: its place in the structure, and its destination by the new name."""
    if "/StructParent" in link:
        link.StructParent = int(link.StructParent) + offset
    for holder, key in ((link, "/Dest"), (link.get("/A"), "/D")):
        if holder is not None and isinstance(holder.get(key), String):
            holder[key] = String(prefix + bytes(holder[key]))


def _distinguish(part: Any, prefix: bytes) -> None:
    """Ids of heading cells, and what refers to them, are counted anew in each report: give them its name."""
    left = [part]
    while left:
        element = left.pop()
        if "/ID" in element:
            element.ID = String(prefix + bytes(element.ID))
        attributes = element.get("/A")
        if isinstance(attributes, Dictionary) and "/Headers" in attributes:
            attributes.Headers = Array([String(prefix + bytes(one)) for one in attributes.Headers])
        inside = element.get("/K", ())
        left += [one for one in (inside if isinstance(inside, Array) else (inside,)) if isinstance(one, Dictionary) and "/S" in one]
