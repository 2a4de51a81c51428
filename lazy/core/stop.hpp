// Ending an evaluation that takes long: a program may be asked now and then whether it wants to.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

#include "clock.hpp"
#include "error.hpp"

namespace lazy {

/// The program asked, through its stop check, to end the evaluation.
class stopped_error : public error {
    using error::error;
};

namespace stop {

/// Asks the program whether to end; null when it does not care, as at first.
inline std::atomic<bool (*)()> question{nullptr};
/// It said yes, and the pass that asked is on its way out. Of the running pass only: one that
/// fails otherwise leaves no yes behind for the next.
inline std::atomic<bool> said_yes{false};
/// This thread may ask: it runs a pass that can be left half done.
inline thread_local bool may_ask = false;

inline constexpr double seconds_between_questions = 0.05;

[[gnu::cold, gnu::noinline]] inline bool ask() {
    if (said_yes.load(std::memory_order_relaxed)) {
        return true;
    }
    thread_local unsigned calls = 0;
    thread_local double last = 0;
    if (!may_ask || (++calls & 63U) != 0) {
        return false;
    }
    const double now = seconds_now();
    if (now - last < seconds_between_questions) {
        return false;
    }
    last = now;
    const auto f = question.load(std::memory_order_relaxed);
    if (f == nullptr || !f()) {
        return false;
    }
    said_yes.store(true, std::memory_order_relaxed);
    return true;
}

/// True iff the running pass should be left: called for every tile, nearly free when nobody asks.
inline bool wanted() { return question.load(std::memory_order_relaxed) != nullptr && ask(); }

/// One pass, under the lock of evaluations. While it lives, the pass that this thread runs may be
/// left half done if `possible`: not when it writes over its own input, which could not be computed
/// again.
class scope {
public:
    explicit scope(bool possible) : before_(may_ask) {
        may_ask = possible;
        said_yes.store(false, std::memory_order_relaxed);
    }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope() {
        may_ask = before_;
        said_yes.store(false, std::memory_order_relaxed);
    }
    /// Throws stopped_error if the pass was left.
    static void check() {
        if (said_yes.load(std::memory_order_relaxed)) [[unlikely]] {
            throw stopped_error("[evaluate] stopped: the tensors keep what they had");
        }
    }

private:
    bool before_;
};

}  // namespace stop
}  // namespace lazy
