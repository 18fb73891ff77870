"""One small tune as a file of each kind of notation."""

import warnings
import zipfile
from pathlib import Path

ABC = """X:1
T:Small tune
M:4/4
L:1/8
Q:1/4=96
K:G
GABc dedB|dedB dedB|c2ec B2dB|c2A2 A2BA|
GABc dedB|dedB dedB|c2ec B2dB|A2F2 G4|]
"""
KERN = "**kern\n*M4/4\n*k[f#]\n4g\n4a\n4b\n4cc\n4dd\n4ee\n4dd\n4b\n*-\n"
MEI = """<?xml version="1.0" encoding="UTF-8"?>
<mei xmlns="http://www.music-encoding.org/ns/mei" meiversion="4.0.1"><meiHead><fileDesc>
<titleStmt><title>Tiny</title></titleStmt><pubStmt/></fileDesc></meiHead>
<music><body><mdiv><score><scoreDef meter.count="4" meter.unit="4" key.sig="0"><staffGrp>
<staffDef n="1" lines="5" clef.shape="G" clef.line="2"/></staffGrp></scoreDef>
<section><measure n="1"><staff n="1"><layer n="1">{notes}</layer></staff></measure></section>
</score></mdiv></body></music></mei>
"""
CONTAINER = (
    '<?xml version="1.0"?><container><rootfiles><rootfile full-path="score.xml"/>'
    "</rootfiles></container>"
)
SUFFIXES = ("musicxml", "xml", "mxl", "krn", "abc", "mei")


def write_notation(folder: Path, suffix: str) -> Path:
    """Write a tune of eight notes or more as `tune.<suffix>`."""
    path = folder / f"tune.{suffix}"
    folder.mkdir(parents=True, exist_ok=True)
    if suffix == "abc":
        path.write_text(ABC)
    elif suffix == "krn":
        path.write_text(KERN)
    elif suffix == "mei":
        notes = "".join(f'<note pname="{name}" oct="4" dur="8"/>' for name in "cdefgabc")
        path.write_text(MEI.format(notes=notes))
    else:
        from music21 import converter

        score = converter.parse("tinyNotation: 4/4 c4 d e f g a b c'")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            xml = Path(score.write("musicxml", folder / "written.musicxml")).read_bytes()
        (folder / "written.musicxml").unlink()
        if suffix == "mxl":
            write_mxl(path, xml)
        else:
            path.write_bytes(xml)
    return path


def write_mxl(path: Path, xml: bytes) -> None:
    """Compressed MusicXML as its standard has it: a zip with a container file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("score.xml", xml)
