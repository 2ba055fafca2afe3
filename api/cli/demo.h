// The demonstration brokerage: three people and some hundred customers in Riyadh, with their history.
#pragma once

namespace nova::cli {

class Node;

constexpr const char* demo_email = "test@nova.com";
constexpr const char* demo_password = "Test1234!";

// Into a started node with an empty log, by ordinary commands.
void load_demo(Node&);

}  // namespace nova::cli
