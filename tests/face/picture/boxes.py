"""What tests ask of a face's box."""

from mood2music.face.picture.detect import Box


def area(box: Box) -> int:
    """Pixels in the box."""
    return (box.right - box.left) * (box.bottom - box.top)
