// Test files of Jest are CommonJS unless told otherwise, and its sandbox cannot require an ES module. What tests call comes
// from the environment, which runs outside of it.
'use strict';

function kit() {
  if (!globalThis.firstchance) {
    throw new Error(
      "there is no firstchance session here: set preset: '@firstchance/jest' or a testEnvironment made with withCapture()",
    );
  }
  return globalThis.firstchance;
}

for (const name of ['launch', 'attach', 'checkGrowth', 'expectNoGrowth']) {
  exports[name] = (...request) => kit()[name](...request);
}

const GROWTH_TEST_MS = 180_000;

exports.growthTest = (name, body, { timeout = GROWTH_TEST_MS, ...growth } = {}) => {
  globalThis.test(name, () => kit().expectNoGrowth(body, { name, ...growth }), timeout);
};
