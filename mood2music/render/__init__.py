"""Notes to what people look at: notation (MusicXML) and piano rolls (PNG)."""
