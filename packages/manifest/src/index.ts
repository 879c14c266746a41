export { MANIFEST_FILE, ManifestWriter } from './append/manifest-writer.ts';
export { type ProcessStat, processStat } from './folder/process-stat.ts';
export { removeSessions, retainSessions } from './folder/retention.ts';
export { makeSessionFolder, SESSIONS_FOLDER, type SessionFolder } from './folder/session-folder.ts';
export { runningSessions } from './folder/session-lock.ts';
export { type MergeResult, mergeSessions } from './merge/merge-sessions.ts';
export { loadManifest, Manifest } from './read/load-manifest.ts';
export { type ManifestLine, readManifest } from './read/read-manifest.ts';
export { readSession, type SessionReading } from './read/read-session.ts';
