#!/usr/bin/env python3
# Writes the .npy and .npz files that tests/io_test.cpp and tests/npz_test.cpp read, with NumPy itself.
# SPDX-License-Identifier: BSD-3-Clause
"""Run with NumPy 1.25 or newer; writes npy/ and npz/ beside this file, the same bytes every time."""
import pathlib
import zipfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
NPY = HERE / "npy"
NPZ = HERE / "npz"

INTEGERS = ["uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64"]
COMPLEX = {"complex64": "float32", "complex128": "float64"}


def extremes(name):
    """Eight values, shape (2, 4); the test knows the same ones from std::numeric_limits."""
    if name == "bool":
        values = np.array([1, 0, 0, 1, 1, 1, 0, 1], dtype=bool)
    elif name in INTEGERS:
        info = np.iinfo(name)
        values = np.array([info.min, info.max, 0, 1, 2, 100, info.max - 1, info.min + 1], dtype=name)
    elif name in FLOATS:
        info = np.finfo(name)
        values = np.array([0.0, -0.0, np.inf, -np.inf, np.nan, info.smallest_subnormal, info.max, -1.5],
                          dtype=name)
    else:
        part = extremes(COMPLEX[name]).ravel()
        values = np.empty(8, dtype=name)
        values.real, values.imag = part, part[::-1]
    return values.reshape(2, 4)


def save(name, array, version=None):
    with open(NPY / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def save_npy():
    for name in ["bool", *INTEGERS, *FLOATS, *COMPLEX]:
        array = extremes(name)
        save(name, array)
        if array.itemsize > 1:
            save(f"{name}_big", array.astype(array.dtype.newbyteorder(">")))
    # 1, -2, 0.5 and infinity as ml_dtypes saves bfloat16: NumPy itself would write '|V2'.
    bits = np.array([0x3F80, 0xC000, 0x3F00, 0x7F80], dtype="<u2")
    with open(NPY / "bfloat16.npy", "wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<V2", "fortran_order": False, "shape": (4,)})
        file.write(bits.tobytes())
    save("void2", bits.view("V2"))
    cube = np.arange(24, dtype="<i4").reshape(2, 3, 4)
    save("cube", cube)
    save("cube_fortran", np.asfortranarray(cube))
    save("cube_fortran_big", np.asfortranarray(cube.astype(">i4")))
    save("scalar", np.array(2.5))
    save("empty", np.empty((0, 3), dtype="<f4"))
    save("empty_fortran", np.asfortranarray(np.empty((3, 0, 2), dtype="<f8")))
    save("one", np.array([7], dtype="<i2"))
    save("dimensions", np.arange(2, dtype="<i8").reshape((1,) * 31 + (2,)))
    save("version_2", cube, (2, 0))
    save("version_3", cube, (3, 0))
    save("structured", np.zeros(2, dtype=[("\u00e9", "<f4"), ("y", "<i2", (2,))]))
    save("text", np.array(["ab", "c"]))
    save("date", np.array(["2020-01-01"], dtype="datetime64[D]"))
    save("long_double_like", np.zeros(1, dtype="V16"))
    with open(NPY / "object.npy", "wb") as file:
        np.lib.format.write_array(file, np.array([{"a": 1}, None], dtype=object), allow_pickle=True)


def save_npz():
    arrays = {
        "counts": np.arange(24, dtype="<i4").reshape(2, 3, 4),
        "fortran": np.asfortranarray(np.arange(6, dtype="<f8").reshape(2, 3)),
        "big": np.array([1.5, -2.5], dtype=">f4"),
        "scalar": np.array(True),
        "empty": np.empty((3, 0), dtype="<c8"),
        "gr\u00f6\u00dfe/x.y": np.array([1, 2, 3], dtype="<u2"),
    }
    np.savez(NPZ / "stored.npz", **arrays)
    np.savez_compressed(NPZ / "compressed.npz", **arrays, zeros=np.zeros(100000, dtype="<f4"))
    np.savez(NPZ / "none.npz")

    # The zip64 records everywhere, as in archives beyond 4 GiB, with a comment and a folder.
    limits = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 1, 1
    with zipfile.ZipFile(NPZ / "zip64.npz", "w") as archive:
        archive.comment = b"a comment with PK\x05\x06 in it"
        archive.writestr(zipfile.ZipInfo("folder/"), b"")
        for name in ["counts", "fortran"]:
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, arrays[name])
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = limits

    with zipfile.ZipFile(NPZ / "bzip2.npz", "w") as archive:
        info = zipfile.ZipInfo("x.npy")
        info.compress_type = zipfile.ZIP_BZIP2
        archive.writestr(info, (NPY / "cube.npy").read_bytes())


if __name__ == "__main__":
    NPY.mkdir(exist_ok=True)
    NPZ.mkdir(exist_ok=True)
    save_npy()
    save_npz()
