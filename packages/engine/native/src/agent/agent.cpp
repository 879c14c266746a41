#include "agent/agent.h"

namespace firstchance::agent {

constinit Agent g_agent;

} // namespace firstchance::agent
