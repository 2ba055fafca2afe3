// Reads the log from an offset to its end and decodes it ahead, on a thread of its own, for who has to catch up.
#pragma once
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "eventstore/log.h"
#include "projections/runner.h"
#include "schemas/envelope.h"

namespace nova::projections {

struct DecodedCommit {
    std::shared_ptr<const eventstore::Commit> commit;
    DecodedBatch events;
};

DecodedBatch decode(const eventstore::Commit&, const schemas::Catalogue&, schemas::Opener&);

class DecodedLog {
public:
    // Commits that begin below `up_to`, from the block that holds `from`.
    DecodedLog(eventstore::Log&, std::uint32_t partition, std::uint64_t from, std::uint64_t up_to,
               const schemas::Catalogue&, schemas::Opener&);
    ~DecodedLog();
    // Empty: the end. Throws what reading or decoding threw.
    std::vector<DecodedCommit> next();

private:
    void run(eventstore::Log&, std::uint32_t partition, std::uint64_t from, std::uint64_t up_to,
             const schemas::Catalogue&, schemas::Opener&);
    bool hand_over(std::vector<DecodedCommit>&&);   // false: nobody wants more

    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::vector<DecodedCommit>> ready_;
    bool finished_ = false, unwanted_ = false;
    std::exception_ptr failure_;
    std::thread thread_;
};

}  // namespace nova::projections
