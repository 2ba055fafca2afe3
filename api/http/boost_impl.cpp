// The one source in which Asio and Beast themselves are compiled; every other file sees declarations only.
// Beast asserts on some byte sequences that a peer may send in pieces (a first chunk of size zero cut after four
// bytes), and goes on correctly without the assertion: a peer must not be able to abort the process.
#define BOOST_DISABLE_ASSERTS
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
