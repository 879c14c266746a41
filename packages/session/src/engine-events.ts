import type { AgentCaptures } from './capture/agent-captures.ts';
import type { EngineLink } from './engine-link.ts';
import type { EngineListener } from './engine-port.ts';
import type { SessionListener } from './ports.ts';
import type { Problem } from './problems/problem.ts';
import type { SkipCounter } from './records/skips.ts';
import type { AgentWatch } from './targets/agent-watch.ts';
import type { Targets } from './targets/targets.ts';
import type { TestWatch } from './tests/test-watch.ts';
import type { MemoryWatch } from './triggers/memory-watch.ts';

/** The parts of a session that the engine's events concern. */
export interface EngineEventParts {
  readonly session: { impossible(problem: Problem): void };
  readonly link: EngineLink;
  readonly targets: Targets;
  readonly tests: TestWatch;
  readonly skips: SkipCounter;
  readonly fromAgents: AgentCaptures;
  readonly memory: MemoryWatch | undefined;
  readonly agents: () => AgentWatch | undefined;
  readonly listener: SessionListener;
}

/** Hands each event of the engine to the part it concerns. */
export function engineListener(parts: EngineEventParts): EngineListener {
  const { session, link, targets, tests, skips, fromAgents, memory, agents, listener } = parts;
  return {
    decide: (request) => fromAgents.decide(request),
    captureDone: (token, outcome, pid) => fromAgents.done(token, outcome, pid),
    captureProgress: (token, progress) => fromAgents.progress(token, progress),
    agentConnected: ({ pid, how, runtime }) => {
      targets.set(pid, how === 'attach' ? 'attached' : 'loaded', { runtime: runtime === '' ? null : runtime });
      agents()?.forget(pid);
      memory?.add(pid);
      link.connected(pid);
      tests.agentConnected(pid);
    },
    agentDisconnected: (pid) => tests.processEnded(pid),
    exception: (event) => listener.onException?.(event),
    test: ({ pid, name, state }) =>
      state === 'started' ? tests.tracker.started(pid, name) : tests.tracker.ended(pid, name, state),
    skipped: ({ type, why, count }) => skips.add('first-chance', type === '' ? null : type, why, count),
    log: (level, text) => listener.onLog?.(level, text),
    died: (why) => {
      link.lost();
      const cure = 'the program under test goes on unharmed; run again with -v and report this';
      const what = 'the engine ended unexpectedly, nothing more is captured';
      session.impossible({ what, where: 'firstchance-engine', why, cure });
      fromAgents.abandon(Object.assign(new Error(why), { why: 'the engine ended while it was written', cure }));
    },
  };
}
