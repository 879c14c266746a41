import { describe, expect, it } from 'vitest';
import { type ClassedGrowth, orderGrowth } from './order-growth.ts';

const figures = { perOperation: 1, low: 1, high: 1, fingerprint: '' };
const typed = (type: string, whose: ClassedGrowth['class'], heldBy?: string): ClassedGrowth => ({
  growth: { channel: 'instances', type, ...figures, ...(heldBy === undefined ? {} : { heldBy }) },
  class: whose,
});
const channel = (name: string): ClassedGrowth => ({ growth: { channel: name, ...figures }, class: undefined });
const names = (all: ClassedGrowth[]) => orderGrowth(all).map(({ type, channel: name }) => type ?? name);

describe('order of what grows', () => {
  it('leads with threads where they leak, and ends with their stacks', () => {
    const all = [
      ...[typed('System.Object[]', 'plumbing'), typed('System.Threading.Thread', 'plumbing')],
      ...[channel('privateBytes.stacks'), channel('mappings'), channel('handles'), channel('threads')],
    ];
    expect(names(all)).toEqual([
      ...['threads', 'mappings', 'handles', 'System.Object[]', 'System.Threading.Thread', 'privateBytes.stacks'],
    ]);
  });

  it('leads with own types, puts what hangs on them behind what is taken', () => {
    const all = [
      ...[typed('System.Net.Http.Handler', 'framework'), channel('fileDescriptors'), channel('sockets')],
      ...[typed('Shop.Line', 'own', 'Shop.Order'), typed('Shop.Order', 'own'), channel('mallocBytes')],
    ];
    expect(names(all)).toEqual([
      ...['Shop.Order', 'sockets', 'Shop.Line', 'System.Net.Http.Handler', 'fileDescriptors', 'mallocBytes'],
    ]);
  });

  it('names own types before those of libraries, and what grows with time last', () => {
    const timed: ClassedGrowth = {
      growth: { ...figures, channel: 'privateBytes.other', follows: 'time' },
      class: 'own',
    };
    const all = [timed, typed('Actors.Cell', 'library'), channel('sockets'), typed('Shop.Order', 'own')];
    expect(names(all)).toEqual(['Shop.Order', 'Actors.Cell', 'sockets', 'privateBytes.other']);
  });

  it('names own async methods before what the framework keeps of them', () => {
    const all = [typed('System.Threading.Tasks.Continuation', 'plumbing'), typed('Box<Shop+<Load>d__1>', 'async')];
    expect(names([...all, channel('threads'), typed('Shop.Upload', 'own')])).toEqual([
      ...['Shop.Upload', 'threads', 'Box<Shop+<Load>d__1>', 'System.Threading.Tasks.Continuation'],
    ]);
  });

  it('names any object with a path before handles, which have none', () => {
    const weak = typed('System.WeakReference<Shop.Page>', 'plumbing');
    const found = { ...weak, growth: { ...weak.growth, path: ['static Shop.Bus.s_all', 'WeakReference<Page>'] } };
    expect(names([channel('handles'), channel('mallocBytes'), found])).toEqual([
      ...['System.WeakReference<Shop.Page>', 'handles', 'mallocBytes'],
    ]);
    expect(names([channel('handles'), weak])).toEqual(['handles', 'System.WeakReference<Shop.Page>']);
  });

  it('names mappings before the memory in them', () => {
    expect(names([channel('privateBytes.other'), channel('mappings')])).toEqual(['mappings', 'privateBytes.other']);
  });
});
