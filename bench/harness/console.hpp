// Prints one line a benchmark row, and collects the runs of all groups in one JSON file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <benchmark/benchmark.h>

#include <cstdio>
#include <fstream>

namespace bench {

/// Google Benchmark runs one group at a time, so that a row and its rivals alternate within seconds
/// and meet the same neighbours; this makes one report of the many runs.
class console : public benchmark::BenchmarkReporter {
public:
    explicit console(const std::string& path) : file_(path) { json_.SetOutputStream(&file_); }

    bool ReportContext(const Context& context) override {
        if (!begun_) {
            begun_ = true;
            json_.ReportContext(context);
        }
        return true;
    }
    void ReportRuns(const std::vector<Run>& runs) override {
        json_.ReportRuns(runs);
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Aggregate || run.aggregate_name == "median") {
                const double ns = run.GetAdjustedRealTime();
                std::printf("%-56s %14.1f ns %8.2f GB/s\n", run.run_name.function_name.c_str(), ns,
                            run.counters.at("bytes").value / ns);
            }
        }
        std::fflush(stdout);
    }
    /// After the last group.
    void close() {
        if (begun_) {
            json_.Finalize();
        }
    }

private:
    bool begun_ = false;
    std::ofstream file_;
    benchmark::JSONReporter json_;
};

}  // namespace bench
