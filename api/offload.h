// Work that blocks, taken off the I/O thread: run on the pool, or refused when too much waits; whatever it throws becomes
// an answer in one way.
#pragma once
#include <exception>
#include <functional>

#include "api/http/problem.h"
#include "api/services.h"

namespace nova::api {

// 503 for a log or read model that cannot be used now, 500 for everything else; the cause goes to the log only.
Response answer_of(const Request&, std::exception_ptr);

void run_on(WorkerPool&, const RequestPtr&, const ReplyPtr&, std::function<void()> work);

}  // namespace nova::api
