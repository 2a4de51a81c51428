// The benchmark program: lazytensor_bench [--only=REGEX] [--quick] [--json=FILE] [--list].
// SPDX-License-Identifier: BSD-3-Clause
//
// REGEX is searched in "case/elements/threads". Options of Google Benchmark are taken too.
#include <iostream>
#include <regex>
#include <string_view>

#include "harness/console.hpp"
#include "harness/suite.hpp"

namespace {

struct options {
    std::regex only{""};
    std::string json = "/dev/null";
    bool quick = false, list = false;
    std::vector<std::string> rest;
};

options parse(int argc, char** argv) {
    options o;
    for (int i = 1; i < argc; ++i) {
        const std::string_view arg = argv[i];
        if (arg.starts_with("--only=")) {
            o.only = std::string(arg.substr(7));
        } else if (arg.starts_with("--json=")) {
            o.json = arg.substr(7);
        } else if (arg == "--quick") {
            o.quick = true;
        } else if (arg == "--list") {
            o.list = true;
        } else {
            o.rest.emplace_back(arg);
        }
    }
    return o;
}

/// Ours first, so that the caller's come later and win. False if there is one nobody knows.
bool initialize(const options& o, char* program) {
    std::vector<std::string> args = {
        "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true",
        o.quick ? "--benchmark_repetitions=5" : "--benchmark_repetitions=9",
        o.quick ? "--benchmark_min_time=0.02" : "--benchmark_min_time=0.05"};
    args.insert(args.end(), o.rest.begin(), o.rest.end());
    std::vector<char*> pointers = {program};
    for (std::string& arg : args) {
        pointers.push_back(arg.data());
    }
    int count = static_cast<int>(pointers.size());
    pointers.push_back(nullptr);
    benchmark::Initialize(&count, pointers.data());
    return !benchmark::ReportUnrecognizedArguments(count, pointers.data());
}

/// Times the rows of both groups, in turn.
void run(std::initializer_list<bench::group*> groups, bench::console& console) {
    benchmark::ClearRegisteredBenchmarks();
    bool any = false;
    for (bench::group* g : groups) {
        for (const auto& [name, body] : g->rows) {
            any = true;
            benchmark::RegisterBenchmark(name.c_str(), body)->UseRealTime();
        }
    }
    if (any) {
        benchmark::RunSpecifiedBenchmarks(&console);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const options o = parse(argc, argv);
    if (!initialize(o, argv[0])) {
        return 2;
    }
    bench::suite ours, rivals;
    bench::add_our_cases(ours);
    bench::add_rival_cases(rivals);
    std::vector<int> thread_counts = {1};
    if (omp_get_num_procs() > 1) {
        thread_counts.push_back(omp_get_num_procs());
    }
    bench::inputs data;
    bench::console console(o.json);
    int wrong = 0;
    for (std::size_t i = 0; i < ours.entries().size(); ++i) {
        const auto& entry = ours.entries()[i];
        for (const std::int64_t n : entry.sizes) {
            for (const int threads : thread_counts) {
                const std::string name =
                    entry.name + "/" + std::to_string(n) + "/" + std::to_string(threads);
                // The middle size says least: a quick run leaves it out.
                if (!std::regex_search(name, o.only) || (o.quick && n == 1 << 20) ||
                    (threads > 1 && !entry.threaded)) {
                    continue;
                }
                if (o.list) {
                    std::cout << name << '\n';
                    continue;
                }
                bench::group a(data, entry.name, n, threads), b(data, entry.name, n, threads);
                entry.rows(a);
                rivals.entries()[i].rows(b);
                wrong += a.wrong + b.wrong;
                run({&a, &b}, console);
            }
        }
    }
    console.close();
    return wrong == 0 ? 0 : 1;
}
