// The program `nova`: its commands and their options. What they do stands in the files beside this one.
#include <CLI/CLI.hpp>
#include <sys/stat.h>

#include <cstdio>
#include <functional>

#include "api/cli/commands.h"
#include "commands/policy.h"
#include "eventstore/log.h"

namespace {

using namespace nova::cli;

// `--name value` for every setting of the environment but the secrets.
void add_settings(CLI::App& app, Overrides& overrides) {
    for (const Setting& setting : settings()) {
        if (setting.secret) continue;   // everybody can read a command line
        const std::string name(setting.name);
        app.add_option_function<std::string>(
               "--" + option_of(setting.name),
               [&overrides, name](const std::string& value) { overrides[name] = value; },
               std::string(setting.meaning) +
                   (setting.fallback.empty() ? "" : " (" + std::string(setting.fallback) + ")"))
            ->group("Settings (or the environment variable of that name)");
    }
}

struct Options {
    ServeOptions serve;
    ReplayOptions replay;
    Overrides settings;
    std::string collection, email, log_folder = "./data", schema_folder = "schemas/json";
    bool verify_rebuild = false, write = false, openapi = false;
};

void add_serve(CLI::App& app, Options& options, std::function<int()>& run) {
    CLI::App* c = app.add_subcommand("serve", "Serves the API on the embedded log and read models");
    add_settings(*c, options.serve.settings);
    c->add_flag("--demo", options.serve.demo, "load the demonstration data first, if the log is empty");
    c->add_option_function<std::string>(
         "--rate-limit", [&](const std::string& v) { options.serve.limits_off = v == "off"; },
         "off: no limits, for load tests")
        ->check(CLI::IsMember({"on", "off"}));
    c->add_flag("--i-know", options.serve.i_know, "allow --rate-limit off in production");
    c->footer("Example: nova serve --port 4000 --database-path ./data\n"
              "Stops on Ctrl-C or SIGTERM: requests in work are answered, the log is closed clean.");
    c->callback([&] { run = [&] { return serve(options.serve); }; });
}

void add_replay(CLI::App& app, Options& options, std::function<int()>& run) {
    CLI::App* c =
        app.add_subcommand("replay", "Prints the events of a log, a CloudEvent a line; works beside a running server");
    ReplayOptions& r = options.replay;
    c->add_option("--log", r.folder, "folder of the log")->default_val("./data");
    c->add_option("--types", r.types, "only these event types, comma-separated; Customer* matches a prefix")
        ->delimiter(',');
    c->add_option("--tenant", r.tenant, "only events of this tenant (a UUID, or `directory`)");
    c->add_option("--from", r.from, "first position (the number behind the colon)");
    c->add_option("--to", r.to, "last position");
    c->add_flag("--follow", r.follow, "wait for further events at the end, until Ctrl-C");
    c->add_flag("--measure", r.measure, "decode on all cores and print events per second instead");
    c->footer("Personal members stay sealed. Example: nova replay --types CustomerCreated | jq .data.budgetMax");
    c->callback([&] { run = [&] { return replay(options.replay); }; });
}

void add_audit(CLI::App& app, Options& options, std::function<int()>& run) {
    CLI::App* audit = app.add_subcommand("audit", "Proves that a log is as it was written");
    audit->require_subcommand(1);
    CLI::App* c = audit->add_subcommand("verify", "Checks the whole chain of hashes; works beside a running server");
    c->add_option("--log", options.log_folder, "folder of the log")->default_val("./data");
    c->footer("Exit code 0: as written. 1: damaged, with the first bad position named.");
    c->callback([&] { run = [&] { return audit_verify(options.log_folder); }; });
}

void add_rebuild(CLI::App& app, Options& options, std::function<int()>& run) {
    CLI::App* c = app.add_subcommand("rebuild",
                                     "Builds read models anew from the log, beside the old ones, and switches to them");
    add_settings(*c, options.settings);
    c->add_option("collection", options.collection, "only this one, such as customers; all if left out");
    c->add_flag("--verify", options.verify_rebuild, "exit code 1 if the new rows are not the old rows");
    c->footer("Needs the log for itself: stop the server first.");
    c->callback([&] { run = [&] { return rebuild(options.settings, options.collection, options.verify_rebuild); }; });
}

void add_others(CLI::App& app, Options& options, std::function<int()>& run) {
    CLI::App* demo_command = app.add_subcommand("demo", "Loads a demonstration brokerage in Riyadh into an empty log");
    add_settings(*demo_command, options.settings);
    demo_command->footer("Sign in as test@nova.com with the password Test1234!");
    demo_command->callback([&] { run = [&] { return demo(options.settings); }; });

    CLI::App* admin = app.add_subcommand("admin", "Makes the platform's administrator");
    admin->require_subcommand(1);
    CLI::App* grant =
        admin->add_subcommand("grant", "Gives a registered person the role ADMIN (with the server stopped)");
    add_settings(*grant, options.settings);
    grant->add_option("email", options.email, "their e-mail address")->required();
    grant->callback([&] { run = [&] { return admin_grant(options.settings, options.email); }; });

    app.add_subcommand("policy", "Prints who may do what")->callback([&] {
        run = [] { return std::fputs(nova::commands::policy_table().c_str(), stdout) < 0 ? 1 : 0; };
    });

    CLI::App* s = app.add_subcommand("schema", "Prints the JSON Schemas of all events, or the OpenAPI description");
    s->add_flag("--write", options.write, "write the committed files under schemas/json instead");
    s->add_option("--folder", options.schema_folder, "where --write puts them")->default_val("schemas/json");
    s->add_flag("--openapi", options.openapi, "print the OpenAPI description of the HTTP API");
    s->callback([&] { run = [&] { return schema(options.write, options.schema_folder, options.openapi); }; });

    CLI::App* k = app.add_subcommand("check", "Tries every setting, the log and the read models without serving");
    add_settings(*k, options.settings);
    k->callback([&] { run = [&] { return check(options.settings); }; });

    CLI::App* g = app.add_subcommand("config", "Prints the effective configuration, without secrets");
    add_settings(*g, options.settings);
    g->callback([&] { run = [&] { return std::fputs(print_config(options.settings).c_str(), stdout) < 0 ? 1 : 0; }; });
}

}  // namespace

int main(int argc, char** argv) {
    umask(077);  // what nova writes holds people's data: for its own user's eyes only
    CLI::App app{
        "Nova keeps every change of a brokerage's customers as an immutable event and serves what follows from them."};
    app.require_subcommand(1);
    app.footer("nova COMMAND --help says more of each.");
    Options options;
    std::function<int()> run;
    add_serve(app, options, run);
    add_replay(app, options, run);
    add_audit(app, options, run);
    add_rebuild(app, options, run);
    add_others(app, options, run);
    CLI11_PARSE(app, argc, argv);
    try {
        return run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "nova: %s\n", e.what());
        return 1;
    }
}
