// Knows whether views.db can be trusted: it is written without fsync, so a kill loses nothing, but a power cut may leave
// anything. While the file is in use a note beside it names the boot of the machine; a clean close removes the note.
#pragma once
#include <string>

namespace nova::projections::sqlite {

// True: nobody closed the file since another boot, so it must be thrown away.
bool survived_power_cut(const std::string& file);
// On disk before this returns. Throws std::runtime_error.
void note_in_use(const std::string& file);
// After the file itself was synced.
void note_closed(const std::string& file);
void sync_file(const std::string& path);
// views.db, its WAL and shared memory: renamed with `.damaged` behind, in place of an earlier one, or removed.
void move_aside(const std::string& file);
void remove_database(const std::string& file);

}  // namespace nova::projections::sqlite
