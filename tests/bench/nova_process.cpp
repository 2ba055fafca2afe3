#include "tests/bench/nova_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "tests/bench/http.h"

namespace nova::bench {
namespace {
using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }
}  // namespace

NovaProcess::NovaProcess(std::filesystem::path program, std::filesystem::path folder)
    : program_(std::move(program)), folder_(std::move(folder)) {}

NovaProcess::~NovaProcess() {
    try {
        stop();
    } catch (...) {
        // A benchmark that already fails shall say its own reason.
    }
}

pid_t NovaProcess::spawn(const std::vector<std::string>& arguments, int output) const {
    std::vector<std::string> environment{"DATABASE_PATH=" + folder_.string(),
                                         "PORT=" + std::to_string(port_),
                                         "HOST=127.0.0.1",
                                         "JWT_EXPIRES_IN=1h",
                                         "JWT_SECRET=a secret for measuring only, of more than 32 bytes",
                                         "LOG_LEVEL=warn",
                                         "BILLING=off",
                                         "PATH=/usr/bin:/bin"};
    std::vector<char*> argv, env;
    std::string name = program_.string();
    std::vector<std::string> kept = arguments;
    argv.push_back(name.data());
    for (auto& a : kept) argv.push_back(a.data());
    for (auto& e : environment) env.push_back(e.data());
    argv.push_back(nullptr), env.push_back(nullptr);
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process could be started");
    if (child == 0) {
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        execve(name.c_str(), argv.data(), env.data());
        _exit(127);
    }
    return child;
}

double NovaProcess::start(double bound_s) {
    port_ = free_port();
    std::filesystem::create_directories(folder_);
    const std::filesystem::path log = folder_.string() + ".log";
    const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const auto began = Clock::now();
    pid_ = spawn({"serve", "--rate-limit", "off"}, output);
    close(output);
    while (seconds_since(began) < bound_s) {
        int status = 0;
        if (waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error("nova serve ended instead of starting: see " + log.string());
        }
        try {
            if (exchange(port_, "GET", "/health/ready").status == 200) return seconds_since(began);
        } catch (const std::runtime_error&) {
            // Not listening yet.
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    throw std::runtime_error("nova serve was not ready in time: see " + log.string());
}

void NovaProcess::stop() {
    if (pid_ < 0) return;
    kill(pid_, SIGTERM);
    for (int i = 0; i < 3000; ++i) {
        if (waitpid(pid_, nullptr, WNOHANG) == pid_) {
            pid_ = -1;
            return;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
    throw std::runtime_error("nova serve did not stop within 30 s of SIGTERM");
}

double NovaProcess::resident_mb() const {
    std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
    return 0;
}

double NovaProcess::run(const std::vector<std::string>& arguments, std::string* last_line) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    const auto began = Clock::now();
    const pid_t child = spawn(arguments, ends[1]);
    close(ends[1]);
    std::string tail;
    std::vector<char> buffer(1 << 20);
    for (ssize_t got; (got = read(ends[0], buffer.data(), buffer.size())) > 0;) {
        tail.append(buffer.data(), static_cast<std::size_t>(got));
        if (tail.size() > 64 * 1024) tail.erase(0, tail.size() - 16 * 1024);
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    const double took = seconds_since(began);
    while (tail.ends_with('\n')) tail.pop_back();
    if (last_line) *last_line = tail.substr(tail.rfind('\n') + 1);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? took : -1;
}

}  // namespace nova::bench
