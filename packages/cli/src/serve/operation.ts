import type { OptionValues } from '@firstchance/model';
import { type OperationSpec, parseHeader, parseRequest } from '@firstchance/session';

const OPERATION_MS = 30_000;

/** A request that a test names, 'GET /orders', with the configuration file's headers and time limit. @throws UsageError */
export function operationOf(text: string, values: OptionValues): OperationSpec {
  const headers = Array.isArray(values.opHeader) ? values.opHeader.map(String).map(parseHeader) : [];
  const timeoutMs = typeof values.opTimeout === 'number' ? values.opTimeout : OPERATION_MS;
  return { kind: 'request', template: parseRequest(text), headers, timeoutMs };
}
