// A node: everything that serves, wired together. The one place where the layers meet.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/cli/settings.h"
#include "api/identity/identity_services.h"
#include "commands/writer.h"
#include "eventstore/sqlite/sqlite_log.h"

namespace nova::cli {

class Node {
public:
    // Opens the log and the views in config.folder; makes what is missing. Long work shows progress on the terminal.
    explicit Node(const Config&);
    ~Node();
    void start();   // views caught up; from here on commands are taken
    void stop();    // takes no more commands, applies what is queued, closes the log clean

    eventstore::SqliteLog& log();
    projections::Runner& runner();
    projections::ViewStore& views();
    commands::Bus& bus();
    const api::Services& services();
    const api::IdentityServices& identity();
    // Every collection of the read side; a new aggregate's adds a line in node.cpp.
    const std::vector<const projections::CollectionInfo*>& collections();
    api::Guard guard();
    // How work gets onto the I/O thread, once there is one; before that it runs where it is.
    void use_loop(std::function<void(std::function<void()>)> post);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

// The routes of the product; a new aggregate's adds a line in routes.cpp.
void add_routes(api::Router&, Node&, const Config&, std::function<bool()> stopping);

std::string openapi_of_this_build();

Instant now();  // the machine's clock

}  // namespace nova::cli
