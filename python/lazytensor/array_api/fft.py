"""The standard's fft extension, by numpy.fft on shared memory."""
# SPDX-License-Identifier: BSD-3-Clause
from .. import _core as lt
from . import _devices
from ._axes import several
from ._dtypes import real_dtype

__all__ = ["fft", "ifft", "fftn", "ifftn", "rfft", "irfft", "rfftn", "irfftn", "hfft", "ihfft",
           "fftfreq", "rfftfreq", "fftshift", "ifftshift"]


def _numpy(name, x, **options):
    import numpy

    result = lt.from_numpy(getattr(numpy.fft, name)(x.numpy(), **options))
    # NumPy before 2.0 computes in double alone.
    single = real_dtype(x.dtype) == lt.float32
    return result.to(lt.complex64 if result.dtype.is_complex else lt.float32) if single else result


def _along_one(name, doc):
    def function(x, /, *, n=None, axis=-1, norm="backward") -> lt.Tensor:
        return _numpy(name, x, n=n, axis=axis, norm=norm)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


def _along_several(name, doc):
    def function(x, /, *, s=None, axes=None, norm="backward") -> lt.Tensor:
        if s is not None and axes is None:
            axes = tuple(range(-len(s), 0))
        return _numpy(name, x, s=s, axes=axes, norm=norm)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


fft = _along_one("fft", "The discrete Fourier transform along an axis. Computes, as all transforms do.")
ifft = _along_one("ifft", "The inverse of fft.")
rfft = _along_one("rfft", "The transform of real numbers: frequencies from 0 to n / 2.")
irfft = _along_one("irfft", "The inverse of rfft, n numbers.")
hfft = _along_one("hfft", "The transform of a sequence with Hermitian symmetry: real frequencies.")
ihfft = _along_one("ihfft", "The inverse of hfft.")
fftn = _along_several("fftn", "The discrete Fourier transform along several axes.")
ifftn = _along_several("ifftn", "The inverse of fftn.")
rfftn = _along_several("rfftn", "The transform of real numbers along several axes.")
irfftn = _along_several("irfftn", "The inverse of rfftn.")


def fftfreq(n, /, *, d=1.0, dtype=None, device=None) -> lt.Tensor:
    """The frequencies of fft's n results for samples d apart."""
    _devices.check(device)
    places = lt.arange(n)
    places = lt.where(places < (n + 1) // 2, places, places - n)
    return (places.to(lt.float64) / (n * d)).to(dtype or lt.get_default_dtype())


def rfftfreq(n, /, *, d=1.0, dtype=None, device=None) -> lt.Tensor:
    """The frequencies of rfft's results for n samples d apart."""
    _devices.check(device)
    return (lt.arange(n // 2 + 1).to(lt.float64) / (n * d)).to(dtype or lt.get_default_dtype())


def _shifted(x, axes, by):
    for axis in several(axes, x.ndim):
        x = lt.roll(x, by(x.shape[axis]), axis)
    return x


def fftshift(x, /, *, axes=None) -> lt.Tensor:
    """The zero frequency moved to the middle."""
    return _shifted(x, axes, lambda size: size // 2)


def ifftshift(x, /, *, axes=None) -> lt.Tensor:
    """The inverse of fftshift."""
    return _shifted(x, axes, lambda size: -(size // 2))
