"""Shaded relief: slope, aspect and hill shading of real terrain, from one lazy graph.

    python hillshade.py [DEM.npy] [--azimuth DEGREES] [--altitude DEGREES] [--cell EAST NORTH]

DEM.npy holds elevations in metres, a matrix of any real dtype, row 0 the northernmost. Writes
hillshade.npy (float32, 0 dark to 1 lit), hillshade.png and slope.png to the current directory. The maps
leave out the outermost ring of cells, which lack neighbours.
"""
# SPDX-License-Identifier: BSD-3-Clause
import argparse
import math
import pathlib
import struct
import zlib

import numpy as np

import lazytensor as lt

DEFAULT_DEM = pathlib.Path(__file__).parents[1] / "data" / "jacksboro_dem.npy"


def relief(z, cell, azimuth, altitude):
    """Slope, aspect (both in radians) and light (0 to 1) of elevations. Computes nothing.

    Horn's formula (Proceedings of the IEEE 69, 1981): the gradient from the eight neighbours
        a b c
        d . f    each of which is the whole DEM, shifted.
        g h i
    """
    low, mid, high = slice(0, -2), slice(1, -1), slice(2, None)
    a, b, c = z[low, low], z[low, mid], z[low, high]
    d, f = z[mid, low], z[mid, high]
    g, h, i = z[high, low], z[high, mid], z[high, high]

    east = ((c + 2 * f + i) - (a + 2 * d + g)) / (8 * cell[0])
    north = ((a + 2 * b + c) - (g + 2 * h + i)) / (8 * cell[1])
    slope = lt.arctan(lt.hypot(east, north))
    aspect = lt.arctan2(-east, -north)  # clockwise from north

    sun = math.radians(altitude)
    light = (math.sin(sun) * slope.cos()
             + math.cos(sun) * slope.sin() * lt.cos(math.radians(azimuth) - aspect))
    return slope, aspect, light.clamp(0, 1)


def write_png(path, picture):
    """A grey picture, uint8, as PNG: https://www.w3.org/TR/png/."""
    pixels = np.asarray(picture)
    rows = np.zeros((pixels.shape[0], pixels.shape[1] + 1), np.uint8)  # each row behind its filter, none
    rows[:, 1:] = pixels

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 0, 0, 0, 0)
    pathlib.Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                                   + chunk(b"IDAT", zlib.compress(rows.tobytes())) + chunk(b"IEND", b""))
    print(f"wrote {path}: {pixels.shape[1]} x {pixels.shape[0]} pixels")


def summary(name, values, unit=""):
    low, high, mean = values.min(), values.max(), values.mean()
    lt.eval(low, high, mean)
    print(f"{name}: min {low:.3f}, max {high:.3f}, mean {mean:.3f}{unit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dem", nargs="?", default=DEFAULT_DEM, type=pathlib.Path)
    parser.add_argument("--azimuth", type=float, default=315, help="of the sun, clockwise from north")
    parser.add_argument("--altitude", type=float, default=45, help="of the sun above the horizon")
    # The cells of the default DEM are 1/1200 degree at 36.6 N.
    parser.add_argument("--cell", type=float, nargs=2, default=(75, 93), help="sizes in metres")
    options = parser.parse_args()

    elevations = np.load(options.dem)  # NumPy's array; the tensor shares its memory
    dem = lt.from_numpy(elevations)
    if dem.ndim != 2 or min(dem.shape) < 3 or dem.is_complex():
        raise SystemExit(f"{options.dem}: a DEM is a real matrix of at least 3 x 3, not {dem.dtype} {dem.shape}")
    print(f"{options.dem.name}: {dem.dtype} {list(dem.shape)}, {dem.min()} to {dem.max()} m\n")

    slope, aspect, shade = relief(dem.float(), options.cell, options.azimuth, options.altitude)
    picture = (shade * 255).round().to(lt.uint8)
    steepness = (255 - slope * (255 / math.radians(60))).clamp(0, 255).to(lt.uint8)

    maps = slope, aspect, shade, picture, steepness
    print("The plan (nothing is computed yet):")
    print(lt.explain(*maps))
    before = lt.stats()
    lt.eval(*maps)
    work = {name: count - before[name] for name, count in lt.stats().items()}
    print("The work:", ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in work.items()), "\n")

    summary("shade", shade)
    summary("slope", lt.rad2deg(slope), " degrees")
    print()
    lt.save("hillshade.npy", shade)
    print(f"wrote hillshade.npy: {shade.dtype} {list(shade.shape)}")
    write_png("hillshade.png", picture)
    write_png("slope.png", steepness)


if __name__ == "__main__":
    main()
