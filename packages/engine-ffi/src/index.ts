export { EngineLibrary } from './engine-library.ts';
