/** A decoded payload field. */
export type FieldValue =
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | FieldValue[]
  | { [name: string]: FieldValue };

/** Head of a trace. */
export interface TraceInfo {
  readonly formatVersion: number;
  readonly processId: number;
  readonly pointerBytes: 4 | 8;
  readonly processorCount: number;
  /** Wall clock at `startTicks`. */
  readonly startTime: Date;
  readonly startTicks: bigint;
  readonly ticksPerSecond: bigint;
}

/** Type of an event: what its provider declared. */
export interface EventType {
  readonly provider: string;
  readonly id: number;
  /** Empty for events of the runtime's own providers, whose names stand in its manifest only. */
  readonly name: string;
  readonly version: number;
  /** 1 critical … 5 verbose. */
  readonly level: number;
  readonly keywords: bigint;
  readonly opcode: number;
  /** Empty for events of the runtime's own providers. */
  readonly fields: readonly FieldType[];
}

export interface FieldType {
  readonly name: string;
  /** System.TypeCode, or 19 for an array, 17 for a GUID. */
  readonly typeCode: number;
  /** Element of an array. */
  readonly element?: FieldType;
  /** Fields of a nested object. */
  readonly fields?: readonly FieldType[];
}

export interface TraceEvent {
  readonly type: EventType;
  /** Milliseconds since the trace's start. */
  readonly timeMs: number;
  /** Thread the event is about. */
  readonly threadId: number;
  /** Thread that wrote it; sequence numbers count per this thread. */
  readonly captureThreadId: number;
  readonly processor: number;
  readonly sequenceNumber: number;
  readonly activityId: string | null;
  readonly relatedActivityId: string | null;
  /** Return addresses, innermost first; empty when none were taken. */
  readonly stack: readonly bigint[];
  /** Undecoded; decodeFields() reads it where the provider declared fields. */
  readonly payload: Uint8Array;
}

/** Events of one thread that the runtime dropped, known from its sequence numbers. */
export interface TraceGap {
  readonly captureThreadId: number;
  readonly count: number;
}
