import firstchance from '@firstchance/vitest/plugin';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [firstchance()],
});
