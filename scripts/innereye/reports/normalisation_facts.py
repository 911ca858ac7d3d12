"""Which fields of a normalisation have an effect on it? Names and values, as people read them."""

from innereye.data.normalisation import Normalisation
from innereye.names import NormMethod


def facts_of(normalisation: Normalisation) -> list[tuple[str, str]]:
    """Return the fields of a normalisation that have an effect on it, by name."""
    used = {
        NormMethod.CT_WINDOW: ("window", "level", "output_range"),
        NormMethod.MRI_WINDOW: ("sharpen", "tail", "output_range"),
        NormMethod.TRIMMED: ("sharpen", "trim_percentiles", "output_range"),
    }.get(normalisation.norm_method, ())
    return [(name, in_words(getattr(normalisation, name))) for name in ("norm_method", *used)]


def in_words(value: object) -> str:
    """Return a value of a field as people read it: numbers short, lists with commas."""
    if isinstance(value, list | tuple):
        inner = [f"({in_words(v)})" if isinstance(v, list | tuple) else in_words(v) for v in value]
        return ", ".join(inner)
    return f"{value:g}" if isinstance(value, float) else str(value)
