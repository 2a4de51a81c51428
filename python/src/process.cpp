// The module in its process: letting go of Python's objects, Ctrl-C, and fork().
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <vector>

#include "../../lazy/core/evaluation_lock.hpp"
#include "binding.hpp"

namespace lazy::python {

namespace {

thread_local int engine_calls = 0;
/// This thread is where an interrupted evaluation can be answered: in `unlocked`.
thread_local bool answering = false;

/// Objects that could not be let go of where their last user ended: inside an evaluation, which
/// must neither wait for the interpreter's lock nor run Python code.
struct dropped {
    struct entry {
        void* object;
        void (*drop)(void*);
    };
    std::mutex mutex;
    std::vector<entry> entries;
    std::atomic<bool> any{false};

    static dropped& instance() {
        static dropped& d = *new dropped;
        return d;
    }
    static int drain(void*) {
        std::vector<entry> now;
        {
            const std::lock_guard guard(instance().mutex);
            now.swap(instance().entries);
            instance().any.store(false, std::memory_order_relaxed);
        }
        for (const entry& e : now) {
            e.drop(e.object);
        }
        return 0;
    }
};

std::atomic<bool> interrupted{false};
struct sigaction before_ours {};  ///< Python's, if its handler is not SIG_DFL
pthread_t main_thread;

/// Notes that Ctrl-C came, and leaves the rest to the handler that was there, Python's as a rule.
void note_interrupt(int number, siginfo_t*, void*) {
    interrupted.store(true, std::memory_order_relaxed);
    before_ours.sa_handler(number);
}

bool is_ours(const struct sigaction& a) {
    return (a.sa_flags & SA_SIGINFO) != 0 && a.sa_sigaction == &note_interrupt;
}

/// Puts ours before Python's handler, again when a program has set one by signal.signal since. Not
/// before anybody else's: who chains to ours would be called by it for ever.
void watch_interrupts() {
    struct sigaction now {};
    if (before_ours.sa_handler == SIG_DFL || sigaction(SIGINT, nullptr, &now) != 0 ||
        is_ours(now) || (now.sa_flags & SA_SIGINFO) != 0 ||
        now.sa_handler != before_ours.sa_handler) {
        return;
    }
    now.sa_flags |= SA_SIGINFO;
    now.sa_sigaction = &note_interrupt;
    sigaction(SIGINT, &now, nullptr);
}

/// Remembers Python's handler, if Python has one for Ctrl-C.
void find_handler() {
    struct sigaction now {};
    if (sigaction(SIGINT, nullptr, &now) == 0 && (now.sa_flags & SA_SIGINFO) == 0 &&
        now.sa_handler != SIG_IGN) {
        before_ours.sa_handler = now.sa_handler;
    }
    watch_interrupts();
}

/// Asked by the engine, by the thread that evaluates, without the interpreter's lock.
bool interrupt_waits() {
    if (!answering || pthread_equal(pthread_self(), main_thread) == 0) {
        return false;
    }
    watch_interrupts();
    return interrupted.load(std::memory_order_relaxed);
}

}  // namespace

engine_call::engine_call() {
    // While another thread evaluates, other Python threads run.
    while (!plan::evaluation_lock().try_lock()) {
        const interpreter_unlocked wait;
        const std::lock_guard until_it_is_done(plan::evaluation_lock());
    }
    ++engine_calls;
}
engine_call::~engine_call() {
    plan::evaluation_lock().unlock();
    --engine_calls;
    drop_waiting();
}

void drop_waiting() {
    if (dropped::instance().any.load(std::memory_order_relaxed) && engine_calls == 0 &&
        !plan::evaluation_mutex::held()) {
        dropped::drain(nullptr);
    }
}

interpreter_unlocked::interpreter_unlocked() {
    // Ctrl-C that Python has answered, or will answer here, is no reason to stop what comes now.
    if (interrupted.load(std::memory_order_relaxed) &&
        pthread_equal(pthread_self(), main_thread) != 0) {
        answer_signals();
    }
    was_answering_ = std::exchange(answering, true);
    state_ = PyEval_SaveThread();
}
interpreter_unlocked::~interpreter_unlocked() {
    answering = was_answering_;
    try {
        PyEval_RestoreThread(static_cast<PyThreadState*>(state_));
    } catch (...) {
        // The interpreter has ended, and ends this daemon thread by unwinding it, which cannot pass
        // a destructor: it waits for the end of the process instead.
        while (true) {
            ::pause();
        }
    }
}

void answer_signals() {
    interrupted.store(false, std::memory_order_relaxed);
    if (PyErr_CheckSignals() != 0) {
        throw nb::python_error();
    }
}

void drop_soon(void* p, void (*drop)(void*)) {
    // After the interpreter has ended there is nobody to give it back to.
    if (Py_IsInitialized() == 0) {
        return;
    }
    if (engine_calls == 0 && !plan::evaluation_mutex::held() && PyGILState_Check() != 0) {
        drop(p);
        return;
    }
    {
        const std::lock_guard guard(dropped::instance().mutex);
        dropped::instance().entries.push_back({p, drop});
        dropped::instance().any.store(true, std::memory_order_relaxed);
    }
    // The main thread may be waiting for this one: whoever comes first lets go of them.
    Py_AddPendingCall(&dropped::drain, nullptr);
}

std::shared_ptr<void> shared_object(nb::object o) {
    drop_waiting();
    return {o.release().ptr(),
            [](void* p) { drop_soon(p, [](void* q) { Py_DECREF(static_cast<PyObject*>(q)); }); }};
}

void prepare_process() {
    main_thread = reinterpret_cast<pthread_t>(nb::cast<std::uintptr_t>(
        nb::module_::import_("threading").attr("main_thread")().attr("ident")));
    find_handler();
    lazy::set_stop_check(&interrupt_waits);
    // A child of fork() has the forking thread only: nobody else may hold a lock when it begins.
    ::pthread_atfork([] { engine::hold_evaluations(); }, [] { engine::allow_evaluations(false); },
                     [] {
                         engine::allow_evaluations(true);
                         main_thread = pthread_self();
                     });
}

}  // namespace lazy::python
