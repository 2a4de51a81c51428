// A stable sort of unsigned keys, with or without the positions they came from.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#include "../parallel.hpp"

namespace lazy::cpu {

inline constexpr std::int64_t radix_buckets = 256;

/// Memory for sorting n keys on some threads. Allocated before threads start: an exception must
/// not leave an OpenMP region.
template <class Key>
class sort_memory {
public:
    sort_memory(std::int64_t n, bool with_positions, int threads)
        : keys_(new Key[static_cast<std::size_t>(2 * n)]),
          positions_(with_positions ? new std::int64_t[static_cast<std::size_t>(2 * n)] : nullptr),
          counts_(new std::int64_t[static_cast<std::size_t>(threads * radix_buckets)]),
          n_(n),
          threads_(threads) {}

    /// Fill these, then sort(), then read them again: sort() may exchange the buffers.
    Key* keys() { return keys_.get() + (swapped_ ? n_ : 0); }
    std::int64_t* positions() { return positions_.get() + (swapped_ ? n_ : 0); }
    void number_positions(std::int64_t n) {
        for (std::int64_t j = 0; j < n; ++j) {
            positions()[j] = j;
        }
    }

    /// Sorts the first n keys, equal keys staying in order. The result does not depend on the
    /// number of threads: there is only one stable order.
    void sort(std::int64_t n) {
        if (n <= insertion_limit) {
            return insertion_sort(n);
        }
        const int threads = std::min(threads_, threads_for(n, static_cast<double>(n) * 8));
        Key varying = 0;
        for (std::int64_t j = 1; j < n; ++j) {
            varying = static_cast<Key>(varying | (keys()[j] ^ keys()[0]));
        }
        for (unsigned shift = 0; shift < 8 * sizeof(Key); shift += 8) {
            if (((varying >> shift) & (radix_buckets - 1)) != 0) {
                pass(n, shift, threads);
            }
        }
    }

private:
    static constexpr std::int64_t insertion_limit = 48;

    std::size_t digit(Key key, unsigned shift) const {
        return static_cast<std::size_t>(static_cast<std::uint8_t>(key >> shift));
    }

    void insertion_sort(std::int64_t n) {
        Key* k = keys();
        std::int64_t* p = positions_ ? positions() : nullptr;
        for (std::int64_t i = 1; i < n; ++i) {
            const Key key = k[i];
            const std::int64_t position = p != nullptr ? p[i] : 0;
            std::int64_t j = i;
            for (; j > 0 && k[j - 1] > key; --j) {
                k[j] = k[j - 1];
                if (p != nullptr) {
                    p[j] = p[j - 1];
                }
            }
            k[j] = key;
            if (p != nullptr) {
                p[j] = position;
            }
        }
    }

    /// Orders by one digit: every thread counts its share, then moves it to where the counts say.
    void pass(std::int64_t n, unsigned shift, int threads) {
        const Key* from = keys();
        Key* to = keys_.get() + (swapped_ ? 0 : n_);
        parallel(threads, [&](int t) {
            std::int64_t* count = counts_.get() + t * radix_buckets;
            std::fill_n(count, radix_buckets, 0);
            const auto [first, last] = share(n, 1, t, threads);
            for (std::int64_t j = first; j < last; ++j) {
                ++count[digit(from[j], shift)];
            }
        });
        std::int64_t next = 0;
        for (std::int64_t b = 0; b < radix_buckets; ++b) {
            for (int t = 0; t < threads; ++t) {
                next +=
                    std::exchange(counts_[static_cast<std::size_t>(t * radix_buckets + b)], next);
            }
        }
        parallel(threads, [&](int t) {
            std::int64_t* place = counts_.get() + t * radix_buckets;
            const auto [first, last] = share(n, 1, t, threads);
            if (positions_) {
                const std::int64_t* source = positions();
                std::int64_t* target = positions_.get() + (swapped_ ? 0 : n_);
                for (std::int64_t j = first; j < last; ++j) {
                    const std::int64_t at = place[digit(from[j], shift)]++;
                    to[at] = from[j];
                    target[at] = source[j];
                }
            } else {
                for (std::int64_t j = first; j < last; ++j) {
                    to[place[digit(from[j], shift)]++] = from[j];
                }
            }
        });
        swapped_ = !swapped_;
    }

    std::unique_ptr<Key[]> keys_;
    std::unique_ptr<std::int64_t[]> positions_;
    std::unique_ptr<std::int64_t[]> counts_;
    std::int64_t n_;
    int threads_;
    bool swapped_ = false;
};

/// How the rows of a tensor are sorted: several at once, or one at a time on all threads.
struct sort_plan {
    int row_threads;
    int inner_threads;

    sort_plan(std::int64_t rows, std::int64_t length)
        : row_threads(
              threads_for(rows, static_cast<double>(rows) * static_cast<double>(length) * 16)),
          inner_threads(1) {
        if (row_threads < max_threads()) {
            const int inside = threads_for(length, static_cast<double>(length) * 8);
            if (inside > row_threads) {
                row_threads = 1;
                inner_threads = inside;
            }
        }
    }
};

/// One sort_memory for each thread that works on rows.
template <class Key>
class sort_memories {
public:
    sort_memories(const sort_plan& plan, std::int64_t n, bool with_positions) {
        for (int t = 0; t < plan.row_threads; ++t) {
            memory_.emplace_back(n, with_positions, plan.inner_threads);
        }
    }
    sort_memory<Key>& operator[](int t) { return memory_[static_cast<std::size_t>(t)]; }

private:
    std::vector<sort_memory<Key>> memory_;
};

}  // namespace lazy::cpu
