"""The wheel carries rules and templates: installed alone, it audits from any directory."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_wheel_audits_from_an_empty_folder(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(installed)
    assert not [name for name in names if name.startswith(("tests/", "sample_data/"))]
    there = sorted((ROOT / "auditor" / "register" / "migrations").rglob("*.py"))
    assert {path.relative_to(ROOT).as_posix() for path in there} <= set(names)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "reports.csv").write_text(
        "contestant_id,contest,date,kind,amount,counterparty_type,counterparty_id\n"
        "SM-1,single_mandate,2023-03-01,donation,7000000.01,individual,900101300017\n",
        encoding="utf-8",
    )
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); import auditor; assert auditor.__file__.startswith({str(installed)!r});"
        "from auditor.cli.main import main; sys.argv = ['audit', *sys.argv[1:]]; main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, "check", "reports.csv"], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "DON-001" in done.stdout
    report = subprocess.run(
        [sys.executable, "-I", "-c", code, "report", "reports.csv", "-o", "f.html"],
        cwd=elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert report.returncode == 0, report.stderr
    assert (elsewhere / "findings.json").exists()
    for more in (["db", "upgrade", "--home", "home"], ["inbox", "units", "."]):
        done = subprocess.run([sys.executable, "-I", "-c", code, *more], cwd=elsewhere, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert (elsewhere / "home" / "register.sqlite3").exists()
    assert (elsewhere / "audit-inbox.timer").exists()
