import {
  type CommandExit,
  HeldSignals,
  type LaunchedCommand,
  launch,
  ProcessTree,
  SignalRelay,
} from '@firstchance/target';
import type { SessionListener, SessionPorts } from '../ports.ts';
import { TrxFiles } from '../results/trx-files.ts';
import { requestTrx } from '../results/trx-request.ts';
import { Session, type SessionEnd } from '../session.ts';
import type { SessionPlan } from '../session-plan.ts';
import { FinishSignals } from './finish-signals.ts';
import { sessionEnvironment } from './session-environment.ts';
import { stopTree } from './stop-tree.ts';

export interface RunRequest {
  readonly plan: SessionPlan;
  readonly ports: SessionPorts;
  readonly listener: SessionListener & RunListener;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingFolder: string;
  /** "stderr" keeps the command's output out of `--json`'s standard output. */
  readonly stdout: 'inherit' | 'stderr';
  readonly logFile?: string;
  readonly graceMs?: number;
}

export interface RunListener {
  /** The session is open; its command starts when this has resolved. */
  onOpen?(session: Session): void | Promise<void>;
  /** The command has ended, or was not started; the session is closed when this has resolved. */
  onCommandEnd?(): Promise<void>;
  onInterrupt?(event: 'passed-on' | 'still-alive' | 'killed' | 'finishing', signal: NodeJS.Signals): void;
}

/**
 * Runs one command under a session, from its start to the last record. Nothing is left: no process of the command after an
 * interruption, no socket, no temporary file.
 * @throws TargetError when the command does not start; the session is closed by then
 */
export async function runCommand(request: RunRequest): Promise<SessionEnd> {
  const { plan, ports, listener } = request;
  using held = new HeldSignals();
  const session = await Session.open(plan, ports, listener);
  await listener.onOpen?.(session);
  session.starting(request.environment);
  const environment = await commandEnvironment(request, session);
  if (held.exitCode !== undefined) {
    await listener.onCommandEnd?.();
    return await session.close(held.exitCode, undefined, 'it was interrupted before the command was started');
  }
  const trx = requestTrx(plan.command, request.workingFolder, plan.sessionId);
  const files = new TrxFiles({
    ...{ prefix: trx.prefix, sessionFolder: plan.folder, onProblem: (problem) => session.problem(problem) },
  });
  let command: LaunchedCommand;
  try {
    command = await launch({
      command: trx.command,
      environment,
      folder: request.workingFolder,
      stdout: request.stdout,
    });
  } catch (error) {
    await listener.onCommandEnd?.();
    await session.close(64);
    throw error;
  }
  const exit = await superviseCommand(request, session, command, held, files);
  session.testResults(await files.read());
  await listener.onCommandEnd?.();
  using finishing = new FinishSignals((signal) => listener.onInterrupt?.('finishing', signal));
  return await session.close(exit.exitCode, finishing.cancelled);
}

/** The caller's environment with the agent of this session in it. */
export async function commandEnvironment(
  request: Pick<RunRequest, 'plan' | 'environment' | 'logFile'>,
  session: Session,
): Promise<NodeJS.ProcessEnv> {
  // When the agents could not be armed, the session has said so, and the command runs without one.
  const agent = await session.engine?.attachPayload().catch(() => undefined);
  return sessionEnvironment(request, session.agentsFolder, agent);
}

/** From the command's start to its end, and after an interruption to the end of what it left behind. */
async function superviseCommand(
  request: RunRequest,
  session: Session,
  command: LaunchedCommand,
  held: HeldSignals,
  files: TrxFiles,
): Promise<CommandExit> {
  const { listener, graceMs } = request;
  using tree = new ProcessTree(command.pid, {
    onDotnet: ({ stat, commandLine }) => {
      files.seen(stat.pid, commandLine);
      session.dotnetSeen(stat.pid, commandLine);
    },
    // The command's own end is told with its exit code, below.
    onEnded: ({ stat }) => {
      if (stat.pid !== command.pid) session.processEnded(stat.pid);
    },
  });
  using relay = new SignalRelay(command, {
    ...(graceMs === undefined ? {} : { graceMs }),
    held,
    // Whose parent ends by it, and who has a session of its own, is found no more afterwards.
    beforeSignal: () => tree.look(),
    onSignal: (signal) => listener.onInterrupt?.('passed-on', signal),
    onStillAlive: () => listener.onInterrupt?.('still-alive', 'SIGINT'),
    onKill: () => listener.onInterrupt?.('killed', 'SIGKILL'),
  });
  using _deadline = deadlineTimer(session);
  tree.look();
  const exit = await command.exited;
  session.processEnded(command.pid, exit.exitCode);
  tree.look();
  // A command that was asked to end takes its processes with it; after a normal end what it left running is its own affair.
  if (relay.interruptedBy !== undefined) await stopTree(tree);
  return exit;
}

function deadlineTimer(session: Session): Disposable {
  const { deadlineMs } = session.plan.options;
  if (deadlineMs === undefined) return { [Symbol.dispose]: () => {} };
  const detail = `the command still ran after ${deadlineMs / 1000} s`;
  const timer = setTimeout(() => void session.deadline({ kind: 'deadline', detail }), deadlineMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
