"""Python threads: evaluations let others run, results are right, nobody waits for ever, no memory is lost."""
# SPDX-License-Identifier: BSD-3-Clause
import gc
import os
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import lazytensor as lt


def in_threads(*functions):
    """Runs the functions at once; the first exception is raised again."""
    problems = []

    def guarded(f):
        try:
            f()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=guarded, args=(f,), daemon=True) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    assert not any(t.is_alive() for t in threads), "a thread hangs"
    if problems:
        raise problems[0]


def test_threads_share_pending_tensors():
    """One graph, evaluated from several threads at once through different roots."""
    for _ in range(30):
        array = np.random.default_rng(0).normal(size=(64, 65))
        x = lt.tensor(array)
        base = (x * 2 + 1).sin()
        wanted = np.sin(array * 2 + 1)

        def work(k, base=base, wanted=wanted):
            np.testing.assert_allclose((base + k).numpy(), wanted + k, rtol=1e-12)
            np.testing.assert_allclose(base.sum(k % 2).numpy(), wanted.sum(k % 2), rtol=1e-9)
            np.testing.assert_allclose(base[k:, ::2].exp().numpy(), np.exp(wanted[k:, ::2]), rtol=1e-12)
            assert repr(base) == repr(lt.tensor(base.tolist(), dtype=lt.float64))

        in_threads(*(lambda k=k: work(k) for k in range(4)))


def test_threads_with_tensors_of_their_own():
    def work(seed):
        random = np.random.default_rng(seed)
        for _ in range(50):
            array = random.normal(size=random.integers(1, 200))
            x = lt.from_numpy(array.copy())
            x += seed
            x[x > seed] *= 2
            y = x.softmax(0) + x.cumsum(0)
            array = array + seed
            array[array > seed] *= 2
            e = np.exp(array - array.max())
            np.testing.assert_allclose(y.numpy(), e / e.sum() + array.cumsum(), rtol=1e-9, atol=1e-9)

    in_threads(*(lambda s=s: work(s) for s in range(4)))


def test_evaluation_lets_other_threads_run():
    big = lt.rand(4000, 2000).eval()
    running, steps = threading.Event(), 0

    def evaluate():
        running.set()
        for _ in range(5):
            (big.sin().exp() + big.cos().sqrt()).sum().item()
        running.clear()

    thread = threading.Thread(target=evaluate)
    thread.start()
    running.wait()
    while running.is_set():
        steps += 1
        time.sleep(0.0005)
    thread.join()
    assert steps > 5


def test_writing_shared_memory_while_others_let_go_of_arrays():
    """One needs the evaluation lock with the interpreter's, the other the interpreter's inside."""
    def write():
        x = lt.from_numpy(np.zeros(1000))
        for _ in range(3000):
            x += 1
        assert x[0].item() == 3000

    def let_go():
        for _ in range(1500):
            assert (lt.from_numpy(np.ones(20000)) + 1).eval()[5].item() == 2

    in_threads(write, let_go, let_go)


def test_arrays_whose_end_runs_python_code():
    """What a mask, a bound or a list computes lets go of them, with the interpreter's lock held."""
    class Array(np.ndarray):
        def __del__(self):
            time.sleep(0)  # lets others run

    def array(n):
        return lt.from_numpy(np.ones(n).view(Array))

    def write():
        x = lt.from_numpy(np.zeros(100))
        for _ in range(2000):
            x += 1

    def mask():
        y = lt.arange(100)
        for _ in range(800):
            assert y[array(100) > 0].numel() == 100

    def gather_lists():
        for _ in range(800):
            lt.tensor([array(100) * 2, [1.0] * 100])

    def bound():
        for _ in range(800):
            assert lt.ones(5)[(array(3).sum() - 3).long():].numel() == 5

    in_threads(write, mask, gather_lists, bound)


def test_arrays_do_not_pile_up_while_the_main_thread_waits():
    alive = []

    class Array(np.ndarray):
        def __del__(self):
            alive.pop()

    most = 0

    def work():
        nonlocal most
        for _ in range(500):
            array = np.ones(100).view(Array)
            alive.append(1)
            pending = lt.from_numpy(array) + 1
            del array
            pending.eval()
            most = max(most, len(alive))

    in_threads(work)
    assert most < 20


def test_writers_of_one_tensor_do_not_crash():
    """A race, as with any object: the result is one of many, and nothing breaks."""
    x = lt.zeros(1000)
    shared = lt.from_numpy(np.zeros(1000))

    def work():
        for k in range(300):
            x.add_(1)
            shared.mul_(0.5)
            x[k % 10] = shared.sum()
            x.sum().item()
            shared[::2] = x[1::2]

    in_threads(work, work, work)
    assert x.numpy().shape == shared.numpy().shape == (1000,)


def resident():
    gc.collect()
    with open("/proc/self/statm") as numbers:
        return int(numbers.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


LEAKS = {
    "from_numpy": lambda: lt.from_numpy(np.ones(10000)).add(1).eval(),
    "tensor": lambda: lt.tensor(np.ones(10000)).sum().item(),
    "numpy": lambda: lt.ones(10000).numpy()[5],
    "asarray": lambda: np.asarray(lt.ones(10000)).sum(),
    "interface": lambda: lt.ones(10000).__array_interface__,
    "dlpack out": lambda: np.from_dlpack(lt.ones(10000)),
    "dlpack in": lambda: lt.from_dlpack(np.ones(10000)).sum().item(),
    "unused capsule": lambda: lt.ones(10000).__dlpack__(max_version=(1, 0)),
    "lists": lambda: lt.tensor([[1.0] * 100] * 10).tolist(),
    "indexing": lambda: lt.arange(1000)[[1, 2, 3]].add_(1).eval(),
    "writes": lambda: lt.zeros(1000).__setitem__(slice(None, None, 2), 1),
    "errors": lambda: pytest.raises(Exception, lt.cat, [lt.ones(2), lt.ones(2, 2)]),
    "text": lambda: repr(lt.ones(100)) + lt.explain(lt.ones(3) + 1) + str(lt.graph(lt.ones(3) * 2)),
    "iteration": lambda: [t.item() for t in lt.arange(20)],
    "ufuncs": lambda: np.add(np.ones(1000), lt.ones(1000)).eval(),
    "unused": lambda: lt.ones(10000).sin().cos(),
    "memoryview": lambda: memoryview(lt.ones(10000)).tobytes(),
    "results": lambda: lt.rand(100).sort().values.eval(),
}


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
@pytest.mark.parametrize("name", LEAKS)
def test_memory_does_not_grow(name):
    f = LEAKS[name]
    for _ in range(300):
        f()
    before = resident()
    for _ in range(1500):
        f()
    assert resident() - before < 4 << 20


def test_exit_with_exports_and_pending_work_alive():
    """The interpreter ends while tensors hold arrays, arrays hold tensors and threads have computed."""
    program = """
import threading, numpy as np, lazytensor as lt
keep = [lt.from_numpy(np.ones(1000)), lt.ones(1000).numpy(), memoryview(lt.ones(5)), lt.ones(3).sin() + 1,
        np.asarray(lt.ones(9)), lt.ones(4).__dlpack__(), lt.ones(2).__array_interface__]
lt.keep = keep
keep.append(keep)
t = threading.Thread(target=lambda: keep.append(lt.rand(1000, 1000).sum().eval()), daemon=True)
t.start()
t.join()
class Node: pass
n = Node(); n.tensor = lt.from_numpy(np.ones(7)); n.self = n
print("end")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout.strip()) == (0, "end"), done.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_process_computes():
    lt.rand(1000, 1000).sum().item()
    program = """
import os, lazytensor as lt
lt.rand(1000, 1000).sum().item()
child = os.fork()
if child == 0:
    lt.set_num_threads(1)
    os._exit(0 if abs(lt.ones(1000, 1000).sum().item() - 1e6) < 1 else 1)
print(os.waitpid(child, 0)[1])
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "0", done.stderr
