import type { CaptureBrief, SessionClient } from '@firstchance/protocol';
import type { TestInfo } from '@playwright/test';

/**
 * A small report of each capture, attached to the test: stacks, what was thrown, where the dump is. The dump itself is not:
 * Playwright would copy it up to three times, and its report is for more eyes than a dump.
 */
export async function attachCaptures(
  client: SessionClient,
  test: TestInfo,
  captures: readonly CaptureBrief[],
): Promise<void> {
  for (const { id } of captures) {
    const report = await client.request('capture/report', { captureId: id }).catch(() => undefined);
    if (report) await test.attach(`firstchance ${id}`, { body: report.text, contentType: 'text/plain' });
  }
}
