#pragma once

#include <memory>
#include <string>

#include "agent/control_layout.h"
#include "agent_host/agent_filter.h"
#include "base/result.h"

namespace firstchance {

//! \brief The engine's side of the control file. Quiets the agents and removes the file at the end.
class ControlWriter {
public:
    [[nodiscard]] static Result<std::unique_ptr<ControlWriter>>
    create(const std::string& path, const std::string& socketPath, const AgentFilter& filter);
    ControlWriter(const ControlWriter&) = delete;
    ControlWriter& operator=(const ControlWriter&) = delete;
    ~ControlWriter();

    [[nodiscard]] Result<void> write(const AgentFilter& filter);
    [[nodiscard]] const agent::ControlLayout& layout() const { return *layout_; }

private:
    ControlWriter(agent::ControlLayout* layout, std::string path) : layout_(layout), path_(std::move(path)) {}

    agent::ControlLayout* layout_;
    std::string path_;
};

} // namespace firstchance
