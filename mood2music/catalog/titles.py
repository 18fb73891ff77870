"""Makes from names of the corpus's files the titles that a person knows the pieces by."""

import re
from functools import cache
from pathlib import Path

# The volumes of "Polyphonic Music of the Fourteenth Century" that hold one composer's works, and
# composers that stand in the names of the others' files.
_VOLUMES = {"01": "Philippe de Vitry", "04": "Francesco Landini", "24": "Johannes Ciconia"}
_COMPOSERS = {
    "Giovanni": "Giovanni da Cascia",
    "Jacopo": "Jacopo da Bologna",
    "Piero": "Maestro Piero",
    "Gherardello": "Gherardello da Firenze",
    "Lorenzo": "Lorenzo da Firenze",
    "Gratiosus": "Gratiosus de Padua",
    "Egardus": "Egardus",
}
_SINGLE = {
    "beach/prayer_of_a_tired_child": "Prayer of a Tired Child op. 75 no. 4",
    "chopin/mazurka06-2": "Mazurka in C-sharp minor op. 6 no. 2",
    "corelli/opus3no1/1grave": "Sonata da chiesa op. 3 no. 1, Grave",
    "cpebach/h186": "Sonata in A major H. 186, Poco adagio",
    "handel/rinaldo/Lascia_chio_pianga": "Lascia ch'io pianga",
    "johnson_j_r/lift_every_voice": "Lift Every Voice and Sing",
    "joplin/maple_leaf_rag": "Maple Leaf Rag",
    "leadSheet/berlinAlexandersRagtime": "Alexander's Ragtime Band",
    "liliuokalani/aloha_oe": "Aloha Oe",
    "luca/gloria": "Gloria (Bologna Q15)",
    "lusitano/allor_che_ignuda": "Allor che ignuda d'herb' et fior la terra",
    "schubert/Lindenbaum": "Der Lindenbaum",
    "verdi/laDonnaEMobile": "La donna è mobile",
}
# What the path says, and the title it becomes.
_PATTERNS = (
    (r"schumann_robert/opus48no(\d+)", r"Dichterliebe no. \1"),
    (r"schumann_robert/dichterliebe_no(\d+)", r"Dichterliebe no. \1"),
    (r"(?:beethoven|haydn|schumann_robert)/opus(\d+)no(\d+)", r"String Quartet op. \1 no. \2"),
    (r"beethoven/opus(\d+)", r"String Quartet op. \1"),
    (r"mozart/k(\d+)", r"K. \1"),
    (r"monteverdi/madrigal\.(\d+)\.(\d+)", r"Madrigals, book \1 no. \2"),
    (r"schumann_clara/polonaise_op(\d+)n(\d+)", r"Polonaise op. \1 no. \2"),
    (r"schumann_clara/opus17", r"Piano Trio op. 17"),
)
# Titles that their tune books print in capitals, as their language writes them.
_IN_CAPITALS = {
    "TYROLER SIND LUSTIG TYROLER SIND FROH": "Tyroler sind lustig, Tyroler sind froh",
    "LEB WOHL DU THEURES LAND DAS MICH GEBOREN": "Leb wohl, du theures Land, das mich geboren",
    "DER RITTER MUSS ZUM BLUTGEN KAMPF": "Der Ritter muss zum blutgen Kampf",
    "BRUEDER ZU DEN FESTLICHEN GELAGEN": "Brüder, zu den festlichen Gelagen",
    "WER WILL UNTER DIE SOLDATEN": "Wer will unter die Soldaten",
    "BIN ALBEN E WERTHI TOCHTER GSY": "Bin alben e werthi Tochter gsy",
    "I BIN E BERGMA WOHLGEMUTH": "I bin e Bergma wohlgemuth",
    "FRIEDE SEI UM DIESEN GRABSTEIN HER": "Friede sei um diesen Grabstein her",
    "KOMM DU BLANKER WEIHEDEGEN": "Komm, du blanker Weihedegen",
    "VOLL ZAERTLICHKEIT WILL ICH DIR": "Voll Zärtlichkeit will ich dir",
    "WIE LANG SOLL ICH MICH QUAELEN": "Wie lang soll ich mich quälen",
    "KENNT IHR NICHT DEN HERRN VON FALKENSTEIN": "Kennt ihr nicht den Herrn von Falkenstein",
}
_MISPRINTS = {"Hiawat:ha": "Hiawatha"}
# Words that an English title writes small behind its first.
_SMALL = ("Of", "The", "In", "To", "From", "It")


def tune_title(title: str) -> str:
    """A tune book's title in one line, without capitals throughout or a closing full stop.

    >>> tune_title("THE BOY FROM THE TOP -- REEL.")
    'The Boy from the Top, Reel'
    """
    title = " ".join(title.split()).removesuffix(".").replace(" -- ", ", ").replace('"', "'")
    for wrong, right in _MISPRINTS.items():
        title = title.replace(wrong, right)
    if title in _IN_CAPITALS:
        return _IN_CAPITALS[title]
    if not title.isupper() or not re.search(r"[A-Z]{3}", title):
        return title
    # O'NEILL'S -> O'Neill's
    words = re.sub(
        r"\b([A-Z]')?([A-Z])([A-Z']*)", lambda m: f"{m[1] or ''}{m[2]}{m[3].lower()}", title
    )
    return re.sub(rf"(?<=\w )({'|'.join(_SMALL)})\b", lambda m: m[0].lower(), words)


def work_title(name: str, path: Path) -> str:
    """Title of a composer's work; "" when neither path nor file tells.

    >>> work_title("beethoven/opus18no1/movement2.mxl", path)
    'String Quartet op. 18 no. 1, movement 2'
    """
    stem = name.removesuffix(path.suffix)
    if stem in _SINGLE:
        return _SINGLE[stem]
    if number := re.match(r"bach/bwv(.+)", stem):
        title = _chorales().get(number[1], "")
        return f"{title}, BWV {number[1]}" if title else f"BWV {number[1]}"
    if path.suffix == ".krn":
        return _kern_title(path)
    for pattern, title in _PATTERNS:
        if found := re.match(pattern, stem):
            movement = re.search(r"/movement(\d+)", stem)
            return found.expand(title) + (f", movement {movement[1]}" if movement else "")
    return ""


def trecento_piece(stem: str) -> tuple[str, str]:
    """Title and composer from the name of a file of the trecento collection.

    >>> trecento_piece("PMFC_06_Giovanni-01-Angnel_son_biancho")
    ('Angnel son biancho, PMFC 6/1', 'Giovanni da Cascia')
    """
    found = re.match(r"PMFC_(\d+)((?:[-_]|\d+[ab]?(?=[-_])|Giovanni|Jacopo|Piero)+)(.+)", stem)
    if not found:
        return stem.replace("_", " "), "anonymous"
    volume, prefix, rest = found.groups()
    number = re.search(r"\d+[ab]?", prefix)
    place = f"PMFC {int(volume)}" + (f"/{number[0].lstrip('0')}" if number else "")
    artist = _VOLUMES.get(volume) or next(
        (full for short, full in _COMPOSERS.items() if short in stem), "anonymous"
    )
    words = re.sub(r"\s*PMFC ?[\d.]+[ab]?$", "", rest)
    return f"{' '.join(re.split('[_ -]+', words)).strip()}, {place}", artist


@cache
def _chorales() -> dict[str, str]:
    """Chorale titles by BWV number, as music21's list of Riemenschneider's edition has them."""
    from music21.corpus.chorales import ChoraleListRKBWV

    chorales = ChoraleListRKBWV()  # type: ignore[no-untyped-call]  # music21 leaves it untyped
    rows = chorales.byRiemenschneider.values()
    return {str(row["bwv"]): str(row["title"]) for row in rows}


def _kern_title(path: Path) -> str:
    """Title and, for a part of a mass, the mass, from a Humdrum file's OTL and OPR records."""
    text = path.read_text(encoding="utf-8", errors="replace")
    title = re.search(r"(?m)^!!!OTL[^:]*:\s*(.+)", text)
    mass = re.search(r"(?m)^!!!OPR[^:]*:\s*(.+)", text)
    part = path.stem.split("_")[0]
    words = title[1].strip() if title else part
    # Parts of a part are headed "Hosanna" or "First Section": say of what.
    named = words if words.startswith(part) else f"{part} ({words})"
    return f"{named}, {mass[1].strip()}" if mass else words
