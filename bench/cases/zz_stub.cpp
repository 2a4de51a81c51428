#include "../harness/suite.hpp"
namespace bench { void add_narrow(suite&){} void add_reductions(suite&){} void add_rows(suite&){} void add_broadcast(suite&){} void add_stencil(suite&){} void add_small(suite&){} }
