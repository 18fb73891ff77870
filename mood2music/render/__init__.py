"""Writes what people look at and hear: notation, engraved pages, piano rolls, pictures, sound."""
