import { createRequire } from 'node:module';
import { type Environment, withCapture } from './with-capture.ts';

/** A CommonJS module: its names are not seen by ES imports in every version. */
const { TestEnvironment } = createRequire(import.meta.url)('jest-environment-node') as {
  TestEnvironment: new (...args: never[]) => Environment;
};

/** The environment of the preset: Jest's own for Node, with captures. */
export default withCapture(TestEnvironment as never) as unknown as new (
  ...args: never[]
) => Environment;
