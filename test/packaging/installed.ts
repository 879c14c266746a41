import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fixture, type Outcome, Running } from '../support/firstchance.ts';
import { processesWith } from '../support/processes.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inRoot = (...names: string[]) => path.join(root, 'node_modules', ...names);

/**
 * A project outside of the repository into which the packed files were installed, without a network and with an empty cache of
 * npm: what is not in the tarballs cannot be found.
 */
export class InstalledProject implements AsyncDisposable {
  readonly path = mkdtempSync(path.join(tmpdir(), 'firstchance-packed-'));
  readonly temporary = path.join(this.path, 'tmp');

  static async install(): Promise<InstalledProject> {
    const project = new InstalledProject();
    try {
      await project.#install(path.join(project.path, 'tarballs'));
      return project;
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #install(tarballs: string): Promise<void> {
    mkdirSync(tarballs);
    mkdirSync(this.temporary);
    await this.#command(root, process.execPath, ['scripts/pack.mjs', '--to', tarballs]);
    // The few packages of others that stay dependencies, as they came from the registry.
    const folders = [...packages(tarballs), ...dependenciesOf(tarballs).map((name) => inRoot(name))];
    await this.#command(root, 'npm', ['pack', ...folders, '--ignore-scripts', '--pack-destination', tarballs]);
    writeFileSync(path.join(this.path, 'package.json'), '{ "private": true, "type": "module" }\n');
    const files = readdirSync(tarballs).filter((name) => name.endsWith('.tgz'));
    const packed = files.map((name) => `./tarballs/${name}`);
    // Test runners, the peers, are linked later: a registry would have them.
    const options = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund'];
    await this.#command(this.path, 'npm', ['install', ...options, ...packed]);
  }

  /** Makes a package that is installed elsewhere part of the project: a test runner, say. */
  link(name: string, from: string): void {
    const place = path.join(this.path, 'node_modules', name);
    mkdirSync(path.dirname(place), { recursive: true });
    symlinkSync(from, place);
  }

  linkFromRoot(name: string): void {
    this.link(name, inRoot(name));
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(this.path, name)), { recursive: true });
      writeFileSync(path.join(this.path, name), text);
    }
  }

  /** Runs a command as a terminal in the project would; nothing of our own environment leaks in. */
  run(command: string, args: readonly string[], folder = '.'): Promise<Outcome> {
    return this.start(command, args, folder).end();
  }

  start(command: string, args: readonly string[], folder = '.'): Running {
    return new Running(command, args, {
      ...{ cwd: path.join(this.path, folder), detached: true, bare: true, env: this.#environment() },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { pid } of processesWith(`TMPDIR=${this.temporary}`)) process.kill(pid, 'SIGKILL');
    rmSync(this.path, { recursive: true, force: true });
  }

  #environment(): NodeJS.ProcessEnv {
    const { PATH, HOME, DOTNET_ROOT } = process.env;
    return {
      ...{ PATH, HOME, ...(DOTNET_ROOT === undefined ? {} : { DOTNET_ROOT }), NO_COLOR: '1' },
      ...{ TMPDIR: this.temporary, XDG_RUNTIME_DIR: '', DOTNET_CLI_TELEMETRY_OPTOUT: '1', WEB: fixture('web') },
      // npx must find what is installed, and nothing else.
      ...{ npm_config_offline: 'true', npm_config_cache: path.join(this.path, 'npm-cache') },
    };
  }

  async #command(cwd: string, command: string, args: readonly string[]): Promise<void> {
    try {
      await promisify(execFile)(command, args, { cwd, env: this.#environment() });
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      throw new Error(`${command} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
    }
  }
}

/** Folders that were packed. */
function packages(into: string): string[] {
  const entries = readdirSync(into, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(into, name));
  return folders.filter((folder) => existsSync(path.join(folder, 'package.json')));
}

/** What the packed packages depend on and npm would fetch, besides each other. */
function dependenciesOf(into: string): string[] {
  const manifests = packages(into).map(
    (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest,
  );
  const ours = new Set(manifests.map(({ name }) => name));
  const all = new Set(manifests.flatMap(({ dependencies = {} }) => Object.keys(dependencies)));
  return [...all].filter((name) => !ours.has(name));
}

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
