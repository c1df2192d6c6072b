// `npm run test:interop [name …]`: clients that people have, in their own languages, against a server started for it.
// They are installed into a cache outside the repository; what is missing on this machine is skipped and said.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Browser, textOf } from './interop/browser.mjs';
import { clients } from './interop/clients.mjs';
import { explain } from './run-child.mjs';
import { requireNode, root, serverEnvironment, setUp } from './setup.mjs';

const execute = promisify(execFile);
const buildWithinMilliseconds = 15 * 60_000;
const readyWithinMilliseconds = 90_000;
const cache =
  process.env.INTEROP_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'doorward-interop');
const person = { userName: 'alice@example.com', password: 'seven otters keep the ledger' };

requireNode();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  explain(error);
  process.exitCode = 1;
}

async function main(wanted) {
  await setUp();
  const chosen = clients.filter(({ folder }) => wanted.length === 0 || wanted.includes(folder));
  const ports = await Promise.all(chosen.map(freePort));
  const tried = chosen.map((client, index) => ({ ...client, port: ports[index] }));
  const server = await startServer(tried);
  const rows = [];
  try {
    for (const client of tried) {
      console.error(`${client.name} …`);
      rows.push(await attempt(client, server.issuer));
    }
  } finally {
    await server.stop();
  }
  printTable(rows);
  return rows.some(({ result }) => result === 'failed') ? 1 : 0;
}

async function attempt(client, issuer) {
  const row = (result, detail = '') => ({ name: client.name, result, detail });
  for (const program of client.needs) {
    if (!(await isOnPath(program))) return row('skipped', `${program} is not installed`);
  }
  const folder = join(cache, client.folder);
  try {
    await build(client, folder);
  } catch (error) {
    return row('skipped', `cannot be installed here: ${lastLineOf(error?.stderr || String(error))}`);
  }
  try {
    return row('passed', await signInThrough(client, folder, issuer));
  } catch (error) {
    return row('failed', `${error?.message ?? error}; ${join(folder, 'app.log')} may say more`);
  }
}

function lastLineOf(text) {
  return text.trim().split('\n').at(-1).trim().slice(0, 200);
}

async function build({ folder: name, build: commands }, folder) {
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'scripts', 'interop', 'clients', name), folder, { recursive: true, force: true }).catch(
    (error) => {
      // A client that is nothing but a program has no sources here.
      if (error.code !== 'ENOENT') throw error;
    },
  );
  const options = { cwd: folder, env: { ...process.env, GOBIN: folder }, maxBuffer: 2 ** 26 };
  for (const [program, ...parameters] of commands) {
    await execute(program, parameters, { ...options, timeout: buildWithinMilliseconds });
  }
}

/** What a person would do: open the application, sign in, consent, and see who they are. */
async function signInThrough(client, folder, issuer) {
  const settings = {
    ISSUER: issuer,
    CLIENT_ID: client.registered?.client_id ?? '',
    CLIENT_SECRET: client.registered?.client_secret ?? '',
    PORT: String(client.port),
    FOLDER: folder,
    USER_NAME: person.userName,
    PASSWORD: person.password,
  };
  const env = { ...process.env, ...settings, ...client.env?.(settings) };
  if (client.runs !== undefined) return runProgram(client, folder, env);
  const [program, ...parameters] = client.start;
  const log = createWriteStream(join(folder, 'app.log'));
  const app = spawn(program, parameters, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [app.stdout, app.stderr]) stream.pipe(log, { end: false });
  const ended = once(app, 'exit');
  try {
    const address = `http://127.0.0.1:${client.port}`;
    await untilAnswers(address, app);
    const browser = new Browser();
    let page = await browser.open(address + (client.login ?? '/login'));
    page = await browser.submit(page, 'username', { username: person.userName, password: person.password });
    if (page.text.includes(' name="decision"')) page = await browser.submit(page, 'decision', { decision: 'approve' });
    if (client.shows !== undefined) page = await browser.open(address + client.shows);
    return checkShown(client, page);
  } finally {
    app.kill('SIGTERM');
    await ended;
    log.end();
  }
}

async function runProgram({ runs: [program, ...parameters] }, folder, env) {
  const { stdout } = await execute(program, parameters, { cwd: folder, env, timeout: readyWithinMilliseconds });
  return lastLineOf(stdout);
}

function checkShown(client, page) {
  const expected = client.expects ?? [person.userName, 'Sales'];
  const missing = expected.filter((word) => !page.text.includes(word));
  if (page.status === 200 && missing.length === 0) return expected.join(', ');
  throw new Error(`${page.status} at ${page.url.pathname} without ${missing.join(', ')}: ${textOf(page)}`);
}

async function startServer(tried) {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-interop-'));
  // PostgreSQL's own user passes through when this runs as root.
  await chmod(folder, 0o711);
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const apply = join(folder, 'apply.json');
  await writeFile(apply, JSON.stringify(declaration(tried)), { mode: 0o600 });
  const env = {
    ...serverEnvironment(),
    DOORWARD_ISSUER: issuer,
    DOORWARD_PORT: String(port),
    DOORWARD_DATA_DIR: join(folder, 'data'),
    DOORWARD_KEYS_DIR: join(folder, 'keys'),
    DOORWARD_APPLY: apply,
    DOORWARD_CLIENT_REGISTRATION: 'open',
    // Provisioning targets are started on this machine.
    DOORWARD_OUTBOUND_ALLOW: '127.0.0.1',
    DOORWARD_ADMIN_EMAIL: 'admin@example.com',
    DOORWARD_ADMIN_PASSWORD: 'ten brown hens cross the yard',
  };
  const child = spawn(process.execPath, [join(root, 'dist', 'src', 'main.js')], {
    env,
    // Its warnings and errors are ours to see.
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  await untilAnswers(`${issuer}/health/ready`, child).catch(async (error) => {
    await stop();
    throw error;
  });
  return { issuer, stop };
}

function declaration(tried) {
  const registered = tried.flatMap(({ registered: client, port, callback = '/callback' }) =>
    client ? [{ ...client, ...addresses(`http://127.0.0.1:${port}${callback}`) }] : [],
  );
  const resources = tried
    .filter(({ registered: client }) => client === undefined)
    .map(({ name, port }) => ({
      identifier: `http://127.0.0.1:${port}/mcp`,
      name,
      permissions: [{ value: 'orders:read' }],
    }));
  return {
    resourceServers: resources,
    clients: registered,
    roles: [
      {
        name: 'order-reader',
        permissions: resources.map(({ identifier }) => ({ resource: identifier, values: ['orders:read'] })),
      },
    ],
    groups: [{ displayName: 'Sales' }],
    users: [
      {
        ...person,
        displayName: 'Alice Archer',
        name: { givenName: 'Alice', familyName: 'Archer' },
        emails: [{ value: person.userName, primary: true, verified: true }],
        roles: ['order-reader'],
        groups: ['Sales'],
      },
    ],
  };
}

function addresses(uri) {
  return { redirect_uris: [uri], post_logout_redirect_uris: [uri] };
}

async function untilAnswers(address, child) {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended before it was ready, with exit code ${child.exitCode}`);
    const answer = await fetch(address, { redirect: 'manual' }).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return;
    await pause(100);
  }
  throw new Error('it was not ready in time');
}

function isOnPath(program) {
  const find = process.platform === 'win32' ? 'where' : 'which';
  return execute(find, [program]).then(
    () => true,
    () => false,
  );
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

function printTable(rows) {
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const { name, result, detail } of rows) console.log(`${name.padEnd(width)}  ${result.padEnd(7)}  ${detail}`);
  const count = (wanted) => rows.filter(({ result }) => result === wanted).length;
  console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
}
