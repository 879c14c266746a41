// Loaded into a program with --import: writes the most memory it ever held (kB) and its processor time (ms) into the file PEAK_MEMORY names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(process.env.PEAK_MEMORY, JSON.stringify({ kB: maxRSS, ms: (userCPUTime + systemCPUTime) / 1000 }));
});
