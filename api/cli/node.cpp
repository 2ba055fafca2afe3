#include "api/cli/node.h"

#include <chrono>
#include <mutex>

#include "api/cli/progress.h"
#include "api/http/log.h"
#include "api/http/metrics.h"
#include "commands/batch.h"
#include "commands/claims.h"
#include "commands/uuid_v7.h"
#include "projections/customers/customers.h"

namespace nova::cli {
namespace {

constexpr std::size_t query_threads = 2, queries_waiting_max = 512;

// Ids for tokens, which several threads make.
class SharedIds final : public IdSource {
public:
    Uuid next() override {
        std::lock_guard lock(mutex_);
        return ids_.next();
    }

private:
    std::mutex mutex_;
    commands::UuidV7 ids_{now};
};

eventstore::MasterKey master_key_of(const Config& config) {
    std::filesystem::create_directories(config.folder);
    const std::string text =
        config.master_key.empty() ? kept_secret(config.folder, "master.key", 32) : config.master_key;
    const auto key = eventstore::parse_master_key(text);
    if (!key)
        throw Refused("The file " + (config.folder / "master.key").string() +
                      " holds no master key; restore it from your backup.");
    return *key;
}

api::TokenOptions token_options(const Config& config) {
    api::TokenOptions options;
    options.secret = config.jwt_secret.empty() ? kept_secret(config.folder, "jwt.secret", 48) : config.jwt_secret;
    options.previous_secret = config.jwt_secret_previous;
    options.token_life = config.token_life;
    options.refresh_life = config.refresh_life;
    return options;
}

api::AttemptLimit attempt_limit(const Config& config) {
    api::AttemptLimit limit;
    const std::size_t slash = config.auth_limit.find('/');
    if (slash == std::string::npos) return limit;   // `off` speaks of requests; guessing passwords stays limited
    limit.failures = std::stoul(config.auth_limit.substr(0, slash));
    limit.window_ms = parse_duration(config.auth_limit.substr(slash + 1))->count() * second_ms;
    return limit;
}

const char* outcome_name(commands::Completion how) {
    constexpr const char* names[] = {"accepted", "refused", "repeated", "unavailable", "unknown", "failed"};
    return names[static_cast<std::size_t>(how)];
}

}  // namespace

Instant now() {
    return {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

struct Node::Impl {
    explicit Impl(const Config& config)
        : master_key(master_key_of(config)),
          log(open_log(config)),
          ring(master_key, *log),
          opener(ring),
          identity_collections(directory),
          views(projections::open_sqlite_views({(config.folder / "views.db").string(), collections()})),
          runner(*log, *views, schemas::catalogue(), opener, runner_options()),
          tokens(token_options(config)),
          passwords(*log, opener),
          attempts(attempt_limit(config)),
          pool(query_threads, queries_waiting_max),
          writer(*log, log->index(), ring, command_ids, directory, writer_options()),
          services(make_services()),
          identity{services, directory, identity_collections, tokens, passwords, attempts, token_ids} {
        add_metrics();
    }

    const eventstore::MasterKey master_key;
    std::unique_ptr<eventstore::SqliteLog> log;
    eventstore::KeyRing ring;
    commands::RingSealer opener;
    projections::Directory directory;
    projections::IdentityCollections identity_collections;
    std::vector<const projections::CollectionInfo*> all_collections;
    std::unique_ptr<projections::ViewStore> views;
    std::unique_ptr<Progress> catching_up = std::make_unique<Progress>("Catching up");
    projections::Runner runner;
    api::Tokens tokens;
    api::PasswordPool passwords;
    api::SignInAttempts attempts;
    api::WorkerPool pool;
    api::OwnWrites own_writes;
    SharedIds token_ids;
    commands::UuidV7 command_ids{now};
    commands::ItemFold customer_fold = item_fold_of(projections::customers());
    commands::Writer writer;
    api::Services services;
    api::IdentityServices identity;
    std::function<void(std::function<void()>)> post = [](std::function<void()> work) { work(); };
    bool started = false, stopped = false;

    std::unique_ptr<eventstore::SqliteLog> open_log(const Config& config) {
        Progress indexing("Indexing the log");
        return eventstore::SqliteLog::open(
            {.folder = config.folder,
             .claims_of = commands::claims_reader(master_key),
             .repeat_of = commands::repeat_reader(),
             .progress = [&](std::uint64_t done, std::uint64_t total) { indexing.show(done, total); },
             .master_key = master_key});
    }

    const std::vector<const projections::CollectionInfo*>& collections() {
        if (all_collections.empty()) {
            all_collections = identity_collections.all();
            all_collections.push_back(&projections::customers());
        }
        return all_collections;
    }

    static commands::ItemFold item_fold_of(const projections::CollectionInfo& info) {
        return {info.view, info.revision, [&info] { return info.make(); },
                // Where the event lies is known only when its batch is durable; items do not show it.
                [&info](void* view, const schemas::DecodedEvent& event) {
                    return projections::fold(info, view, event, {});
                }};
    }

    projections::RunnerOptions runner_options() {
        projections::RunnerOptions options;
        options.collections = collections();
        options.caught_up = [this] { attempts.load(directory, now()); };
        options.progress = [this](std::uint64_t done, std::uint64_t total) { catching_up->show(done, total); };
        options.on_trouble = [](const std::string& why) {
            api::log(api::Level::error, "the read models cannot be written now; trying again", {{"error", why}});
        };
        options.on_failure = [](const std::string& why) {
            api::log(api::Level::error, "the projections have stopped", {{"error", why}});
        };
        return options;
    }

    commands::WriterOptions writer_options() {
        commands::WriterOptions options;
        options.clock = now;
        options.lag = [this] { return commands::Lag{runner.lag_events(), runner.us_per_row()}; };
        options.items = [this](std::string_view prefix) {
            return prefix == customers::Customer::prefix ? &customer_fold : nullptr;
        };
        options.committed = [this](std::shared_ptr<const eventstore::Commit> commit, commands::DecodedBatch batch) {
            // The directory is fed at once: the next request may carry the token of the session that has just begun.
            for (std::size_t i = 0; i < batch->size(); ++i)
                directory.see((*batch)[i], {commit->partition, commit->first + i});
            static api::Counter& events = api::metrics().counter("nova_events_total", "Events appended.");
            events.add(batch->size());
            runner.offer(std::move(commit), std::move(batch));
        };
        options.failed = [](const std::string& why) {
            api::log(api::Level::error, "a command's bug", {{"error", why}});
        };
        options.observed = [](const std::string& name, commands::Completion how, double seconds) {
            static api::Histogram& all =
                api::metrics().histogram("nova_command_seconds", "From submission to the answer.");
            all.observe(seconds);
            api::metrics()
                .counter("nova_commands_total", "Commands by name and outcome.",
                         {{"name", name}, {"outcome", outcome_name(how)}})
                .add();
        };
        return options;
    }

    api::Services make_services() {
        return {.bus = writer,
                .log = *log,
                .opener = opener,
                .views = *views,
                .runner = runner,
                .directory = directory,
                .pool = pool,
                .own_writes = own_writes,
                .clock = now,
                .post = [this](std::function<void()> work) { post(std::move(work)); },
                .name_of = [this](const TenantId& tenant,
                                  const UserId& user) { return api::name_in_tenant(directory, tenant, user); }};
    }

    void add_metrics() {
        api::metrics().gauge("nova_log_position", "Offset of the next event.", {{"partition", "0"}},
                             [this] { return static_cast<double>(log->tail(0).next); });
        api::metrics().gauge("nova_projection_lag_events", "Events that the views do not hold yet.", {},
                             [this] { return static_cast<double>(runner.lag_events()); });
        api::metrics().gauge("nova_projection_lag_seconds", "How old the oldest of them is.", {},
                             [this] { return runner.lag_seconds(); });
        api::metrics().gauge("nova_commands_waiting", "Commands in the writer's queue.", {},
                             [this] { return static_cast<double>(writer.waiting()); });
    }

    void stop() {
        if (std::exchange(stopped, true)) return;
        for (const char* name : {"nova_projection_lag_events", "nova_projection_lag_seconds", "nova_commands_waiting"})
            api::metrics().forget_gauge(name, {});
        api::metrics().forget_gauge("nova_log_position", {{"partition", "0"}});
        passwords.stop();
        writer.stop();
        runner.stop();
        pool.stop();
        log->close();
    }
};

Node::Node(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Node::~Node() { stop(); }

void Node::start() {
    impl_->directory.load(*impl_->views, impl_->identity_collections, now());
    impl_->runner.start();
    impl_->catching_up->finish();
    // The library behind foreign phone numbers reads its tables at the first one: not in somebody's request.
    parse_phone("+14155552671");
}

void Node::stop() { impl_->stop(); }

eventstore::SqliteLog& Node::log() { return *impl_->log; }
projections::Runner& Node::runner() { return impl_->runner; }
projections::ViewStore& Node::views() { return *impl_->views; }
commands::Bus& Node::bus() { return impl_->writer; }
const api::Services& Node::services() { return impl_->services; }
const api::IdentityServices& Node::identity() { return impl_->identity; }
const std::vector<const projections::CollectionInfo*>& Node::collections() { return impl_->collections(); }
api::Guard Node::guard() { return api::make_guard(impl_->identity); }
void Node::use_loop(std::function<void(std::function<void()>)> post) { impl_->post = std::move(post); }

}  // namespace nova::cli
