import { CallbackOperation } from './callback-operation.ts';
import { CommandOperation } from './command-operation.ts';
import { HttpOperation } from './http-operation.ts';
import type { Operation } from './operation.ts';
import { type ExpectedStatus, type RequestTemplate, requestName } from './parse-request.ts';

/** An operation before its target is known. Time-outs in ms, for one operation. */
export type OperationSpec =
  | {
      readonly kind: 'request';
      readonly template: RequestTemplate;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly timeoutMs: number;
      /** Absent: every status below 400. */
      readonly expect?: ExpectedStatus;
    }
  | { readonly kind: 'command'; readonly text: string; readonly timeoutMs: number }
  | {
      readonly kind: 'callback';
      readonly name: string;
      readonly call: (signal: AbortSignal) => unknown;
      readonly timeoutMs: number;
    };

export interface OperationSurroundings {
  readonly pid: number;
  /** "http://127.0.0.1:5000", for requests that name only a path. */
  readonly origin: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
}

export function makeOperation(
  spec: OperationSpec,
  { pid, origin, environment, folder }: OperationSurroundings,
): Operation {
  const { timeoutMs } = spec;
  switch (spec.kind) {
    case 'request':
      return new HttpOperation(spec.template, origin, {
        ...{ headers: spec.headers, timeoutMs },
        ...(spec.expect === undefined ? {} : { expect: spec.expect }),
      });
    case 'command':
      return new CommandOperation(spec.text, { pid, environment, folder, timeoutMs });
    case 'callback':
      return new CallbackOperation(spec.name, spec.call, timeoutMs);
  }
}

export function operationName(spec: OperationSpec): string {
  if (spec.kind === 'request') return requestName(spec.template);
  return spec.kind === 'command' ? spec.text : spec.name;
}
