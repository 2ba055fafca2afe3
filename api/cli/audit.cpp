// `nova audit verify` and `nova schema`: what others check the log and the contract by.
#include <cstdio>

#include "api/cli/commands.h"
#include "api/cli/node.h"
#include "api/cli/progress.h"
#include "eventstore/sqlite/sqlite_log.h"
#include "schemas/contract_directory.h"
#include "schemas/json_schema.h"

namespace nova::cli {

int audit_verify(const std::string& folder) {
    eventstore::Verified verified;
    {
        Progress progress("Verifying");
        verified = eventstore::verify_log(folder,
                                          [&](std::uint64_t done, std::uint64_t total) { progress.show(done, total); });
    }
    if (!verified.ok) {
        std::printf("damaged: %s\n", verified.problem.c_str());
        return 1;
    }
    std::printf("ok: %llu events, last hash %s\n", static_cast<unsigned long long>(verified.events),
                eventstore::to_hex(verified.last).c_str());
    return 0;
}

int schema(bool write, const std::string& folder, bool openapi) {
    if (openapi) {
        std::puts(openapi_of_this_build().c_str());
        return 0;
    }
    if (write) {
        const schemas::Files committed = schemas::read_contracts(folder);
        std::string broken;
        for (const std::string& promise : schemas::broken_promises(schemas::catalogue(), committed))
            broken += "\n  " + promise;
        if (!broken.empty())
            throw Refused(
                "The committed contract would be broken for its readers; make a new version of the event instead:" +
                broken);
        const schemas::Files files = schemas::contract_files(schemas::catalogue(), committed);
        for (const std::string& name : schemas::write_contracts(folder, files))
            std::printf("wrote %s/%s\n", folder.c_str(), name.c_str());
        return 0;
    }
    for (const auto& [name, content] : schemas::contract_files(schemas::catalogue(), {}))
        std::fputs(content.c_str(), stdout);
    return 0;
}

}  // namespace nova::cli
