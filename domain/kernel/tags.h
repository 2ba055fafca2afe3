// HTML tags in a text that is meant to have none: a tag is what a browser would take for one.
#pragma once
#include <string>
#include <string_view>

namespace nova {

// The text without its tags: text between tags stays, <script> and <style> go with their content, comments go, and
// a '<' that opens no tag ("a < b", "<3") stays. What is left holds no tag either, however the tags were nested.
// Takes time in proportion to the length of the text.
std::string without_tags(std::string_view);

}  // namespace nova
