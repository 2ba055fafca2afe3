// How the writer keeps the item that answers show beside the state it decides on. The read side knows how events become
// items; `api` wires its folds in here, so that this layer need not know it.
#pragma once
#include <functional>
#include <memory>

#include "schemas/envelope.h"

namespace nova::commands {

struct ItemFold {
    const schemas::TypeInfo* type = nullptr;
    int revision = 1;   // raised when the fold changes: snapshots of the old one are not used
    std::function<std::shared_ptr<void>()> make;
    std::function<bool(void* item, const schemas::DecodedEvent&)> apply;  // false: the item is gone
};

}  // namespace nova::commands
