#include "api/cli/tell.h"

#include <future>

namespace nova::cli {

commands::Completed tell(Node& node, std::string name, const TenantId& boundary, const TenantId& tenant,
                         const Actor& actor, commands::Handler handle) {
    std::promise<commands::Completed> promise;
    commands::Command command;
    command.correlation_id = "nova-" + name;
    command.name = std::move(name);
    command.boundary = boundary;
    command.tenant = tenant;
    command.actor = actor;
    command.handle = std::move(handle);
    command.done = [&promise](commands::Completed completed) { promise.set_value(std::move(completed)); };
    if (!node.bus().submit(std::move(command))) throw Refused("The node takes no commands now; try again.");
    commands::Completed completed = promise.get_future().get();
    if (completed.how == commands::Completion::accepted) return completed;
    throw Refused(completed.refusal ? completed.refusal->message : completed.why);
}

}  // namespace nova::cli
