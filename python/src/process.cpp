// The module in its process: letting go of Python's objects, Ctrl-C, and fork().
// SPDX-License-Identifier: BSD-3-Clause
#include <pthread.h>
#include <signal.h>

#include <vector>

#include "../../lazy/core/evaluation_lock.hpp"
#include "binding.hpp"

namespace lazy::python {

namespace {

thread_local int engine_calls = 0;

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
struct sigaction before_ours;
pthread_t main_thread;

/// Notes that Ctrl-C came, and leaves the rest to the handler that was there, Python's as a rule.
void note_interrupt(int number, siginfo_t* info, void* context) {
    interrupted.store(true, std::memory_order_relaxed);
    if ((before_ours.sa_flags & SA_SIGINFO) != 0) {
        before_ours.sa_sigaction(number, info, context);
    } else if (before_ours.sa_handler != SIG_DFL && before_ours.sa_handler != SIG_IGN) {
        before_ours.sa_handler(number);
    }
}

/// Puts ours before Python's handler, also when a program has set another since. Not before a
/// default or ignoring one: those are not Python's to answer.
void watch_interrupts() {
    struct sigaction now {};
    if (sigaction(SIGINT, nullptr, &now) != 0 ||
        ((now.sa_flags & SA_SIGINFO) != 0 && now.sa_sigaction == &note_interrupt)) {
        return;
    }
    if ((now.sa_flags & SA_SIGINFO) == 0 &&
        (now.sa_handler == SIG_DFL || now.sa_handler == SIG_IGN)) {
        return;
    }
    before_ours = now;
    struct sigaction ours = now;
    ours.sa_flags |= SA_SIGINFO;
    ours.sa_sigaction = &note_interrupt;
    sigaction(SIGINT, &ours, nullptr);
}

/// Asked by the engine, by the thread that evaluates, without the interpreter's lock.
bool interrupt_waits() {
    if (pthread_equal(pthread_self(), main_thread) == 0) {
        return false;
    }
    watch_interrupts();
    return interrupted.load(std::memory_order_relaxed);
}

}  // namespace

engine_call::engine_call() { ++engine_calls; }
engine_call::~engine_call() {
    --engine_calls;
    drop_waiting();
}

void drop_waiting() {
    if (dropped::instance().any.load(std::memory_order_relaxed) && engine_calls == 0 &&
        !plan::evaluation_mutex::held()) {
        dropped::drain(nullptr);
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
    watch_interrupts();
    lazy::set_stop_check(&interrupt_waits);
    // A child of fork() has the forking thread only: nobody else may hold a lock when it begins,
    // and OpenMP's other threads are gone, so that it evaluates alone.
    ::pthread_atfork([] { engine::hold_evaluations(); }, [] { engine::allow_evaluations(false); },
                     [] {
                         engine::allow_evaluations(true);
                         main_thread = pthread_self();
                         lazy::set_num_threads(1);
                     });
}

}  // namespace lazy::python
