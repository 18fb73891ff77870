from mood2music.flow.request import GenerateSettings
from mood2music.page.composing import at_strength
from mood2music.style.settings import StyleSettings


def test_a_strength_is_that_of_the_strongest_style() -> None:
    mixed = GenerateSettings(style=StyleSettings(mix={"jazz": 1.0, "pop": 0.5}))
    assert at_strength(mixed, 0.5).styled.strengths() == {"jazz": 0.5, "pop": 0.25}
    assert at_strength(mixed, 0.0).styled.strengths() == {}
    named = GenerateSettings(style=StyleSettings(name="jazz", strength=0.7))
    assert at_strength(named, 1.5).styled.strengths() == {"jazz": 1.5}
