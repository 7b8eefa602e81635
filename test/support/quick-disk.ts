// Where the files of databases that nobody keeps are made.
import { readFileSync, statfsSync } from "node:fs";

/** Bytes. The databases of a test run take some hundred megabytes at a time, and their log as much. */
const ROOM = 2 * 1024 ** 3;

/**
 * The memory of Linux where there is room, else /tmp: a copy of a database is a thousand files, which took 20 ms of CPU in memory and 200 to 1,400 ms on
 * a disk that others used, too. Not where nothing may be executed: an embedded database may keep its programs beside its data.
 */
export function quickDisk(): string {
  try {
    const { bavail, bsize } = statfsSync("/dev/shm");
    const isExecutable = !/ \/dev\/shm \S+ \S*noexec/.test(readFileSync("/proc/mounts", "utf8"));
    return isExecutable && bavail * bsize >= ROOM ? "/dev/shm" : "/tmp";
  } catch {
    return "/tmp";
  }
}
