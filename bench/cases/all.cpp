// The list of cases: one line for each file of this folder.
// SPDX-License-Identifier: BSD-3-Clause
//
// A case of one formula is one call of elementwise() (elementwise.cpp shows how); any other is a
// function of a group: costs(), expect(), ours() and a rival() for the loop and each library. The
// same name in bench/python/cases.py puts the Python libraries beside it.
#include "../harness/suite.hpp"

namespace bench {

void add_machine(suite&);
void add_elementwise(suite&);
void add_chains(suite&);
void add_narrow(suite&);
void add_reductions(suite&);
void add_rows(suite&);
void add_broadcast(suite&);
void add_stencil(suite&);
void add_small(suite&);

static void add_all(suite& s) {
    add_machine(s);
    add_elementwise(s);
    add_chains(s);
    add_narrow(s);
    add_reductions(s);
    add_rows(s);
    add_broadcast(s);
    add_stencil(s);
    add_small(s);
}

#ifdef LAZYTENSOR_BENCH_RIVALS
void add_rival_cases(suite& s) { add_all(s); }
#else
void add_our_cases(suite& s) { add_all(s); }
#endif

}  // namespace bench
