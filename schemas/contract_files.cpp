#include "schemas/contract_files.h"

#include "schemas/json.h"
#include "schemas/json_schema.h"

namespace nova::schemas {
namespace {

struct Entry {
    std::string schema, sample;  // as they stand in a file
};
using Versions = std::map<int, Entry>;
using Types = std::map<std::string, Versions, std::less<>>;

std::string file_name(const EventType& type) {
    constexpr std::size_t start = std::string_view("nova.").size();
    return type.context + "." + type.name.substr(start, type.name.rfind('.') - start) + ".json";
}

int number_of(std::string_view version) { return std::stoi(std::string(version)); }

Entry read_entry(std::string_view raw) {
    Entry entry;
    for_each_member(raw, [&](std::string_view name, std::string_view value) {
        if (name == "schema") entry.schema = value;
        if (name == "sample") entry.sample = value;
    });
    return entry;
}

Types read_file(std::string_view content) {
    Types types;
    for_each_member(content, [&](std::string_view type, std::string_view versions) {
        for_each_member(versions, [&](std::string_view version, std::string_view entry) {
            types[std::string(type)].emplace(number_of(version), read_entry(entry));
        });
    });
    return types;
}

std::string indented(std::string_view text, int columns) {
    std::string out;
    for (const char c : text) {
        out += c;
        if (c == '\n') out.append(columns, ' ');
    }
    return out;
}

// Takes off what `indented` put on, so that a schema carried over from a file is written as it was.
std::string outdented(std::string_view text, int columns) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        out += text[at];
        if (text[at] == '\n' && text.substr(at + 1, columns) == std::string(columns, ' ')) at += columns;
    }
    return out;
}

constexpr int schema_column = 6;

std::string write_file(const Types& types) {
    std::string out = "{";
    for (const auto& [type, versions] : types) {
        out.append(out.size() == 1 ? "\n  \"" : ",\n  \"").append(type).append("\": {");
        for (const auto& [version, entry] : versions) {
            out.append(out.back() == '{' ? "\n    \"" : ",\n    \"").append(std::to_string(version)).append("\": {\n");
            out.append("      \"schema\": ").append(indented(entry.schema, schema_column));
            out.append(",\n      \"sample\": ").append(entry.sample).append("\n    }");
        }
        out += "\n  }";
    }
    return out += "\n}\n";
}

Types read_all(const Files& committed) {
    Types all;
    for (const auto& [name, content] : committed) all.merge(read_file(content));
    return all;
}

}  // namespace

Files contract_files(const Catalogue& catalogue, const Files& committed) {
    std::map<std::string, Types> by_file;
    for (const EventType* type : catalogue.all())
        by_file[file_name(*type)][type->name][type->version] = {event_schema(*type), golden_sample(*type)};
    for (const auto& [name, content] : committed) {
        for (const auto& [type, versions] : read_file(content))
            for (const auto& [version, entry] : versions)
                by_file[name][type].emplace(version, Entry{outdented(entry.schema, schema_column), entry.sample});
    }
    Files files;
    for (const auto& [name, types] : by_file) files.emplace(name, write_file(types));
    return files;
}

std::vector<std::string> broken_promises(const Catalogue& catalogue, const Files& committed) {
    std::vector<std::string> broken;
    for (const auto& [name, versions] : read_all(committed)) {
        const EventType* const type = catalogue.find(name);
        if (!type) {
            broken.push_back(name + ": the type is gone, but its events are stored for ever");
            continue;
        }
        const int latest = versions.rbegin()->first;
        if (type->version < latest)
            broken.push_back(name + ": version " + std::to_string(latest) + " was released already");
        const auto at = versions.find(type->version);
        if (at == versions.end()) continue;
        for (const std::string& change : breaking_changes(at->second.schema, event_schema(*type)))
            broken.push_back(name + ", version " + std::to_string(type->version) + ": " + change);
    }
    return broken;
}

std::vector<Sample> golden_samples(const Files& committed) {
    std::vector<Sample> samples;
    for (const auto& [type, versions] : read_all(committed))
        for (const auto& [version, entry] : versions) samples.push_back({type, std::to_string(version), entry.sample});
    return samples;
}

}  // namespace nova::schemas
