import { expect, it } from 'vitest';
import { librariesAmong } from './libraries.ts';

const module = (name: string) => ({ name, path: `/app/${name}`, mvid: '' });

it.each([
  ['symbols beside it', ['/app/Shop.dll', '/app/Shop.pdb', '/app/Akka.dll'], [false, true]],
  ['no symbols at all', ['/app/Shop.dll', '/app/Akka.dll'], [false, false]],
  ['assemblies that are elsewhere', ['/app/Shop.dll', '/app/Shop.pdb'], [false, false]],
])('own and foreign assemblies by %s', (_what, files, expected) => {
  const isLibrary = librariesAmong(['Shop.dll', 'Akka.dll'].map(module), (file) => files.includes(file));
  expect(['Shop.dll', 'Akka.dll'].map(isLibrary)).toEqual(expected);
});
