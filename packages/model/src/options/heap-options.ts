import { HEAP } from './commands.ts';
import type { OptionDefinition } from './definition.ts';

/** Of commands that read the graph of a heap. */
export const HEAP_OPTIONS: readonly OptionDefinition[] = [
  {
    name: 'top',
    type: 'count',
    value: 'COUNT',
    range: [1, 1_000_000],
    default: '10',
    group: 'Heap',
    commands: HEAP,
    commandLineOnly: true,
    description: 'How many types, dominators, containers or paths are listed.',
  },
  {
    name: 'gcdump',
    type: 'text',
    value: 'OUT',
    group: 'Heap',
    commands: ['heap'],
    commandLineOnly: true,
    description: 'Also write the graph as .gcdump, for PerfView, Visual Studio and dotnet-gcdump report.',
  },
  {
    name: 'type',
    type: 'text',
    value: 'TYPE',
    group: 'Heap',
    commands: ['path'],
    commandLineOnly: true,
    description: 'Full type name, or its last part where that is enough.',
  },
  {
    name: 'address',
    type: 'text',
    value: 'ADDRESS',
    group: 'Heap',
    commands: ['path'],
    commandLineOnly: true,
    description: 'One object, by its address in hexadecimal.',
  },
];
