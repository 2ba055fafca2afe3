// `nova serve`: the node behind the HTTP server, from the first check of the settings to the last closed file.
#include <cstdio>

#include "api/cli/admin.h"
#include "api/cli/commands.h"
#include "api/cli/demo.h"
#include "api/cli/node.h"
#include "api/http/log.h"
#include "api/http/server.h"

namespace nova::cli {
namespace {

api::ServerOptions server_options(const Config& config, bool limits_off) {
    api::ServerOptions options;
    options.host = config.host;
    options.port = config.port;
    options.production = config.production;
    options.require_https = config.require_https;
    options.origins = config.origins;
    options.trusted_proxies = config.trusted_proxies;
    options.general_limit = limits_off ? "off" : config.general_limit;
    options.registration_limit = limits_off ? "off" : config.registration_limit;
    return options;
}

void say_ready(std::uint16_t port, bool demo) {
    std::fprintf(stderr, "Nova is ready on http://localhost:%u (API description: /api/docs).\n", port);
    if (!demo) return;
    std::fprintf(stderr,
                 "Try:\n  curl -s http://localhost:%u/api/auth/login -H 'Content-Type: application/json' -d "
                 "'{\"email\":\"%s\",\"password\":\"%s\"}'\n",
                 port, demo_email, demo_password);
}

// Who is to be ADMIN may not have registered yet: then the next start does it.
void make_admin(Node& node, const std::string& email) {
    try {
        grant_admin(node, email);
    } catch (const Refused& why) {
        api::log(api::Level::warn, "NOVA_ADMIN_EMAIL has no effect yet", {{"error", why.what()}});
    }
}

}  // namespace

int serve(const ServeOptions& options) {
    const Config config = load_config(options.settings);
    if (options.limits_off && config.production && !options.i_know)
        throw Refused(
            "--rate-limit off in production needs --i-know: without limits anybody can try passwords and flood the "
            "node.");
    api::set_log_level(api::parse_level(config.log_level).value_or(api::Level::info));
    for (const std::string& warning : config.warnings) api::log(api::Level::warn, warning);
    Node node(config);
    node.start();
    if (options.demo && node.log().tail(0).next == 0) load_demo(node);
    if (!config.admin_email.empty()) make_admin(node, config.admin_email);

    api::Router router;
    std::function<bool()> stopping = [] { return false; };
    add_routes(router, node, config, [&stopping] { return stopping(); });
    api::Server server(server_options(config, options.limits_off), router, node.guard());
    stopping = [&server] { return server.stopping(); };
    node.use_loop([&server](std::function<void()> work) { server.post(std::move(work)); });
    server.stop_on_signals();
    say_ready(server.port(), options.demo);
    api::log(api::Level::info, "serving",
             {{"port", static_cast<std::int64_t>(server.port())},
              {"events", static_cast<std::int64_t>(node.log().tail(0).next)}});
    server.run();
    node.stop();
    api::log(api::Level::info, "stopped");
    api::flush_log();
    return 0;
}

int check(const Overrides& overrides) {
    const Config config = load_config(overrides);
    for (const std::string& warning : config.warnings) std::printf("warning: %s\n", warning.c_str());
    Node node(config);
    node.start();
    std::printf("ok: settings, log (%llu events) and read models in %s\n",
                static_cast<unsigned long long>(node.log().tail(0).next), config.folder.c_str());
    return 0;
}

}  // namespace nova::cli
