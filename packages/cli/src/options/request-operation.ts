import type { OptionValues } from '@firstchance/model';
import { type OperationSpec, parseExpectedStatus, parseHeader, parseRequest } from '@firstchance/session';
import { numberOf, textOf } from './given.ts';

const OPERATION_MS = 30_000;

/** How long an operation may take, in ms. */
export function operationLimit(values: OptionValues): number {
  return numberOf(values.opTimeout) ?? OPERATION_MS;
}

/** A request, 'GET /orders', with the headers, the expected answer and the time limit that the options name. @throws UsageError */
export function requestOperation(request: string, values: OptionValues): OperationSpec {
  const headers = Array.isArray(values.opHeader) ? values.opHeader.map(String).map(parseHeader) : [];
  const expect = textOf(values.opExpect);
  return {
    ...{ kind: 'request', template: parseRequest(request), headers, timeoutMs: operationLimit(values) },
    ...(expect === undefined ? {} : { expect: parseExpectedStatus(expect) }),
  };
}
