"""The module in its process: Ctrl-C, fork(), threads, and files larger than memory."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

import lazytensor as lt


@pytest.fixture(autouse=True)
def ctrl_c_is_heard():
    """Shells start background jobs with SIGINT ignored, and Python leaves it at that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def run(program, timeout=120):
    """The output of a Python program in a process of its own."""
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], timeout=timeout,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def long_expression(n=1 << 24, operations=200):
    x = lt.rand(n)
    for _ in range(operations):
        x = lt.sin(x) + 0.5
    return x.sum()


def interrupt_after(seconds):
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    return timer


def test_ctrl_c_ends_a_long_evaluation():
    x = long_expression()
    timer = interrupt_after(0.3)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        x.item()
    assert time.monotonic() - began < 3
    timer.join()
    assert lt.tensor([1, 2]).sum().item() == 3


def test_tensors_keep_their_values_after_ctrl_c():
    x = lt.linspace(0, 1, 1 << 22)
    y = x
    for _ in range(300):
        y = lt.cos(y)
    timer = interrupt_after(0.15)
    with pytest.raises(KeyboardInterrupt):
        for _ in range(100):
            lt.eval(y * lt.rand(1))
    timer.join()
    expected = np.linspace(0, 1, 1 << 22, dtype=np.float32)
    np.testing.assert_allclose(x.numpy(), expected, rtol=1e-6, atol=1e-7)
    assert abs(y[0].item() - 0.7390851) < 1e-5


def test_a_handler_that_raises_nothing_lets_the_evaluation_finish():
    seen = []
    before = signal.signal(signal.SIGINT, lambda *_: seen.append(1))
    try:
        x = lt.ones(1 << 23)
        for _ in range(100):
            x = lt.sin(x)
        timer = interrupt_after(0.1)
        value = x.sum().item()
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert np.isfinite(value)
    assert seen


def test_fork_after_use_does_not_hang():
    out = run("""
        import os, lazytensor as lt
        x = lt.rand(1 << 22)
        lt.eval(lt.sin(x))                      # OpenMP's threads are there
        child = os.fork()
        if child == 0:
            total = (x * 0 + 1).sum().item()
            os._exit(0 if total == 1 << 22 else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """)
    assert out.strip() == "0"


def test_multiprocessing_by_fork():
    out = run("""
        import multiprocessing, lazytensor as lt
        def work(n):
            return lt.arange(n).sum().item()
        lt.eval(lt.rand(1 << 22).exp())
        with multiprocessing.get_context("fork").Pool(2) as pool:
            print(pool.map(work, [10, 1000, 100000]))
        """)
    assert out.strip() == "[45, 499500, 4999950000]"


def test_other_threads_run_while_one_evaluates():
    x = long_expression(1 << 23, 100)
    worker = threading.Thread(target=x.item)
    began = time.monotonic()
    worker.start()
    steps = 0
    while worker.is_alive():
        steps += 1
        time.sleep(0.001)
    assert time.monotonic() - began > 0.05
    assert steps > 10


def test_threads_that_evaluate_and_write_what_numpy_sees():
    # Evaluating takes the engine's lock, letting go of arrays the interpreter's: they must not wait
    # for each other.
    failures = []

    def work(seed):
        rng = np.random.default_rng(seed)
        for _ in range(200):
            a = rng.standard_normal(1000).astype(np.float32)
            t = lt.from_numpy(a)
            u = t * 2 + lt.tensor(a)
            del t
            v = lt.from_numpy(a.copy())
            v[10:20] = u[10:20]
            if not np.allclose(u.numpy(), a * 3, rtol=1e-5) or not np.allclose(v.numpy()[10:20], a[10:20] * 3, rtol=1e-5):
                failures.append(seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(120)
    assert not failures
    assert not any(t.is_alive() for t in threads)


def test_a_mapped_file_larger_than_the_memory_limit(tmp_path):
    path = tmp_path / "large.npy"
    count = 48 << 20  # 192 MiB of float32
    array = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(count,))
    for start in range(0, count, 1 << 20):
        array[start:start + (1 << 20)] = 0.5
    array.flush()
    del array
    out = run(f"""
        import resource, lazytensor as lt
        lt.set_num_threads(2)
        lt.eval(lt.rand(1 << 20).sum())         # threads and caches are there
        before = resource.getrusage(resource.RUSAGE_SELF)
        used = int(open("/proc/self/status").read().split("VmData:")[1].split()[0]) * 1024
        limit = used + (96 << 20)               # half of the file
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
        x = lt.load({str(path)!r}, mmap=True)
        print((lt.sqrt(x * 2) + x).sum().item(), x.shape)
        """)
    value, shape = out.split(" ", 1)
    assert float(value) == pytest.approx(count * 1.5, rel=1e-6)
    assert shape.strip() == f"torch.Size([{count}])"


def test_threads_setting():
    before = lt.get_num_threads()
    lt.set_num_threads(1)
    try:
        assert lt.get_num_threads() == 1
    finally:
        lt.set_num_threads(0)
    assert lt.get_num_threads() >= 1 and before >= 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0


def test_a_stop_does_not_outlive_its_pass():
    # A pass that was asked to stop and failed otherwise must not stop the next one, which may be
    # writing over its own input.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        for _ in range(3):
            zeros = lt.zeros(1 << 22, dtype=lt.int32)
            y = (lt.ones(1 << 22) * 0).clone()
            slow = lt.arange(1 << 22).to(lt.int32)
            for _ in range(20):
                slow = slow * 3 + 1
            timer = interrupt_after(0.02)
            with pytest.raises(ValueError):
                (slow // zeros).eval()
            y = y * 2 + 1
            assert y.eval().min().item() == 1 and y.max().item() == 1
            timer.join()
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_handler_that_chains_to_ours():
    out = run("""
        import faulthandler, os, signal, threading, lazytensor as lt
        faulthandler.register(signal.SIGINT, chain=True, file=open(os.devnull, "w"))
        x = lt.rand(1 << 22)
        for _ in range(50):
            x = lt.sin(x) + .5
        threading.Timer(.1, os.kill, (os.getpid(), signal.SIGINT)).start()
        try:
            x.sum().item()
            __import__("time").sleep(1)
        except KeyboardInterrupt:
            pass
        print("alive")
        """)
    assert out.strip() == "alive"


def test_daemon_threads_may_evaluate_when_the_interpreter_ends():
    out = run("""
        import threading, time, lazytensor as lt
        def work():
            while True:
                lt.sin(lt.rand(1 << 16)).sum().item()
        for _ in range(4):
            threading.Thread(target=work, daemon=True).start()
        time.sleep(.3)
        print("done")
        """)
    assert out.strip() == "done"


def test_ctrl_c_reaches_numpy_asarray():
    x = long_expression()
    timer = interrupt_after(0.3)
    with pytest.raises(KeyboardInterrupt):
        np.asarray(x)
        time.sleep(5)
    timer.join()


def test_ctrl_c_answered_elsewhere_stops_nothing_later():
    timer = interrupt_after(0.1)
    with pytest.raises(KeyboardInterrupt):
        time.sleep(5)
    timer.join()
    x = lt.rand(1 << 22)
    for _ in range(30):
        x = lt.sin(x)
    assert x[x > 2].numel() == 0
    assert len(lt.tensor([x.sum(), 1.0])) == 2


def test_a_forked_child_that_sets_its_threads():
    out = run("""
        import os, lazytensor as lt
        lt.set_num_threads(2)
        lt.eval(lt.rand(1 << 22).sin())
        child = os.fork()
        if child == 0:
            lt.set_num_threads(2)
            os._exit(0 if lt.ones(1 << 22).sum().item() == 1 << 22 else 1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """)
    assert out.strip() == "0"
