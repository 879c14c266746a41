// Loaded into the action with --import: writes the most memory it ever held (ru_maxrss, kB) into the file PEAK_MEMORY names.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.PEAK_MEMORY, String(process.resourceUsage().maxRSS)));
