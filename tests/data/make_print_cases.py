#!/usr/bin/env python3
# Writes print_cases.txt: tensors of all kinds with the texts that PyTorch prints for them.
# SPDX-License-Identifier: BSD-3-Clause
"""The file names the PyTorch it was made with. Older ones differ where sci_mode is forced (they pad for the
other notation: pytorch/pytorch pull request 126859) and where edgeitems is 0 (they fail).

    make_print_cases.py                                   the committed file
    make_print_cases.py --random 5000 --seed 7 --out F    random cases only, for a longer comparison

A case is a list of lines `key words...`; the values are the elements' bits in hexadecimal (the real part
before the imaginary one), repeated as often as the shape needs; `text N` is followed by N lines of text.
"""
import argparse
import math
import pathlib
import random

import torch
import torch._tensor_str as tensor_str

FLOATS = ["float16", "bfloat16", "float32", "float64"]
COMPLEX = ["complex64", "complex128"]
INTEGERS = ["uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"]
DEFAULT_OPTIONS = dict(precision=4, threshold=1000, edgeitems=3, linewidth=80, sci_mode=None)
INF, NAN = math.inf, math.nan


def part_size(dtype):
    return dtype.itemsize // (2 if dtype.is_complex else 1)


def encode(values, dtype):
    """The bytes of each element."""
    wide = torch.complex128 if dtype.is_complex else torch.float64 if dtype.is_floating_point else dtype
    flat = torch.tensor(values, dtype=wide).to(dtype).reshape(-1)
    if flat.numel() == 0:
        return []
    raw = (torch.view_as_real(flat) if dtype.is_complex else flat).contiguous().view(torch.uint8)
    raw = bytes(raw.reshape(-1).tolist())
    return [raw[i:i + dtype.itemsize] for i in range(0, len(raw), dtype.itemsize)]


def hexadecimal(element, size):
    return "".join(element[i:i + size][::-1].hex() for i in range(0, len(element), size))


def printed(tensor, extras):
    if "grad_fn" in extras:
        leaf = tensor.requires_grad_()
        tensor = leaf.clone() if extras["grad_fn"] == "CloneBackward0" else leaf.view(leaf.shape)
        assert type(tensor.grad_fn).__name__ == extras["grad_fn"]
    elif "requires_grad" in extras:
        tensor = tensor.requires_grad_()
    original = tensor_str._add_suffixes

    def with_device(text, suffixes, indent, force_newline):
        return original(text, [f"device='{extras['device']}'", *suffixes], indent, force_newline)

    try:
        if "device" in extras:
            tensor_str._add_suffixes = with_device
        return repr(tensor)
    finally:
        tensor_str._add_suffixes = original


def case(name, dtype, shape, elements, options=None, default_dtype="float32", **extras):
    """`elements` are numbers, or bytes for exact bits."""
    kind = getattr(torch, dtype)
    if elements and not isinstance(elements[0], bytes):
        elements = encode(elements, kind)
    numel = math.prod(shape)
    options = options or {}
    torch.set_default_dtype(getattr(torch, default_dtype))
    torch.set_printoptions(**{**DEFAULT_OPTIONS, **options})
    if numel == 0:
        tensor = torch.empty(shape, dtype=kind)
        elements = []
    else:
        elements = elements[:numel]
        repeats = -(-numel // len(elements))
        raw = bytearray((b"".join(elements) * repeats)[:numel * kind.itemsize])
        tensor = torch.frombuffer(raw, dtype=kind).reshape(shape)
    text = printed(tensor, extras)
    lines = [f"case {name}", f"dtype {dtype}", " ".join(["shape", *map(str, shape)])]
    for key, value in options.items():
        lines.append(f"{key} {int(value)}")
    if default_dtype != "float32":
        lines.append(f"default_dtype {default_dtype}")
    for key, value in extras.items():
        lines.append(f"{key} {value}")
    lines.append(" ".join(["values", *(hexadecimal(e, part_size(kind)) for e in elements)]))
    lines.append(f"text {text.count(chr(10)) + 1}")
    return "\n".join(lines) + "\n" + text + "\n"


def tutorial_cases():
    """What the transcripts of three PyTorch tutorials print: creation, types, reshaping, copies."""
    cube = [1, 2, 2, 3, 4, 4, 5, 6, 6, 7, 8, 8]
    eye = [float(i // 5 == i % 5) for i in range(25)]
    uninitialised = [0.0, 1.7740e28, 1.8754e28, 1.0396e-5, 1.0742e-5, 1.0187e-11]
    table = [
        ("int64", (2,), [1, 2]), ("bool", (2,), [True, False]), ("int16", (2,), [1, 2]),
        ("complex64", (), [1 + 2j]), ("float32", (2,), [1.0, 2.0]), ("float64", (2,), [1.0, 2.0]),
        ("float64", (2,), [1.1, 2.2]), ("float32", (2,), [1.11, 2.2]), ("int64", (2, 2), [1, 2, 3, 4]),
        ("int64", (), [1]), ("int64", (1,), [1]), ("int64", (2, 2, 3), cube), ("int64", (12,), cube),
        ("int32", (2, 2, 3), cube), ("int64", (2, 1), [1, 2]), ("int64", (1, 2), [1, 2]),
        ("int64", (1, 1, 2), [1, 2]), ("int64", (1, 2, 1), [1, 2]), ("float32", (2, 3), [0.0]),
        ("float32", (2, 3), [1.0]), ("float32", (5, 5), eye), ("int64", (2, 2), [1, 0, 0, 2]),
        ("float32", (2, 3), [0.9223, 0.9948, 0.2804, 0.8130, 0.2890, 0.5319]),
        ("float32", (2, 3), [-1.2513, 0.6465, -2.3011, 0.8447, 1.6856, 1.3615]),
        ("float32", (2, 2), [2.4660, 1.4952, 6.0202, 0.7525]),
        ("int64", (2, 4), [5, 8, 8, 3, 6, 1, 4, 2]), ("int64", (5,), [0, 1, 2, 3, 4]),
        ("float32", (8,), [1 + 0.5 * i for i in range(8)]), ("float32", (3,), [1.0, 3.0, 5.0]),
        ("float32", (2, 3), uninitialised), ("int64", (2, 4), [2]), ("int64", (2,), [2]),
        ("int64", (2, 2), [4, 8, 5, 8]), ("int64", (2,), [0, 0]), ("int64", (10,), list(range(1, 11))),
        ("int64", (), [2]), ("int64", (10,), [1, 10, *range(3, 11)]),
        ("int64", (10,), [100, 10, *range(3, 11)]), ("float32", (3,), [1.0, 2.0, 3.0]),
        ("float64", (3,), [1.0, 2.0, 3.0]), ("int64", (3,), [-1, 2, 3]),
        ("float32", (3, 2), [0.1, 1.2, 2.2, 3.1, 4.9, 5.2]), ("float64", (1, 3), [0.1111, 0.2222, 0.3333]),
        ("float32", (0,), []), ("float32", (2, 2), [1.0, 2.0, 3.0, 4.0]), ("int64", (3,), [99, 2, 3]),
        ("float32", (3, 3), [1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0]),
        ("float32", (5,), [0, 0.25, 0.5, 0.75, 1]), ("float32", (3,), [1.0, 10.0, 100.0]),
    ]
    for i, (dtype, shape, values) in enumerate(table):
        yield case(f"tutorial {i + 1}", dtype, shape, values)
    yield case("tutorial requires_grad", "float32", (1,), [1.0], requires_grad=1)
    yield case("tutorial clone", "float32", (1,), [1.0], grad_fn="CloneBackward0")


def empty_cases():
    for dtype in ["float32", "float64", "int64", "bool", "int16", "complex64", "bfloat16"]:
        for shape in [(0,), (0, 3), (2, 0, 4)]:
            yield case(f"empty {dtype}", dtype, shape, [])
    yield case("empty with gradient", "float32", (3, 0), [], requires_grad=1)
    yield case("empty float64 default", "float32", (0,), [], default_dtype="float64")
    yield case("empty long shape", "int16", (1000000000, 0, 1000000000, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1), [])


def integer_cases():
    for dtype in INTEGERS:
        info = torch.iinfo(getattr(torch, dtype))
        yield case(f"extremes {dtype}", dtype, (4,), [info.min, info.max, 0, 1])
    yield case("int64 smallest", "int64", (), [-2**63])
    yield case("uint64 largest", "uint64", (2, 1), [2**64 - 1, 2**63])
    yield case("one negative", "int32", (2, 3), [1, 2, 3, -4, 5, 6])
    yield case("wrapped", "int64", (5, 7), [7**i * (-1)**i for i in range(17)])
    yield case("wrapped to one column", "int64", (3,), [-2**63, 1, 2], dict(linewidth=20))
    yield case("bool", "bool", (2, 3), [True, False, False])
    yield case("bool all true", "bool", (2, 2), [True])
    yield case("bool true", "bool", (), [True])
    yield case("bool false", "bool", (), [False])
    yield case("bool long", "bool", (40,), [True, False, True])
    for threshold in [9, 10]:
        yield case(f"threshold {threshold}", "int64", (10,), list(range(10)), dict(threshold=threshold))


def floating_cases():
    mixed = [0.0, -0.0, 1.0, -2.0, INF, -INF, NAN]
    limits = {
        "ratio 1000": [1.0, 1000.0], "ratio above 1000": [1.0, 1001.0], "at 1e8": [1e6, 1e8],
        "above 1e8": [1e6, 1.1e8], "at 1e-4": [1e-4, 0.05], "below 1e-4": [9e-5, 0.05],
        "fraction ratio": [0.5, 500.0], "fraction ratio above": [0.5, 500.5],
        "whole large": [99999999.0, 1e5], "single large": [123456789.0], "single small": [1e-7],
    }
    for dtype in FLOATS:
        yield case(f"whole {dtype}", dtype, (2, 4), mixed)
        yield case(f"fractions {dtype}", dtype, (2, 4), [0.5, *mixed])
        yield case(f"scientific {dtype}", dtype, (2, 4), [1e-6, *mixed])
        info = torch.finfo(getattr(torch, dtype))
        smallest = encode([0.0], getattr(torch, dtype))[0]
        smallest = b"\1" + smallest[1:]
        yield case(f"extremes {dtype}", dtype, (5,),
                   encode([info.max, info.min, info.tiny, info.eps], getattr(torch, dtype)) + [smallest])
        yield case(f"scalar {dtype}", dtype, (), [3.14159265358979])
    for name, values in limits.items():
        yield case(name, "float32", (len(values),), values)
        yield case(f"{name} float64", "float64", (len(values),), values)
    for name, values in {"nan": [NAN], "infinity": [INF], "-infinity": [-INF], "zero": [0.0], "-zero": [-0.0],
                         "one": [1.0], "-half": [-0.5], "not finite": [NAN, INF, -INF]}.items():
        yield case(name, "float32", (len(values),) if len(values) > 1 else (), values)
    yield case("negative nan", "float32", (2,), [bytes.fromhex("0000c0ff"), bytes.fromhex("0000803f")])
    ties = [0.00005, 0.00015, 0.03125, 0.09375, 2.00005, 0.99995, 9.99995, -1.00005]
    yield case("ties", "float64", (8,), ties)
    yield case("ties with 2 digits", "float64", (8,), [0.125, 0.375, 0.625, 2.675, 1.005, -0.125, 1.5, 2.5],
               dict(precision=2))
    yield case("ties with 0 digits", "float64", (6,), [0.5, 1.5, 2.5, -0.5, -3.5, 4.25], dict(precision=0))
    yield case("exponents of 3 digits", "float64", (4,), [1e99, 9.99999e99, 1e-99, -9.99999e-100])
    yield case("widest is the smallest", "float64", (2,), [1.5, 1e-200])
    yield case("widest is the smallest negative", "float64", (3,), [-1.5, -1e-200, 2.0])
    yield case("exponent grows by rounding", "float64", (2,), [9.99999e99, 1.0])
    yield case("float64 default", "float64", (2,), [1.0, 2.5], default_dtype="float64")
    yield case("float32 under float64 default", "float32", (2,), [1.0, 2.5], default_dtype="float64")
    yield case("float16 default", "float16", (2,), [1.0, 2.5], default_dtype="float16")


def complex_cases():
    values = [1 + 2j, -1.5 - 0.5j, complex(0.0, -0.0), complex(NAN, INF), complex(-INF, NAN), 100 + 0.25j]
    for dtype in COMPLEX:
        yield case(f"mixed {dtype}", dtype, (2, 3), values)
        yield case(f"whole {dtype}", dtype, (3,), [1 + 2j, -3 - 4j, 0j])
        yield case(f"scientific {dtype}", dtype, (3,), [1e-6 + 1j, 1 - 1e9j, -1 + 1j])
        yield case(f"scalar {dtype}", dtype, (), [-0.5 - 2.25j])
        yield case(f"default {dtype}", dtype, (2,), [1 + 2j, 1 - 2j], default_dtype="float64")
        yield case(f"summary {dtype}", dtype, (30, 40), [complex(i, -0.5 * i) for i in range(37)])
    yield case("imaginary scientific only", "complex64", (2,), [1 + 1e-7j, 2 - 3j])
    yield case("wide parts", "complex64", (9,), [complex(1.5 * i, -20.25 * i) for i in range(9)])


def layout_cases():
    count = list(range(2000))
    tenths = [i / 10 for i in range(97)]
    yield case("summary 1-d", "int64", (1001,), count[:1001])
    yield case("not a summary", "int16", (1000,), [i % 7 for i in count])
    yield case("summary fractions", "float32", (1500,), tenths)
    yield case("summary hides the widest", "int64", (1002,), [1, 2, 3, *[10**12] * 330, 4, 5, 6])
    yield case("summary 2-d", "int32", (40, 50), count[:1999])
    yield case("summary tall", "float32", (1200, 2), tenths)
    yield case("summary wide", "float32", (2, 1200), tenths)
    yield case("summary 3-d", "float64", (10, 11, 12), tenths)
    yield case("summary 4-d", "uint8", (8, 2, 9, 8), [i % 256 for i in range(251)])
    yield case("summary of 5", "float32", (9, 1, 8, 1, 20), tenths)
    yield case("summary bool", "bool", (2, 600), [True, False, True])
    yield case("summary wraps", "float32", (30, 40), tenths, dict(linewidth=40))
    yield case("summary edge 1", "int64", (5, 5), count[:25], dict(threshold=5, edgeitems=1))
    yield case("summary edge 0", "int64", (5, 5), count[:25], dict(threshold=5, edgeitems=0))
    yield case("edge 0 without summary", "int16", (3,), count[:3], dict(edgeitems=0))
    yield case("edge 0 of a scalar", "int64", (), [3], dict(edgeitems=0, threshold=0))
    yield case("summary of a scalar", "int64", (), [3], dict(threshold=0))
    yield case("5 axes", "int64", (2, 1, 2, 1, 2), count[:8])
    yield case("7 axes", "float32", (1, 2, 1, 2, 1, 2, 1), tenths)
    yield case("wrapped rows", "float32", (2, 3, 17), tenths)
    yield case("wrapped twice", "float64", (25,), [x * 1.37 for x in tenths])
    yield case("narrow", "float32", (2, 2), tenths[1:], dict(linewidth=5))
    yield case("precision 8", "float64", (3,), [math.pi, -math.e, 10.0], dict(precision=8))
    yield case("precision 70", "float64", (2,), [math.pi, 1e-3], dict(precision=70))
    for forced in [False, True]:
        for name, values in {"whole": [1.0, 20.0], "fractions": [0.5, 1e-9, -1234567.0]}.items():
            yield case(f"sci_mode {forced} {name}", "float32", (len(values),), values, dict(sci_mode=forced))
            yield case(f"sci_mode {forced} {name} 64", "float64", (len(values),), [*values[:-1], 1e300],
                       dict(sci_mode=forced))
    short = dict(precision=2, threshold=1000, edgeitems=2, linewidth=80)
    yield case("short", "float32", (30, 40), tenths, short)


def suffix_cases():
    for length in [9, 10, 11, 12, 13, 14, 15, 16]:
        ones = [1.5] * length
        yield case(f"suffix at {length}", "float16", (length,), ones)
        yield case(f"two suffixes at {length}", "float16", (length // 2,), ones, requires_grad=1)
    yield case("device", "float32", (2,), [1.0, 2.0], device="cuda:0")
    yield case("device and dtype", "int16", (4, 2), [1, 2], device="cuda:0")
    yield case("all of them", "float64", (2, 6), [1.5], device="cuda:1", grad_fn="CloneBackward0")
    yield case("all of an empty one", "float64", (2, 0), [], device="cuda:1", grad_fn="ViewBackward0")
    yield case("each on a line", "float64", (1,), [1.5], dict(linewidth=12), device="cuda:1", requires_grad=1)


def random_floats(rng, count):
    kind = rng.randrange(9)
    scale = 10.0 ** rng.randint(-6, 9)
    spread = rng.choice([1, 2, 4, 10, 40, 300])
    draw = [
        lambda: rng.gauss(0, 1), lambda: rng.random() * scale, lambda: float(rng.randint(-9, 9)),
        lambda: float(rng.randint(-10**rng.randint(1, 12), 10**8)), lambda: rng.gauss(0, 1) * scale,
        lambda: rng.choice([-1, 1]) * 10.0 ** rng.uniform(-spread, spread),
        lambda: rng.randint(-99999, 99999) / 10.0 ** rng.randint(0, 9),
        lambda: rng.randint(-2**20, 2**20) / 2.0 ** rng.randint(0, 12),
        lambda: rng.choice([1, 10, 100, 1000, 1e4, 1e8, 1e-4, 1e-3, 1e5]) * rng.choice(
            [1, 1 + 1e-7, 1 - 1e-7, 0.99995, 1.00005, -1, 1.5]),
    ][kind]
    values = [draw() for _ in range(count)]
    if rng.random() < 0.25:
        values = [rng.choice([0.0, -0.0, INF, -INF, NAN]) if rng.random() < 0.2 else v for v in values]
    return values


def random_elements(rng, dtype, count):
    kind = getattr(torch, dtype)
    if rng.random() < 0.15 and dtype != "bool":
        return [rng.randbytes(kind.itemsize) for _ in range(count)]
    if dtype == "bool":
        return encode([rng.random() < rng.choice([0.0, 0.5, 1.0]) for _ in range(count)], kind)
    if kind.is_complex:
        return encode([complex(a, b) for a, b in zip(random_floats(rng, count), random_floats(rng, count))], kind)
    if kind.is_floating_point:
        return encode(random_floats(rng, count), kind)
    info = torch.iinfo(kind)
    bound = 10 ** rng.randint(0, 19)
    low, high = max(info.min, -bound if rng.random() < 0.5 else 0), min(info.max, bound)
    return encode([rng.randint(low, high) for _ in range(count)], kind)


def random_cases(rng, count, small):
    for i in range(count):
        dtype = rng.choice(["float32"] * 4 + FLOATS * 3 + COMPLEX * 2 + INTEGERS + ["bool"])
        ndim = rng.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5])
        most = {0: 1, 1: 40, 2: 9, 3: 5, 4: 3, 5: 3}[ndim]
        if not small and rng.random() < 0.1:
            most = {0: 1, 1: 1500, 2: 50, 3: 16, 4: 9, 5: 6}[ndim]
        shape = tuple(0 if rng.random() < 0.01 else rng.randint(1, most) for _ in range(ndim))
        options = {}
        if rng.random() < 0.4:
            drawn = dict(precision=rng.choice([0, 1, 2, 3, 5, 6, 8, 12, 20]),
                         threshold=rng.choice([0, 3, 10, 30, 100]), edgeitems=rng.choice([0, 1, 1, 2, 2, 4, 5]),
                         linewidth=rng.choice([10, 20, 40, 60, 79, 81, 100, 120]),
                         sci_mode=rng.choice([True, False]))
            options = {key: value for key, value in drawn.items() if rng.random() < 0.4}
        extras = {}
        if rng.random() < 0.2:
            extras["device"] = rng.choice(["cuda:0", "cuda:1"])
        if rng.random() < 0.3 and (dtype in FLOATS or dtype in COMPLEX):
            extras.update(rng.choice([dict(requires_grad=1), dict(grad_fn="CloneBackward0"),
                                      dict(grad_fn="ViewBackward0")]))
        elements = random_elements(rng, dtype, max(1, min(math.prod(shape), 8 if small else 200)))
        default = rng.choice(["float32"] * 8 + ["float64", "float16"])
        yield case(f"random {i + 1}", dtype, shape, elements, options, default, **extras)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).with_name("print_cases.txt"))
    parser.add_argument("--random", type=int, default=0, help="so many random cases and no others")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    if args.random:
        cases = list(random_cases(rng, args.random, small=False))
    else:
        families = [tutorial_cases, empty_cases, integer_cases, floating_cases, complex_cases, layout_cases,
                    suffix_cases]
        cases = [text for family in families for text in family()]
        cases += random_cases(rng, 60, small=True)
    header = f"# PyTorch {torch.__version__.split('+')[0]}; made by make_print_cases.py: do not edit\n"
    args.out.write_text(header + "".join(cases))
    print(f"{len(cases)} cases, {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
