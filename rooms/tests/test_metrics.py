"""How a picture looks, told from made ones: each figure both ways."""

import io
import random

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from rooms.pixels.rendering import SIDE_PX, ImageMetrics, count_differences, measure


def scene(seed: int, *, size: tuple[int, int] = (1600, 1200)) -> Image.Image:
    """Furniture of a sort: large shapes with hard edges, on a wall that gets lighter to one side."""
    draw_numbers = random.Random(seed)
    image = Image.linear_gradient("L").rotate(90 * (seed % 4)).resize(size).convert("RGB")
    draw = ImageDraw.Draw(image)
    for _shape in range(25):
        left, top = draw_numbers.randrange(size[0]), draw_numbers.randrange(size[1])
        corner = left + draw_numbers.randrange(80, 500), top + draw_numbers.randrange(80, 400)
        draw.rectangle(
            (left, top, *corner), fill=tuple(draw_numbers.randrange(30, 256) for _channel in "RGB")
        )
    return image


def metrics_of(image: Image.Image) -> ImageMetrics:
    small = image.copy()
    small.thumbnail((SIDE_PX, SIDE_PX))
    return measure(small)


def coded(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


@pytest.mark.parametrize("seed", range(5))
def test_blur_takes_the_sharpness_away(seed: int) -> None:
    sharp = scene(seed)
    slightly, badly = (sharp.filter(ImageFilter.GaussianBlur(radius)) for radius in (1, 20))
    assert metrics_of(sharp).sharpness > 0.3
    assert metrics_of(slightly).sharpness > 0.2
    assert metrics_of(badly).sharpness < 0.1


def test_mist_is_no_blur() -> None:
    assert metrics_of(ImageEnhance.Contrast(scene(1)).enhance(0.2)).sharpness > 0.3


def test_plain_wall_is_not_blurred() -> None:
    assert measure(Image.new("RGB", (320, 240), "white")).sharpness == 1
    assert measure(Image.new("RGB", (1, 1))).sharpness == 1


def test_darkness_takes_the_brightness_away() -> None:
    bright = scene(2)
    assert metrics_of(bright).brightness > 0.6
    assert metrics_of(ImageEnhance.Brightness(bright).enhance(0.25)).brightness < 0.3
    night = ImageEnhance.Brightness(bright).enhance(0.1)
    night.paste(bright.crop((0, 0, 800, 300)), (400, 300))  # lit windows: a photo taken on purpose
    assert metrics_of(night).brightness > 0.3


def test_same_photo_is_told_again_and_another_is_not() -> None:
    photos = [scene(seed) for seed in range(6)]
    prints = [metrics_of(photo).fingerprint for photo in photos]
    for photo, fingerprint in zip(photos, prints, strict=True):
        for twin in (coded(photo, 40), photo.resize((800, 600)), ImageEnhance.Brightness(photo).enhance(0.9)):
            assert count_differences(fingerprint, metrics_of(twin.convert("RGB")).fingerprint) <= 18
    apart = [count_differences(one, other) for place, one in enumerate(prints) for other in prints[:place]]
    assert min(apart) > 30


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_figures_are_within_their_bounds(mode: str) -> None:
    noise = measure(Image.effect_noise((320, 200), 200).convert(mode))
    assert 0 <= noise.brightness <= 1
    assert 0 <= noise.sharpness <= 1
    assert len(noise.fingerprint) == 64
