"""Reads each format of files that state notes: ABC, kern, MEI, MIDI and MusicXML."""
