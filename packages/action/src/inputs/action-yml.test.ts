import { expect, it } from 'vitest';
import { actionYml } from './action-yml.ts';

it('action.yml says what the table and the inputs say', async () => {
  await expect(actionYml()).toMatchFileSnapshot('../../../../action.yml');
});
