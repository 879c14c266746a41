import { expect, test } from '@firstchance/playwright';

test.beforeEach(({ page }) => page.goto('/'));

test('a product shows what it costs', async ({ page }) => {
  await page.getByRole('link', { name: 'Teapot' }).click();
  await expect(page.getByRole('status')).toHaveText('Teapot: 24.50');
});

test('a voucher is taken off', async ({ page }) => {
  await page.getByLabel('Voucher').fill('2');
  await page.getByRole('button', { name: 'Order a cup' }).click();
  await expect(page.getByRole('status')).toHaveText(/order \d+, paid 4.00/);
});

test('a voucher pays for all of it', async ({ page }) => {
  const answered = page.waitForResponse(/\/order\?voucher=10/);
  await page.getByLabel('Voucher').fill('10');
  await page.getByRole('button', { name: 'Order a cup' }).click();
  await answered;
  await expect(page.getByRole('status')).toHaveText(/order \d+, paid 0.00/);
});
