import { expect, it } from 'vitest';
import { isOwnCode } from './own-code.ts';

const own = (module: string, method = 'A.B()') => isOwnCode({ method, module, ilOffset: null, file: null, line: null });

it('code of test frameworks and of their adapters is none of the program', () => {
  const modules = ['nunit.framework.dll', 'NUnit3.TestAdapter.dll', 'nunit.engine.core.dll', 'xunit.v3.core.dll'];
  modules.push(
    'MSTest.TestFramework.dll',
    'MSTestAdapter.PlatformServices.dll',
    'TUnit.Engine.dll',
    'testhost.x86.dll',
  );
  modules.push('System.Private.CoreLib.dll', 'Microsoft.VisualStudio.TestPlatform.TestFramework.dll', 'mscorlib.dll');
  expect(modules.filter((module) => own(module))).toEqual([]);
});

it("a program whose name only begins like a framework's is the program's", () => {
  const modules = ['nunit-tests.dll', 'xunit_shop.dll', 'MSTests.dll', 'SystemTests.dll', 'Shop.dll'];
  expect(modules.filter((module) => !own(module))).toEqual([]);
});
