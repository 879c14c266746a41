#include "heap/graph/heap_file.h"

#include <array>
#include <functional>
#include <unordered_map>

#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/output_file.h"
#include "heap/graph/heap_file_layout.h"
#include "heap/graph/reachable_nodes.h"
#include "heap/graph/section_stream.h"

namespace firstchance {
namespace {

using namespace heap_file;

//! \brief All texts behind each other, each once.
class Strings {
public:
    Text add(const std::string& text) {
        const auto [found, isNew] = known_.try_emplace(
            text, Text{static_cast<std::uint32_t>(bytes_.size()), static_cast<std::uint32_t>(text.size())});
        if (isNew) {
            bytes_ += text;
        }
        return found->second;
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

private:
    std::string bytes_;
    std::unordered_map<std::string, Text> known_;
};

std::uint32_t flagsOf(const std::string& type) {
    return type == "System.String" ? kString : type.ends_with(']') ? kArray : 0;
}

nlohmann::json describeNative(const NativeOwners& native) {
    constexpr std::array kNames = {"malloc", "anonymous", "file"}; // by NativeKind
    nlohmann::json json = {{"why", native.why}};
    for (std::size_t kind = 0; kind < native.totals.size(); ++kind) {
        const NativeTotal& total = native.totals[kind];
        json[kNames[kind]] = {
            {"blocks", total.blocks}, {"bytes", total.bytes}, {"heldBytes", total.heldBytes}};
    }
    return json;
}

std::span<const std::byte> bytesOf(const std::string& text) {
    return std::as_bytes(std::span(text));
}

nlohmann::json describeModules(const std::vector<HeapFileModule>& modules) {
    nlohmann::json list = nlohmann::json::array();
    for (const HeapFileModule& module : modules) {
        list.push_back({{"name", module.name}, {"path", module.path}, {"mvid", module.mvid}});
    }
    return list;
}

class Writer {
public:
    Writer(const HeapGraph& graph, const Dominators* dominators, const NativeOwners* native,
           const std::atomic<bool>* cancelled)
        : graph_(graph), dominators_(dominators), native_(native), cancelled_(cancelled), nodes_(graph),
          unreachable_(graph.types.size()) {}

    [[nodiscard]] Result<HeapFileWritten> run(const HeapFileMeta& meta, const std::string& path) {
        count();
        collectTexts();
        addSections(describeProcess(meta));
        auto file = OutputFile::create(path);
        if (!file) {
            return fail(file.error());
        }
        SectionStream out(*file);
        writeTable(out);
        for (const Part& part : parts_) {
            out.align(kAlignment);
            part.write(out);
            if (out.failed()) {
                break; // finish() says why
            }
            if (cancelled_ != nullptr && *cancelled_) {
                return fail({ErrorCode::Cancelled, "Writing " + path, "it was cancelled", "", 0});
            }
        }
        if (const auto done = out.finish(); !done) {
            return fail(done.error());
        }
        written_.bytes = out.offset();
        if (const auto named = file->publish(); !named) {
            return fail(named.error());
        }
        return written_;
    }

private:
    struct Part {
        Section section;
        std::function<void(SectionStream&)> write;
    };

    void count() {
        for (std::uint32_t type = 0; type < unreachable_.size(); ++type) {
            unreachable_[type].type = type;
        }
        for (std::uint32_t node = 0; node < graph_.size(); ++node) {
            if (graph_.isReachable(node)) {
                written_.objects += 1;
                written_.objectBytes += graph_.bytesOf(node);
                edges_ += graph_.referencesOf(node).size();
            } else {
                Unreachable& total = unreachable_[graph_.type[node]];
                total.instances += 1;
                total.bytes += graph_.bytesOf(node);
                written_.unreachableObjects += 1;
                written_.unreachableBytes += graph_.bytesOf(node);
            }
        }
        std::erase_if(unreachable_, [](const Unreachable& total) { return total.instances == 0; });
    }

    void collectTexts() {
        for (const GraphType& type : graph_.types) {
            types_.push_back({strings_.add(type.name), strings_.add(type.module), flagsOf(type.name)});
        }
        for (const std::string& name : graph_.rootNames) {
            rootNames_.push_back(strings_.add(name));
        }
    }

    [[nodiscard]] std::string describeProcess(const HeapFileMeta& meta) const {
        nlohmann::json json = {
            {"engine", meta.engine},
            {"time", meta.time},
            {"pid", meta.pid},
            {"process",
             {{"name", meta.name},
              {"commandLine", meta.commandLine},
              {"runtime", meta.runtime},
              {"architecture", meta.architecture}}},
            {"pauseMs", meta.pauseMs},
            {"gc", meta.serverGc ? "server" : "workstation"},
            {"complete", graph_.complete},
            {"why", graph_.why},
            {"objects", written_.objects},
            {"bytes", written_.objectBytes},
            {"unreachableObjects", written_.unreachableObjects},
            {"unreachableBytes", written_.unreachableBytes},
            {"freeBytes", meta.freeBytes},
            {"notes", meta.notes},
            {"modules", describeModules(meta.modules)},
        };
        if (native_ != nullptr) {
            json["native"] = describeNative(*native_);
        }
        return jsonText(json);
    }

    void add(SectionId id, std::size_t elementBytes, std::uint64_t count,
             std::function<void(SectionStream&)> write) {
        parts_.push_back({{id, static_cast<std::uint32_t>(elementBytes), 0, count}, std::move(write)});
    }
    template <class T> void addList(SectionId id, const std::vector<T>& list) {
        add(id, sizeof(T), list.size(),
            [&list](SectionStream& out) { out.put(std::as_bytes(std::span(list))); });
    }
    //! \brief One value for each reachable node.
    template <class Value> void addPerNode(SectionId id, Value value) {
        add(id, sizeof(value(0U)), nodes_.count(), [this, value](SectionStream& out) {
            nodes_.forEach([&](std::uint32_t node) {
                out.put(value(node));
                return !out.failed();
            });
        });
    }
    template <class Value> void addPerRoot(SectionId id, Value value) {
        add(id, sizeof(value(GraphRoot{})), graph_.roots.size(), [this, value](SectionStream& out) {
            for (const GraphRoot& root : graph_.roots) {
                out.put(value(root));
            }
        });
    }

    void addSections(std::string meta) {
        meta_ = std::move(meta);
        add(SectionId::Meta, 1, meta_.size(), [this](SectionStream& out) { out.put(bytesOf(meta_)); });
        add(SectionId::Strings, 1, strings_.bytes().size(),
            [this](SectionStream& out) { out.put(bytesOf(strings_.bytes())); });
        addList(SectionId::Types, types_);
        add(SectionId::MethodTables, 8, graph_.types.size(), [this](SectionStream& out) {
            for (const GraphType& type : graph_.types) {
                out.put(type.methodTable.value());
            }
        });
        addPerNode(SectionId::Address, [this](std::uint32_t node) { return graph_.addresses[node]; });
        addPerNode(SectionId::Type, [this](std::uint32_t node) { return graph_.type[node]; });
        addPerNode(SectionId::Size8, [this](std::uint32_t node) { return graph_.size8[node]; });
        addEdges();
        addPerRoot(SectionId::RootNode, [this](GraphRoot root) { return nodes_.numberOf(root.object); });
        addPerRoot(SectionId::RootKind, [](GraphRoot root) { return root.kind; });
        addPerRoot(SectionId::RootName, [this](GraphRoot root) { return rootNames_[root.name]; });
        if (dominators_ != nullptr) {
            addPerNode(SectionId::Idom, [this](std::uint32_t node) {
                const std::uint32_t idom = dominators_->idom[node];
                return idom == HeapGraph::kNoNode ? idom : nodes_.numberOf(idom);
            });
            addPerNode(SectionId::Retained,
                       [this](std::uint32_t node) { return dominators_->retained[node]; });
        }
        addList(SectionId::Unreachable, unreachable_);
        if (native_ != nullptr) {
            add(SectionId::Native, sizeof(Native), native_->holdings.size(), [this](SectionStream& out) {
                for (const NativeHolding& one : native_->holdings) {
                    out.put(Native{nodes_.numberOf(one.node), static_cast<std::uint8_t>(one.kind), one.depth,
                                   0, one.bytes});
                }
            });
        }
    }

    void addEdges() {
        add(SectionId::FirstEdge, 4, nodes_.count() + std::uint64_t{1}, [this](SectionStream& out) {
            std::uint32_t first = 0;
            out.put(first);
            nodes_.forEach([&](std::uint32_t node) {
                first += static_cast<std::uint32_t>(graph_.referencesOf(node).size());
                out.put(first);
                return !out.failed();
            });
        });
        add(SectionId::Edges, 4, edges_, [this](SectionStream& out) {
            nodes_.forEach([&](std::uint32_t node) {
                for (const std::uint32_t target : graph_.referencesOf(node)) {
                    out.put(nodes_.numberOf(target));
                }
                return !out.failed();
            });
        });
    }

    void writeTable(SectionStream& out) {
        std::uint64_t offset = sizeof(Header) + parts_.size() * sizeof(Section);
        for (Part& part : parts_) {
            offset = (offset + kAlignment - 1) / kAlignment * kAlignment;
            part.section.offset = offset;
            offset += part.section.count * part.section.elementBytes;
        }
        out.put(Header{kMagic, kVersion, static_cast<std::uint32_t>(parts_.size()), offset, 0});
        for (const Part& part : parts_) {
            out.put(part.section);
        }
    }

    const HeapGraph& graph_;
    const Dominators* dominators_;
    const NativeOwners* native_;
    const std::atomic<bool>* cancelled_;
    ReachableNodes nodes_;
    HeapFileWritten written_;
    std::uint64_t edges_ = 0;
    Strings strings_;
    std::string meta_;
    std::vector<Type> types_;
    std::vector<Text> rootNames_;
    std::vector<Unreachable> unreachable_;
    std::vector<Part> parts_;
};

} // namespace

Result<HeapFileWritten> writeHeapFile(const HeapGraph& graph, const Dominators* dominators,
                                      const HeapFileMeta& meta, const std::string& path,
                                      const std::atomic<bool>* cancelled, const NativeOwners* native) {
    const std::string what = "Writing the heap file " + path;
    if (graph.type.size() >= HeapGraph::kNoNode || graph.edges.size() > UINT32_MAX) {
        return fail({ErrorCode::Unsupported, what,
                     "the heap has " + std::to_string(graph.type.size()) + " objects and " +
                         std::to_string(graph.edges.size()) +
                         " references, and the file numbers both with 32 bits",
                     "Take a dump of kind heap instead", 0});
    }
    if (graph.addresses.size() != graph.size() ||
        graph.reachableBits.size() < (std::size_t{graph.size()} + 63) / 64) {
        return fail({ErrorCode::InvalidArgument, what,
                     "the graph has no addresses or does not say what is reachable", "", 0});
    }
    return Writer(graph, dominators, native, cancelled).run(meta, path);
}

} // namespace firstchance
