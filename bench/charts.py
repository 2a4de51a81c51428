# Draws the benchmark charts as SVG: bars of ratios, and a roofline.
# SPDX-License-Identifier: BSD-3-Clause
import math
from xml.sax.saxutils import escape

COLOURS = ["#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777"]
OURS = "#111111"


class Drawing:
    """Shapes in pixels, on white so that a dark page does not swallow the text."""

    def __init__(self, width, height):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
            f'<rect width="{width}" height="{height}" fill="white"/>']

    def text(self, x, y, what, anchor="start", size=12, colour="#111111"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" '
                          f'fill="{colour}">{escape(what)}</text>')

    def line(self, x1, y1, x2, y2, colour="#dddddd", width=1):
        self.parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
                          f'stroke="{colour}" stroke-width="{width}"/>')

    def box(self, x, y, width, height, colour):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" '
                          f'height="{height:.1f}" fill="{colour}"/>')

    def dot(self, x, y, colour, hollow=False):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" stroke="{colour}" '
                          f'fill="{"white" if hollow else colour}"/>')

    def save(self, path):
        path.write_text("\n".join([*self.parts, "</svg>\n"]))


def ratio_bars(path, title, cases, runners):
    """`cases` is [(name, {runner: ratio})]: a bar from 1 to each ratio, on a logarithmic axis."""
    left, top, bar, gap, plot = 190, 74, 9, 9, 560
    low, high = 1 / 8, 64
    height = top + sum(bar * max(len(r), 1) + gap for _, r in cases) + 20
    d = Drawing(left + plot + 70, height)

    def at(ratio):
        clipped = min(max(ratio, low), high)
        return left + plot * math.log(clipped / low) / math.log(high / low)

    d.text(10, 20, title, size=15)
    d.text(left, 40, "time relative to Lazytensor: bars to the right of 1 are slower than it", size=11)
    for i, runner in enumerate(runners):
        x = 10 + i * 110
        d.box(x, 50, 10, 10, COLOURS[i % len(COLOURS)])
        d.text(x + 14, 59, runner, size=11)
    for power in range(round(math.log2(low)), round(math.log2(high)) + 1):
        x = at(2 ** power)
        d.line(x, top, x, height - 20, "#111111" if power == 0 else "#dddddd")
        d.text(x, height - 6, f"{2 ** power:g}", "middle", 10)
    y = top + gap / 2
    for name, ratios in cases:
        present = [r for r in runners if r in ratios]
        d.text(left - 8, y + bar * len(present) / 2 + 4, name, "end")
        for runner in present:
            x1, x2 = sorted((at(1), at(ratios[runner])))
            d.box(x1, y, x2 - x1, bar - 1, COLOURS[runners.index(runner) % len(COLOURS)])
            end = x2 if ratios[runner] >= 1 else x1
            d.text(end + (3 if ratios[runner] >= 1 else -3), y + bar - 1.5, f"{ratios[runner]:.2f}",
                   "start" if ratios[runner] >= 1 else "end", 8)
            y += bar
        y += gap
    d.save(path)


def roofline(path, title, points, copy_rate, peak):
    """`points` is [(name, operations per byte, our bytes/s, the loop's bytes/s)], `copy_rate` in
    bytes/s and `peak` in operations/s."""
    left, top, width, height = 70, 50, 520, 380
    low_x, high_x, low_y = 2 ** -4, 2 ** 4, 2.0 ** 27
    high_y = 2 ** math.ceil(math.log2(2 * copy_rate))
    d = Drawing(left + width + 250, top + height + 50)

    def x_of(intensity):
        return left + width * math.log(intensity / low_x) / math.log(high_x / low_x)

    def y_of(rate):
        clipped = min(max(rate, low_y), high_y)
        return top + height * (1 - math.log(clipped / low_y) / math.log(high_y / low_y))

    d.text(10, 20, title, size=15)
    d.text(10, 38, "GB/s of tensors read and written; filled: Lazytensor, hollow: the best hand-written "
                   "loop", size=11)
    for power in range(-4, 5):
        x = x_of(2.0 ** power)
        d.line(x, top, x, top + height)
        d.text(x, top + height + 16, f"{2.0 ** power:g}", "middle", 10)
    d.text(left + width / 2, top + height + 36, "operations per byte (a function counts as one)", "middle")
    rate = low_y
    while rate <= high_y:
        d.line(left, y_of(rate), left + width, y_of(rate))
        d.text(left - 6, y_of(rate) + 4, f"{rate / 1e9:.2g}", "end", 10)
        rate *= 2
    d.line(left, y_of(copy_rate), left + width, y_of(copy_rate), "#ee6677", 2)
    d.text(left + 4, y_of(copy_rate) - 5, f"memcpy {copy_rate / 1e9:.1f} GB/s", colour="#ee6677")
    corner = peak / copy_rate
    if corner < high_x:
        d.line(x_of(corner), y_of(copy_rate), left + width, y_of(peak / high_x), "#4477aa", 2)
    d.text(left + width - 4, top + 14, f"multiply-add peak {peak / 1e9:.0f} GFLOP/s", "end", 12, "#4477aa")
    for i, (name, intensity, ours, loop) in enumerate(points):
        x = x_of(min(max(intensity, low_x), high_x))
        if loop:
            d.line(x, y_of(ours), x, y_of(loop), "#999999")
            d.dot(x, y_of(loop), OURS, hollow=True)
        d.dot(x, y_of(ours), OURS)
        d.text(x + 6, y_of(ours) + 4, str(i + 1), size=10)
        d.text(left + width + 20, top + 14 + 16 * i, f"{i + 1}  {name}", size=11)
    d.save(path)
