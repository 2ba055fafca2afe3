// The past of one item: as it was at a time, and what happened to it, read from its stream.
#pragma once
#include <string>
#include <vector>

#include "api/resource.h"

namespace nova::api {

// Answers `GET …/{id}?asOf=` with the item as it was then, to whom may read it now.
void answer_as_of(const Services&, const projections::CollectionInfo&, commands::Right, std::string stream,
                  const RequestPtr&, const ReplyPtr&);

// Does the stream's item belong to the tenant? Blocks on the log.
bool belongs_to(const Services&, const projections::CollectionInfo&, const std::string& stream, const TenantId&);

std::vector<Parameter> history_parameters();
std::string history_schema();

}  // namespace nova::api
