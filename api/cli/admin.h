// The platform's ADMIN: made from outside only, by who runs the node.
#pragma once
#include <string>

namespace nova::cli {

class Node;

// Gives the person of that address the role ADMIN in their first tenant; nothing if they have it. Throws Refused if there is
// nobody of that address, or the log did not take it.
void grant_admin(Node&, const std::string& email);

}  // namespace nova::cli
