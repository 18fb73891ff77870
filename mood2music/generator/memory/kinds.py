"""Names what a network may recall at an event, and the lengths of matches that it tells apart."""

# same: what followed where the last events stood before, note for note; moved: the same up to a
# transposition; melody: the next note of the tune where its last intervals stood before; pointed:
# what stands in the earlier bar that the present one is told to return to, or the next note of the
# motif that the tune is told to play again.
SAME, MOVED, MELODY, POINTED = "same", "moved", "melody", "pointed"
KINDS = (SAME, MOVED, MELODY, POINTED)

# Lengths of matches: events of "same" and "moved", intervals of "melody". A match's code is 1 and
# the place of its length here; 0 is no match.
LENGTHS = (1, 2, 3, 5, 8, 16)
# The shortest of each: shorter ones stand everywhere.
SHORTEST = {SAME: 1, MOVED: 3, MELODY: 3}

# Codes of "pointed" beside 0, where nobody points: in a bar of new matter, and in bars that
# return loosely, closely and exactly; where a motif of the tune returns, and in its rhythm too.
NEW, LOOSE, CLOSE, EXACT = 1, 2, 3, 4
MOTIF, IN_RHYTHM = 5, 6
CODES = 1 + len(LENGTHS)
