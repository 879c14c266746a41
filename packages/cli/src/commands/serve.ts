import { agentOfEngine } from '@firstchance/engine';
import { makeSessionFolder, retainSessions } from '@firstchance/manifest';
import { announceSession } from '@firstchance/protocol/server';
import { invocation } from '../options/invocation.ts';
import { sessionPlan } from '../options/session-plan.ts';
import { sessionOptions } from '../options/to-session.ts';
import type { Action, InvokedEarly } from '../ports.ts';
import { ownerGone } from '../serve/owner-gone.ts';

/** A runner waits for what is done here before the import; the rest goes on while its workers start. */
export function serveAction({ command, surroundings, connect, finish }: InvokedEarly): Action {
  return async (runner: string[]) => {
    const { given } = await invocation(command, surroundings);
    // The deadline of a test is its own limit, as its runner tells it.
    const { perTestDeadline: _of_run, detached, ...values } = given;
    const options = sessionOptions(values);
    const { folder: workingFolder, environment, version, stdout } = surroundings;
    using folder = makeSessionFolder(workingFolder, options.folder);
    using gone = ownerGone(detached === true ? undefined : process.stdin);
    const { FIRSTCHANCE_LOG: logFile } = environment;
    const plan = sessionPlan({ options, folder, version }, runner.length > 0 ? runner : ['firstchance', 'serve']);
    const log = logFile ? { logFile } : {};
    using announced = await announceSession({ plan, environment, agent: agentOfEngine(), ...log });
    const tell = () => void stdout.write(`${JSON.stringify(announced.ready)}\n`);
    // Who is gone before the server ends has no connection that waits: its programs must find the agents' file.
    if (detached !== true) tell();
    const { serveAnnounced } = await import('../serve/serve-announced.ts');
    const end = await serveAnnounced(announced, {
      ...{ plan, values, context: { ...surroundings, ports: await connect() }, ownerGone: gone.signal, ...log },
      ...(detached === true
        ? { onOpen: tell, endReason: 'the job has ended' }
        : { endReason: 'the test runner is gone' }),
    });
    retainSessions(folder.path, options.keepSessions);
    finish(end.exitCode);
  };
}
