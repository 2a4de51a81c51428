"""SciPy and scikit-learn working on tensors through the array API; skipped where they are not installed."""
# SPDX-License-Identifier: BSD-3-Clause
import os

os.environ.setdefault("SCIPY_ARRAY_API", "1")  # SciPy asks when it is imported

import lazytensor as lt
import numpy as np
import pytest

pytest.importorskip("array_api_compat")
stats = pytest.importorskip("scipy.stats")
from scipy import fft, integrate, signal, spatial, special  # noqa: E402
from scipy.cluster import vq  # noqa: E402

ARRAY = np.random.default_rng(0).random((20, 4))

SCIPY = {
    "logsumexp": lambda a: special.logsumexp(a, axis=0),
    "softmax": lambda a: special.softmax(a, axis=0),
    "zscore": stats.zscore,
    "kurtosis": stats.kurtosis,
    "entropy": stats.entropy,
    "rankdata": lambda a: stats.rankdata(a, axis=0),
    "quantile": lambda a: stats.quantile(a, 0.3, axis=0),
    "ttest": lambda a: stats.ttest_ind(a[:10], a[10:]).pvalue,
    "pearsonr": lambda a: stats.pearsonr(a[:, 0], a[:, 1]).statistic,
    "detrend": lambda a: signal.detrend(a, axis=0),
    "fftconvolve": lambda a: signal.fftconvolve(a, a),
    "hilbert": lambda a: signal.hilbert(a, axis=0),
    "dct": fft.dct,
    "trapezoid": lambda a: integrate.trapezoid(a, axis=0),
    "kmeans2": lambda a: vq.kmeans2(a, a[:3], minit="matrix")[0],
    "rotation": lambda a: spatial.transform.Rotation.from_quat(a).as_matrix(),
}


@pytest.mark.skipif(os.environ["SCIPY_ARRAY_API"] != "1", reason="SciPy's array API is off")
@pytest.mark.parametrize("name", SCIPY)
def test_scipy(name):
    result = SCIPY[name](lt.tensor(ARRAY))
    assert isinstance(result, lt.Tensor)
    np.testing.assert_allclose(result.numpy(), SCIPY[name](ARRAY), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ["StandardScaler", "PCA", "Ridge", "euclidean_distances"])
def test_scikit_learn(name):
    sklearn = pytest.importorskip("sklearn")
    from sklearn.decomposition import PCA
    from sklearn.linear_model import Ridge
    from sklearn.metrics import pairwise
    from sklearn.preprocessing import StandardScaler

    run = {
        "StandardScaler": lambda a: StandardScaler().fit_transform(a),
        "PCA": lambda a: PCA(n_components=2, svd_solver="full").fit(a).explained_variance_,
        "Ridge": lambda a: Ridge(solver="svd").fit(a, a[:, 0] * 2 + a[:, 1]).coef_,
        "euclidean_distances": pairwise.euclidean_distances,
    }[name]
    with sklearn.config_context(array_api_dispatch=True):
        result = run(lt.tensor(ARRAY))
    assert isinstance(result, lt.Tensor)
    np.testing.assert_allclose(result.numpy(), run(ARRAY), rtol=1e-6, atol=1e-7)
