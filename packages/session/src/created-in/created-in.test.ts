import type { Creation, Creations } from '@firstchance/symbols';
import { expect, it } from 'vitest';
import { addCreatedIn } from './add-created-in.ts';
import { createdIn } from './created-in.ts';

const module = (name: string, mvid = '') => ({ name, path: `/app/${name}`, mvid });
const held = (type: string, owner = 'Shop.dll') => ({ type, module: owner, path: [] });

/** What is asked of each file, and an answer that finds each type once. */
function finder(structures: readonly string[] = []) {
  const asked: [string, readonly string[], string | undefined][] = [];
  return {
    asked,
    find: async (
      file: string,
      types: Iterable<string>,
      { mvid }: { mvid?: string } = {},
    ): Promise<Creations | null> => {
      asked.push([file, [...types], mvid]);
      const creations = [...types].map(
        (type): Creation => ({
          ...{ type, exact: true, method: 'Shop.A.X', token: 0x0600_0001, ilOffset: 0, source: null },
          ...{ delegateOf: null, within: 'Shop.A', uses: new Set<string>() },
        }),
      );
      return { creations, structures };
    },
  };
}

it('reads the assemblies of the program, each once, in the build that the process had', async () => {
  const { asked, find } = finder();
  const modules = [module('System.Private.CoreLib.dll'), module('Shop.dll', 'a-b'), module('Shop.dll', 'a-b')];
  const types = [held('Shop.Session'), held('Shop.Cart')];
  const found = await createdIn(types, [...modules, module('Dapper.dll')], find);
  expect(asked).toEqual([
    ['/app/Shop.dll', ['Shop.Session', 'Shop.Cart'], 'a-b'],
    ['/app/Dapper.dll', ['Shop.Session', 'Shop.Cart'], undefined],
  ]);
  expect([...found.keys()]).toEqual(types);
});

it.each([
  ...['System.String', 'System.Byte[]', 'System.Object', 'Plugin#.Handler', 'Shop.Box<…>'],
  ...['System.Threading.Tasks.Task<System.Int32>', 'System.Collections.Generic.List<System.Int32>[]'],
])('tells nothing of %s', async (type) => {
  const { asked, find } = finder();
  expect(await createdIn([held(type, '')], [module('Shop.dll')], find)).toEqual(new Map());
  expect(asked).toEqual([]);
});

it.each([
  ...['Shop.Session[]', 'System.Action<System.Int32>', 'System.ConsoleCancelEventHandler', 'System.Timers.Timer'],
  ...['System.Collections.Generic.List<System.Int32>', 'System.Threading.CancellationTokenSource'],
])('tells of %s', async (type) => {
  const { find } = finder();
  expect((await createdIn([held(type, '')], [module('Shop.dll')], find)).size).toBe(1);
});

it('of a call that has not ended looks for the state machine in it', async () => {
  const { asked, find } = finder();
  const box = 'System.Runtime.CompilerServices.AsyncTaskMethodBuilder<System.Int32>+AsyncStateMachineBox';
  const call = held(`${box}<Shop.Orders+<LoadAsync>d__3>`, 'System.Private.CoreLib.dll');
  const found = await createdIn([call], [module('Shop.dll')], find);
  expect(asked[0]?.[1]).toEqual(['Shop.Orders+<LoadAsync>d__3']);
  expect(found.get(call)).toMatchObject({ sure: true, of: 1 });
});

it('is not sure while an assembly of the program cannot be read', async () => {
  const { find } = finder();
  const session = held('Shop.Session');
  const partly: typeof find = async (file, types) => (file.includes('Dapper') ? null : await find(file, types));
  const found = await createdIn([session], [module('Dapper.dll'), module('Shop.dll')], partly);
  expect(found.get(session)).toMatchObject({ places: [{ method: 'Shop.A.X' }], sure: false });
});

it('tells nothing of structures: they come to the heap elsewhere', async () => {
  const { find } = finder(['Shop.Money']);
  expect(await createdIn([held('Shop.Money')], [module('Shop.dll')], find)).toEqual(new Map());
});

it('asks nothing where own frames were sampled, or nobody knows the modules', async () => {
  const growth = {
    ...{ channel: 'instances', type: 'Shop.Session', perOperation: 1, low: 1, high: 1, fingerprint: '' },
    owner: ['Shop.Store.Open()'],
  };
  expect(await addCreatedIn([growth], [module('nowhere.dll')])).toEqual([growth]);
  expect(await addCreatedIn([{ ...growth, owner: [] }], undefined)).toEqual([{ ...growth, owner: [] }]);
});
