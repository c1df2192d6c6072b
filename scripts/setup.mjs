// Brings a source checkout into a runnable state: packages installed, code built. Does nothing when nothing is stale.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withSetupLock } from './setup-lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packageStamp = join(root, 'node_modules', '.doorward-lock');
const dist = join(root, 'dist');
const buildStamp = join(dist, '.doorward-build');
const sourceFolders = ['src', 'views', 'migrations'];

/** A step of the set-up failed; the message is for the person at the terminal. */
export class SetupFailed extends Error {}

/** Ends the process with one sentence on a Node that is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(
    `Doorward needs Node.js 20.19 or newer; this is ${process.versions.node}. Install a newer one: https://nodejs.org`,
  );
  process.exit(1);
}

/** The environment of the server: bcrypt and signing share libuv's pool, whose size is read before any code runs. */
export function serverEnvironment() {
  return { UV_THREADPOOL_SIZE: String(Math.max(4, availableParallelism() + 2)), ...process.env };
}

/** Installs and builds what is stale. One process does so at a time; others wait for it. */
export async function setUp(report = (line) => console.error(line)) {
  if (await isFresh()) return;
  await withSetupLock(join(root, '.cache'), report, async () => {
    if (!(await isInstalled())) await install(report);
    if (!(await isBuilt())) await build(report);
  });
}

async function isFresh() {
  return (await isInstalled()) && (await isBuilt());
}

async function isInstalled() {
  const wanted = await packagesDigest();
  const stamped = await readFile(packageStamp, 'utf8').catch(() => undefined);
  if (stamped === wanted) return true;
  if (stamped !== undefined || !(await matchesLockfile())) return false;
  // Somebody ran `npm ci` by hand; a folder that cannot be written is as good.
  await writeFile(packageStamp, wanted).catch(() => {});
  return true;
}

// Native packages differ by platform, so a folder shared with another machine is stale.
async function packagesDigest() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  // The lock file alone: a changed script in package.json installs nothing, and `npm ci` refuses when the two differ.
  hash.update(await readFile(join(root, 'package-lock.json')).catch(() => ''));
  return hash.digest('hex');
}

async function matchesLockfile() {
  const read = async (path) => JSON.parse(await readFile(join(root, path), 'utf8')).packages;
  try {
    const wanted = await read('package-lock.json');
    const present = await read('node_modules/.package-lock.json');
    return Object.entries(wanted).every(
      ([path, { version, optional }]) =>
        path === '' || (optional && !present[path]) || present[path]?.version === version,
    );
  } catch {
    return false;
  }
}

async function install(report) {
  const first = !existsSync(join(root, 'node_modules'));
  report(first ? 'Installing packages (first start only) …' : 'Installing packages (they changed) …');
  const wanted = await packagesDigest();
  const verb = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  // Without development packages there is no compiler, whatever NODE_ENV the server is to run with.
  const { NODE_ENV: _mode, npm_config_omit: _omit, npm_config_production: _production, ...env } = process.env;
  const quiet = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  const [program, ...before] = npm();
  await step('npm', program, [...before, verb, ...quiet], report, {
    env,
    advice: 'Check the network and the npm registry, then start again.',
  });
  await writeFile(packageStamp, wanted);
}

// Under `npm start` npm names itself; a bare `node scripts/start.mjs` finds it on the path.
function npm() {
  const running = process.env.npm_execpath ?? '';
  if (basename(running) === 'npm-cli.js') return [process.execPath, running];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

async function isBuilt() {
  const stamped = await readFile(buildStamp, 'utf8').catch(() => undefined);
  return stamped !== undefined && stamped === (await sourceDigest());
}

// Contents, not times: a checkout or an image layer changes times and nothing else.
async function sourceDigest() {
  const hash = createHash('sha256');
  const files = [join(root, 'tsconfig.json'), join(root, 'package-lock.json')];
  for (const folder of sourceFolders) files.push(...(await filesBelow(join(root, folder))));
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => '')));
  files.forEach((file, index) => {
    hash.update(`${file.slice(root.length)}\0${contents[index].length}\0`).update(contents[index]);
  });
  return hash.digest('hex');
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return files.sort();
}

async function build(report) {
  report('Building …');
  const digest = await sourceDigest();
  const fresh = join(root, '.cache', `build-${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const options = ['-p', root, '--outDir', fresh, '--incremental', 'false', '--tsBuildInfoFile', 'null'];
    await step('The build', process.execPath, [compiler, ...options], report, {});
    await copyAssets(fresh);
    await writeFile(join(fresh, basename(buildStamp)), digest);
    await swapIn(fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function copyAssets(target) {
  for (const folder of sourceFolders) {
    for (const file of await filesBelow(join(root, folder))) {
      if (['.ts', '.tsx'].includes(extname(file))) continue;
      const copy = join(target, file.slice(root.length));
      await mkdir(dirname(copy), { recursive: true });
      await cp(file, copy);
    }
  }
}

// A whole folder at once: no module of a deleted source stays, and a running server's folder is never half new.
async function swapIn(fresh) {
  const old = `${fresh}.old`;
  await rename(dist, old).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(fresh, dist);
  await rm(old, { recursive: true, force: true });
}

let running;

/** Passes a signal to the set-up step that runs just now; false when there is none. */
export function interruptSetUp(signal) {
  return running?.kill(signal) ?? false;
}

function step(name, program, parameters, report, { env = process.env, advice }) {
  return new Promise((resolve, reject) => {
    const began = Date.now();
    const ticker = setInterval(() => report(`  … ${Math.round((Date.now() - began) / 1000)} s`), 5_000);
    let output = '';
    const keep = (chunk) => {
      if (output.length < 100_000) output += chunk;
    };
    running = spawn(program, parameters, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    running.stdout.on('data', keep);
    running.stderr.on('data', keep);
    const end = (problem) => {
      clearInterval(ticker);
      running = undefined;
      if (problem === undefined) return resolve();
      reject(
        new SetupFailed([gist(output), `${name} failed${problem}. ${advice ?? ''}`.trim()].filter(Boolean).join('\n')),
      );
    };
    running.on('error', (error) => end(` (${error.message})`));
    running.on('close', (code, signal) => end(code === 0 ? undefined : signal ? ` (${signal})` : ''));
  });
}

// npm's reason stands first and is followed by pages of usage; a compiler's messages all count.
function gist(output) {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && !/^npm (warn|error)$/.test(line.trim()));
  const usage = lines.findIndex((line) => /^npm error (Usage:|A complete log)/.test(line));
  return lines
    .slice(0, usage < 0 ? undefined : usage)
    .slice(0, 20)
    .join('\n');
}

/** Whether this checkout can be set up at all; an installed package or an image brings its `dist` instead. */
export async function isSourceCheckout() {
  return access(join(root, 'src'), constants.R_OK).then(
    () => true,
    () => false,
  );
}
