"""From a composed config to the dataclass of a stage: unknown names and wrong types are refused."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from mood2music.errors import SettingsError

S = TypeVar("S")


def parse(schema: type[S], config: Mapping[str, Any] | DictConfig, group: str = "") -> S:
    """Make the settings dataclass `schema` from a config, checking names and types.

    >>> parse(LSTMSettings, {"hidden": "abc"}, "model")
    SettingsError: model.hidden: Value 'abc' of type 'str' could not be converted to Integer
    """
    try:
        merged = OmegaConf.merge(OmegaConf.structured(schema), config)
        return cast(S, OmegaConf.to_object(merged))
    except OmegaConfBaseException as error:
        key = getattr(error, "full_key", None) or ""
        place = ".".join(part for part in (group, key) if part)
        reason = str(error).splitlines()[0]
        raise SettingsError(f"{place or schema.__name__}: {reason}") from error
