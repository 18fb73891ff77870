"""Finds songs that have a mood: in tables, Deezer's mood set, or any folder of music."""
