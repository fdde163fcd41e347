"""A commission's style: what it changes, what is refused with file and line, and that the default can be read by everyone."""

from __future__ import annotations

import io
import re
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import pikepdf
import pytest
from deep import DEEP, one_language
from pdf_validation.verapdf import Validator
from test_pdf import audit, breach, needs_pango, needs_pdftotext, text, unpacked
from test_pdf_validation import require_verapdf

from auditor.errors import AuditError, BadUsage, CannotRead
from auditor.render import emblem, pdf, stylesheet
from auditor.render.style import load, shipped
from auditor.resources import folder
from auditor.wording import load as words

EXAMPLE = Path(__file__).parent.parent.parent / "sample_data" / "style-example"
STYLES = folder("reports") / "style"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


def png(width: int, height: int, kind: int = 6, packed: bytes | None = None) -> bytes:
    """A PNG of one colour: kind 6 with transparency, 2 without, 0 grey."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = (b"\0" + b"\x20" * {0: 1, 2: 3, 6: 4}[kind] * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed or zlib.compress(rows)) + chunk(b"IEND", b"")


def styled(tmp_path: Path, **files: str | bytes) -> Path:
    """A folder of a style; `commission_css` is commission.css."""
    made = tmp_path / "style"
    made.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode()
        (made / name.replace("_", ".")).write_bytes(data)
    return made


# What it changes


@needs_pango
@needs_pdftotext
@one_language
def test_the_example_is_drawn_with_its_name_and_emblem(lang: str, tmp_path: Path) -> None:
    style = load(EXAMPLE, lang)
    made = pdf.write(audit(breach(), lang=lang), words(lang), style=style)
    assert made == pdf.write(audit(breach(), lang=lang), words(lang), style=style)
    said = text(made, tmp_path)
    assert len(style.name) == 2 and said.index(style.name[0]) < said.index(words(lang)("report.title"))
    with pikepdf.open(io.BytesIO(made)) as opened:
        told = [
            str(one.Alt) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure" and "/Alt" in one
        ]
    assert words(lang)("report.emblem_of", name=", ".join(style.name)) in told


@needs_pango
def test_emblems_keep_both_standards(tmp_path: Path, verapdf: Validator) -> None:
    """Of the example, and of points with transparency, without, and grey."""
    require_verapdf()
    styles = [(load(EXAMPLE, "ru"), "ru")]
    styles += [(load(styled(tmp_path / str(kind), emblem_png=png(60, 40, kind)), "kk"), "kk") for kind in ((0, 2, 6) if DEEP > 1 else (6,))]
    files = [tmp_path / f"{n}.pdf" for n in range(len(styles))]
    for file, (style, lang) in zip(files, styles, strict=True):
        pdf.require_drawable(style)
        file.write_bytes(pdf.write(audit(breach(), lang=lang), words(lang), style=style))
    for file, verdict in verapdf.validate(files).items():
        assert not verdict.failed and verdict.kept == {"3a": True, "ua1": True}, file


@needs_pango
def test_each_property_changes_what_is_drawn(tmp_path: Path) -> None:
    """A documented property that nothing uses would be a promise that is not kept."""
    picture = (EXAMPLE / "emblem.svg").read_bytes()
    name = "en: Somebody"
    told = [breach()]
    whole = audit(*told, *(audit_finding(outcome) for outcome in ("critical", "minor", "undetermined", "lead")))

    def drawn(css: str) -> bytes:
        style = load(styled(tmp_path, emblem_svg=picture, commission_yaml=name, commission_css=f":root {{ {css} }}"), "en")
        return pdf.write(whole, words("en"), style=style)

    every = stylesheet.properties((STYLES / "commission.css").read_text(encoding="utf-8"))
    sizes = [one for one in every if "size" in one or "emblem" in one]
    colours = {one: (n, 32, 64) for n, one in enumerate(every, 1) if one not in sizes}
    used = re.findall(
        rb"([0-9.]+) ([0-9.]+) ([0-9.]+) (?:rg|RG|scn|SCN)",
        unpacked(drawn(" ".join(f"{one}: #{r:02x}{g:02x}{b:02x};" for one, (r, g, b) in colours.items()))),
    )
    seen = {tuple(round(255 * float(part)) for part in each) for each in used}
    assert not [one for one, colour in colours.items() if colour not in seen]
    whole = audit(*told)  # the sizes are used on every page
    plain = drawn("")
    for one in sizes:
        assert drawn(f"{one}: 11mm") != plain, one


def audit_finding(kind: str):
    from dataclasses import replace

    from auditor.model.finding import Outcome, Severity

    if kind in ("critical", "minor"):
        return replace(breach(), severity=Severity(kind))
    return replace(breach(), outcome=Outcome(kind))


@needs_pango
def test_margins_and_the_footer_are_those_of_the_commission(tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    file = tmp_path / "report.pdf"

    def left(css: str) -> float:
        file.write_bytes(pdf.write(audit(breach()), words("en"), style=load(styled(tmp_path, commission_css=css), "en")))
        boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True, text=True).stdout
        return min(float(x) for x in re.findall('xMin="([0-9.]+)"', boxes))

    assert left("@page { margin-left: 25mm }") - left("@page { margin-left: 15mm }") == pytest.approx(10 / 25.4 * 72, abs=0.1)


def test_the_shipped_folder_is_the_style_without_the_option() -> None:
    assert load(STYLES, "en") == load(None, "en") == shipped("en")


def test_the_hash_is_of_everything_that_is_drawn_and_of_nothing_else(tmp_path: Path) -> None:
    base: dict[str, str | bytes] = {
        "commission_css": ":root { --ink: #111111 }",
        "emblem_png": png(3, 3),
        "commission_yaml": "kk: А\nen: A",
    }
    first = load(styled(tmp_path / "a", **base), "en")
    assert first.sha256 == load(styled(tmp_path / "b", **base), "en").sha256
    changed = [
        {"commission_css": ":root { --ink: #111112 }"},
        {"emblem_png": png(3, 4)},
        {"commission_yaml": "en: B"},
    ]
    hashes = {load(styled(tmp_path / f"c{n}", **(base | one)), "en").sha256 for n, one in enumerate(changed)}
    assert len({first.sha256, *hashes}) == 4


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path) -> None:
    for name in ("a", "b", "c0", "c1", "c2"):
        (tmp_path / name).mkdir()


# What is refused


@pytest.mark.parametrize(
    ("css", "line", "said"),
    [
        ("\n@import 'x.css';", 2, "@import"),
        ("@import url(http://127.0.0.1:9/x);", 1, "@import"),
        ("@font-face { font-family: X; src: local(Arial) }", 1, "@font-face"),
        ("p { color: red }\np { background: url(http://127.0.0.1:9/x) }", 2, "nothing is fetched"),
        ("p { background: u\\72l(file:///etc/passwd) }", 1, "nothing is fetched"),
        ("p { background: url('data:image/png;base64,AA') }", 1, "nothing is fetched"),
        ("@media print { @page { @top-left { content: url(x.png) } } }", 1, "nothing is fetched"),
        (":root { --x: url(x.png) } p { background: var(--x) }", 1, "nothing is fetched"),
        ("p { background: image-set('x.png' 1x) }", 1, "nothing is fetched"),
        ("p { background: url(asset:emblem) }", 1, "where there is an emblem"),
        ("p { font-family: Arial }", 1, "Inter"),
        ("p { font: 12pt Arial }", 1, "Inter"),
        (":root { --inc: #000000 }", 1, "--inc"),
        (":root { --ink: 12pt }", 1, "not a colour"),
        (":root { --size-text: red }", 1, "not a length"),
        (":root { --size-text: -3pt }", 1, "not a length"),
        ("p { color: var(--nobody) }", 1, "nothing sets --nobody"),
        ("p { color red }", 1, "cannot be read"),
        ("p { color: red } }", 1, "cannot be read"),
        ("</style><script>alert(1)</script>", 1, "cannot stand"),
    ],
)
def test_css_that_fetches_or_does_nothing_is_refused_with_its_line(css: str, line: int, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead) as caught:
        load(styled(tmp_path, commission_css=css), "en")
    first = caught.value.mistakes[0]
    assert f"commission.css, line {line}: " in first and any(said in one for one in caught.value.mistakes)


@needs_pango
@pytest.mark.parametrize(
    "css", ["p { colour: #112233 }", "p { color: reddish }", "p { margin: 3 }", "p:: { color: red }", "p { color: red; ; 4 }"]
)
def test_css_that_is_not_understood_is_refused_and_not_ignored(css: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"commission\.css"):
        pdf.require_drawable(load(styled(tmp_path, commission_css=css), "en"))


@needs_pango
def test_a_url_that_gets_past_the_look_is_still_not_fetched(tmp_path: Path) -> None:
    from dataclasses import replace

    from auditor.render.style import Sheet

    style = replace(shipped("en"), sheets=(*shipped("en").sheets, Sheet("x.css", "body { background: url(file:///etc/passwd) }")))
    with pytest.raises(AuditError, match="not part of it"):
        pdf.write(audit(), words("en"), style=style)


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>1</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<image href='x.png'/>", "<image>"),
        ("<text>A</text>", "paths"),
        ("<path d='M0 0' onclick='x()'/>", "onclick"),
        ("<use href='http://127.0.0.1:9/x#a'/>", "outside"),
        ("<use xlink:href='file:///etc/passwd#a'/>", "outside"),
        ("<path d='M0 0' fill='url(http://127.0.0.1:9/x)'/>", "outside"),
        ("<path d='M0 0' style='fill: url( \"x.svg#a\")'/>", "outside"),
        ("<style>@import 'x.css';</style>", "outside"),
        ("<style>path { fill: u\\72l(x) }</style>", "outside"),
        ("<h:p xmlns:h='http://www.w3.org/1999/xhtml'/>", "<p>"),
        ("<animate/>", "<animate>"),
        ("<g id='a'><use href='#b'/></g>", "grows"),
        ("<?xml-stylesheet href='x.css'?>", "outside"),
        ("<path", "cannot be read"),
        ("<g/>" * emblem.MOST_ELEMENTS, "elements"),
        (" " * emblem.MOST_BYTES["svg"], "bytes"),
    ],
)
def test_an_svg_that_is_more_than_a_drawing_is_refused(inside: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=r"emblem\.svg") as caught:
        load(styled(tmp_path, emblem_svg=SVG.format(inside)), "en")
    assert said in caught.value.mistakes[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + SVG.format("<title>&a;</title>"), "DOCTYPE"),
        ('<!DOCTYPE svg SYSTEM "http://127.0.0.1:9/x.dtd">' + SVG.format(""), "DOCTYPE"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "proportions"),
        ("<html/>", "SVG"),
        ("", "cannot be read"),
    ],
)
def test_a_file_that_is_no_plain_svg_is_refused(content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=said):
        load(styled(tmp_path, emblem_svg=content), "en")


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GIF89a", "not a PNG"), (png(1, emblem.MOST_PIXELS + 1), "pixels"), (b"\x89PNG\r\n\x1a\n" + b"0" * 1_000_001, "bytes")],
)
def test_a_png_that_is_none_or_too_large_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=said):
        load(styled(tmp_path, emblem_png=content), "en")


@pytest.mark.parametrize(
    "spoilt",
    [
        png(30, 30)[:60],
        png(30, 30)[:-1],
        png(30, 30)[:-13] + b"\0" * 13,
        png(30, 30).replace(b"IDAT", b"IDAX"),
        png(30, 30, packed=b"\x78\x9c0"),
        png(30, 30, packed=zlib.compress(b"0" * 999)[:9]),
    ],
)
def test_a_damaged_png_is_refused(spoilt: bytes, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="damaged"):
        load(styled(tmp_path, emblem_png=spoilt), "en")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"emblem_png": png(2, 2), "emblem_svg": SVG.format("")}, "keep one"),
        ({"emblem_jpg": b""}, "emblem.svg or emblem.png"),
        ({"commission_yaml": "- a"}, "a mapping of keys"),
        ({"commission_yaml": "en: [a"}, "YAML"),
        ({"commission_yaml": "kk: А"}, "no name for the language en"),
        ({"commission_yaml": "en: A\nen: B"}, "line 2, column 1: 'en' stands here a second time"),
        ({"commission_yaml": "en: 'A'\nde: 'B'"}, "for each language"),
        ({"commission_yaml": f"en: {'A' * 161}"}, "160 letters"),
        ({"commission_css": b"\xff"}, "UTF-8"),
    ],
)
def test_other_files_of_a_style_are_refused_by_name(files: dict[str, str | bytes], said: str, tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match=said):
        load(styled(tmp_path, **files), "en")


@pytest.mark.parametrize("made", [False, True])
def test_a_folder_without_a_style_is_refused(made: bool, tmp_path: Path) -> None:
    with pytest.raises(BadUsage, match="--style"):
        load(styled(tmp_path) if made else tmp_path / "nowhere", "en")


# What everyone can read


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("home", [STYLES, EXAMPLE])
def test_every_colour_of_text_stands_out_from_what_it_stands_on(home: Path) -> None:
    sheets = [(STYLES / "commission.css").read_text(encoding="utf-8"), (home / "commission.css").read_text(encoding="utf-8")]
    colours = dict(found for sheet in sheets for found in re.findall(r"(--[a-z-]+):\s*(#[0-9a-f]{6})", sheet))
    report = (STYLES / "report.css").read_text(encoding="utf-8")
    texts = set(re.findall(r"[{; ]color: (var\(--[a-z-]+\)|#[0-9a-f]+)", report + sheets[0] + sheets[1]))
    grounds = {"#ffffff", *re.findall(r"background: (var\(--[a-z-]+\)|#[0-9a-f]+)", report)}
    assert {"var(--ink)", "var(--muted)", "var(--brand)", "var(--lead)"} <= texts and {"var(--panel)", "var(--tint)"} <= grounds

    def value(said: str) -> str:
        return colours[said[4:-1]] if said.startswith("var") else said

    for said in texts:
        for ground in grounds:
            assert contrast(value(said), value(ground)) >= 4.5, (said, ground)


def test_the_contrast_is_computed_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


def test_the_picture_of_the_documentation_is_small_enough() -> None:
    picture = STYLES / "example.png"
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size <= 150_000
