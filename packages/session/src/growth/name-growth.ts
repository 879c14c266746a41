import { createHash } from 'node:crypto';
import type { GrowthFinding } from '@firstchance/growth';
import type { Growth } from '@firstchance/model';

/** Growth of which nobody could say what holds it. Equal fingerprints for equal channel and type. */
export function unnamed(findings: readonly GrowthFinding[]): Growth[] {
  return findings.map((finding) => ({ ...finding, fingerprint: fingerprint(finding) }));
}

function fingerprint({ channel, type, module }: GrowthFinding): string {
  return createHash('sha256')
    .update([channel, type ?? '', module ?? ''].join('\0'))
    .digest('hex');
}
