/*
 * Node 20 has Symbol.dispose and Symbol.asyncDispose, its V8 has not: in a context of node:vm, where Jest and Vitest's vmThreads run
 * test files, they are missing, and every `using` throws. So they are made here, before anything that has a method of that name. (A
 * bundler keeps this only where package.json says that it, and who imports it, has side effects.)
 */
for (const name of ['dispose', 'asyncDispose'] as const) {
  if (Symbol[name] === undefined) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
}
