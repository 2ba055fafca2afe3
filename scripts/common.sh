# What all scripts share: where the project is, how they speak, how many jobs fit this machine. Sourced, not run.
# shellcheck shell=bash disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

# Prints the comment block that opens the calling script, which is its manual.
show_help() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$0"; }

seconds_since() { echo $(($(date +%s) - $1)); }

# A compilation of the HTTP files takes up to 1 GB, so memory bounds the jobs as well as the processors.
jobs_that_fit() {
    local by_memory by_processor
    by_processor=$(nproc)
    by_memory=$(awk '/MemAvailable/ {n = int($2 / 1300000); print (n < 1 ? 1 : n)}' /proc/meminfo)
    echo $((by_memory < by_processor ? by_memory : by_processor))
}
