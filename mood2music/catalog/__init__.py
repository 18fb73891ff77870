"""A mood to songs that have it: tables, Deezer's mood set, any folder of music."""
