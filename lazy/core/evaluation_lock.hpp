// The lock under which evaluations run, one at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mutex>

namespace lazy::plan {

/// Recursive because writing shared memory evaluates inside. Knows whether this thread holds it:
/// what an evaluation lets go of may be somebody's object whose end must not run in the middle of
/// it.
class evaluation_mutex {
public:
    void lock() {
        if (depth() == 0) {
            mutex_.lock();
        }
        ++depth();
    }
    bool try_lock() {
        if (depth() == 0 && !mutex_.try_lock()) {
            return false;
        }
        ++depth();
        return true;
    }
    void unlock() {
        if (--depth() == 0) {
            mutex_.unlock();
        }
    }
    static bool held() { return depth() != 0; }
    /// In a child of fork(), whose only thread is not the holder in the eyes of the mutex.
    static void forget() { depth() = 0; }

private:
    static int& depth() {
        static thread_local int d = 0;
        return d;
    }

    std::mutex mutex_;
};

inline evaluation_mutex& evaluation_lock() {
    static evaluation_mutex& m = *new evaluation_mutex;
    return m;
}

}  // namespace lazy::plan
