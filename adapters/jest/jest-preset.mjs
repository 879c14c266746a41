import { fileURLToPath } from 'node:url';

const file = (name) => fileURLToPath(new URL(`./dist/${name}.js`, import.meta.url));

/** The one line in Jest's configuration: `preset: '@firstchance/jest'`. */
export default {
  reporters: ['default', file('reporter')],
  testEnvironment: file('environment'),
};
