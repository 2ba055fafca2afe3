#include "api/offload.h"

#include "api/http/log.h"
#include "eventstore/log.h"

namespace nova::api {
namespace {

Response not_usable(const Request& request, const char* cause) {
    log(Level::error, "log or read models cannot be used",
        {{"correlationId", request.correlation_id}, {"error", cause}});
    return unavailable(request, "This cannot be read at the moment.");
}

}  // namespace

Response answer_of(const Request& request, std::exception_ptr thrown) {
    try {
        std::rethrow_exception(thrown);
    } catch (const eventstore::Unavailable& e) {
        return not_usable(request, e.what());
    } catch (const eventstore::Damaged& e) {
        return not_usable(request, e.what());
    } catch (const projections::NotNow& e) {
        return not_usable(request, e.what());
    } catch (const std::exception& e) {
        return failure(request, e.what());
    }
}

void run_on(WorkerPool& pool, const RequestPtr& request, const ReplyPtr& reply, std::function<void()> work) {
    const bool queued = pool.submit([request, reply, work = std::move(work)] {
        try {
            work();
        } catch (...) {
            reply->send(answer_of(*request, std::current_exception()));
        }
    });
    if (!queued) reply->send(unavailable(*request, "Too much is being read at once."));
}

}  // namespace nova::api
