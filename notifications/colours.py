"""The vendor's colour in a mail, where CSS cannot work anything out: what is readable on it, and it on dark."""

from colorsys import hls_to_rgb, rgb_to_hls

# Relative luminance (WCAG 2.2) at which black and white text contrast equally, 4.58:1.
_MIDDLE = 0.179
_DARK_MODE_LIGHTNESS = 0.76


def readable_on(colour: str) -> str:
    """'#ffffff' or '#000000', whichever contrasts at least 4.58:1 with `colour` ('#rrggbb')."""
    return "#ffffff" if luminance(colour) < _MIDDLE else "#000000"


def softened(colour: str) -> str:
    """`colour` light enough to be read as text on a dark background, its hue kept."""
    hue, lightness, saturation = rgb_to_hls(*_channels(colour))
    red, green, blue = hls_to_rgb(hue, max(lightness, _DARK_MODE_LIGHTNESS), min(saturation, 0.85))
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


def luminance(colour: str) -> float:
    """Relative luminance of '#rrggbb', 0 to 1, by the formula of WCAG 2.2."""
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
