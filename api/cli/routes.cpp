// Every route of the product, in one list.
#include <filesystem>

#include "api/cli/node.h"
#include "api/customers/customers.h"
#include "api/health.h"
#include "api/http/documentation.h"

namespace nova::cli {

void add_routes(api::Router& router, Node& node, const Config& config, std::function<bool()> stopping) {
    add_health_routes(router, {node.services(), node.log(), std::move(stopping), config.metrics_token, now()});
    add_identity_routes(router, node.identity());
    add_customer_routes(router, node.services());
    add_documentation_routes(router);
}

std::string openapi_of_this_build() {
    // The table names handlers, and handlers a node: one in a folder of its own serves for the description.
    std::string folder = (std::filesystem::temp_directory_path() / "nova-schema-XXXXXX").string();
    if (!mkdtemp(folder.data())) throw Refused("No temporary folder can be made; check TMPDIR.");
    std::string description;
    {
        const Config config = load_config({{"DATABASE_PATH", folder}});
        Node node(config);
        api::Router router;
        add_routes(router, node, config, [] { return false; });
        description = api::openapi(router);
    }
    std::filesystem::remove_all(folder);
    return description;
}

}  // namespace nova::cli
