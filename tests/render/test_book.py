"""One volume of many reports: every page, tag, link, bookmark and attachment is there once, and both standards are kept."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pdf_validation.verapdf import Validator
from test_pdf import audit, breach, needs_pango
from test_pdf_validation import require_verapdf

from auditor.model.contestant import Contestant
from auditor.render import pdf
from auditor.render.book import Chapter, volume
from auditor.wording import load


def contestant(cid: str) -> Contestant:
    return Contestant(cid, f"Әділ <{cid}>", "single_mandate", "3", None, (), (), ())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Chapter]]:
    """A volume of two reports that are the same but for their file, so that all their names and ids collide; and its reports."""
    folder = tmp_path_factory.mktemp("reports")
    several = [replace(breach(), subject=str(n), key=str(n)) for n in range(6)]  # from six on they are listed, with links
    drawn = pdf.write(audit(*several, contestants=[contestant("SM-1")], lang="kk"), load("kk"))
    chapters = []
    for cid in ("SM-1", "SM-2"):
        file = folder / f"{cid}.pdf"
        file.write_bytes(drawn)
        with pikepdf.open(file) as one:
            chapters.append(Chapter(cid, f"Әділ <{cid}>", cid, file, len(one.pages)))
    whole = audit(contestants=[contestant("SM-1"), contestant("SM-2")], lang="kk")
    book = volume(whole, load("kk"), chapters)
    assert book == volume(whole, load("kk"), chapters)
    return book, chapters


def pairs(flat: pikepdf.Object) -> dict[object, pikepdf.Object]:
    items = list(flat)
    return {str(key) if isinstance(key, pikepdf.String) else int(key): value for key, value in zip(items[::2], items[1::2], strict=True)}


def elements(root: pikepdf.Object) -> list[pikepdf.Object]:
    found, left = [], [root]
    while left:
        one = left.pop()
        if isinstance(one, pikepdf.Array):
            left += list(one)
        elif isinstance(one, pikepdf.Dictionary) and "/S" in one:
            found.append(one)
            left.append(one.get("/K", pikepdf.Array()))
    return found


@needs_pango
def test_a_volume_and_its_parts_keep_both_standards(made: tuple[bytes, list[Chapter]], tmp_path: Path, verapdf: Validator) -> None:
    require_verapdf()
    book, chapters = made
    file = tmp_path / "book.pdf"
    file.write_bytes(book)
    verdicts = verapdf.validate([file, chapters[0].file])
    for one in verdicts.values():
        assert one.failed == []
        assert one.kept == {"3a": True, "ua1": True}
    alone = verdicts[chapters[0].file].checks["ua1"]
    assert verdicts[file].checks["ua1"] > len(chapters) * alone, "the tags of the reports were not looked at"


@needs_pango
def test_every_page_is_there_and_labelled(made: tuple[bytes, list[Chapter]]) -> None:
    book, chapters = made
    with pikepdf.open(io.BytesIO(book)) as joined:
        assert [page.label for page in joined.pages] == ["i", *(str(n + 1) for n in range(sum(one.pages for one in chapters)))]
        at = 1
        for chapter in chapters:
            with pikepdf.open(chapter.file) as alone:
                for page in alone.pages:
                    assert joined.pages[at].Contents.read_bytes() == page.Contents.read_bytes()
                    at += 1


@needs_pango
def test_tags_name_their_own_pages_and_no_id_stands_twice(made: tuple[bytes, list[Chapter]]) -> None:
    book, chapters = made
    with pikepdf.open(io.BytesIO(book)) as joined:
        tree = joined.Root.StructTreeRoot
        (whole,) = tree.K
        assert [str(part.S) for part in whole.K] == ["/Part"] * 3
        parents = pairs(tree.ParentTree.Nums)
        assert list(parents) == sorted(set(parents))
        assert all(int(tree.ParentTreeNextKey) > key for key in parents)
        inside = {one.objgen for one in elements(whole)}
        for page in joined.pages:
            known = {one.objgen for one in parents[int(page.obj.StructParents)]}
            assert len(known - inside) in (2, 3)  # the foot of the page, and the finding at its top, which WeasyPrint keeps out of the tree
            assert {one.Pg.objgen for one in parents[int(page.obj.StructParents)]} == {page.obj.objgen}
        ids = [str(one.ID) for one in elements(whole) if "/ID" in one]
        assert len(ids) == len(set(ids)) > 0
        named = {str(each) for one in elements(whole) if "/A" in one for each in one.A.get("/Headers", ())}
        assert named <= set(ids)
        count = len(elements(whole.K[1]))
        with pikepdf.open(chapters[0].file) as alone:
            assert count == len(elements(alone.Root.StructTreeRoot.K[0]))


@needs_pango
def test_links_bookmarks_and_attachments_lead_into_their_report(made: tuple[bytes, list[Chapter]]) -> None:
    book, chapters = made
    starts = [1, 1 + chapters[0].pages]
    with pikepdf.open(io.BytesIO(book)) as joined:
        number = {page.obj.objgen: n for n, page in enumerate(joined.pages)}
        places = pairs(joined.Root.Names.Dests.Names)
        assert list(places) == sorted(places)

        def target(link: pikepdf.Object) -> int:
            name = link.get("/Dest", None) if "/Dest" in link else link.A.D
            return number[places[str(name)][0].objgen]

        links = [(n, target(one)) for n, page in enumerate(joined.pages) for one in page.obj.get("/Annots", ())]
        assert [to for page, to in links if page == 0] == starts
        inner = [(page, to) for page, to in links if page]
        assert len(inner) >= 2, "the reports have no links of their own: the test shows nothing"
        assert all((page < starts[1]) == (to < starts[1]) and to > 0 for page, to in inner)

        with joined.open_outline() as outline:
            assert [one.title.split(" ")[0] for one in outline.root] == ["Мазмұны", "SM-1", "SM-2"]
            for one, start, end in zip(outline.root[1:], starts, [starts[1], len(joined.pages)], strict=True):
                assert number[one.destination[0].objgen] == start
                assert one.children
                assert all(start <= number[each.destination[0].objgen] < end for each in one.children)

        mark = joined.Root.Outlines.First.Next
        while mark is not None:
            assert int(mark.Count) < 0, "closed, or the reader of four hundred reports sees no list of them"
            child = mark.First
            while child is not None:
                assert child.Parent.objgen == mark.objgen
                last, child = child, child.get("/Next")
            assert last.objgen == mark.Last.objgen
            mark = mark.get("/Next")

        assert sorted(joined.attachments) == sorted(
            f"{cid} {name}" for cid in ("SM-1", "SM-2") for name in ("evidence.csv", "findings.json")
        )
        assert len(joined.Root.AF) == 4
        for chapter in chapters:
            with pikepdf.open(chapter.file) as alone:
                theirs = alone.attachments["findings.json"].get_file().read_bytes()
            assert joined.attachments[f"{chapter.name} findings.json"].get_file().read_bytes() == theirs
