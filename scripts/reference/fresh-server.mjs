// A server on an empty database, asked for what it says of itself.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const readyWithinMilliseconds = 90_000;

/** With DOCS_DATABASE_URL it uses that (empty or migrated) database instead of an embedded one. */
export async function askFreshServer(main) {
  const folder = await mkdtemp(join(tmpdir(), 'doorward-docs-'));
  // PostgreSQL runs as somebody else when this runs as root.
  await chmod(folder, 0o711);
  const port = await freePort();
  const child = spawn(process.execPath, [main], { env: environment(folder, port), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'exit');
  try {
    const ask = (path) => fetch(`http://127.0.0.1:${port}${path}`);
    await untilReady(child, ask, () => output);
    const [document, discovery, exposition] = await Promise.all([
      ask('/admin/v1/openapi.json').then((answer) => answer.json()),
      ask('/.well-known/openid-configuration').then((answer) => answer.json()),
      ask('/metrics').then((answer) => answer.text()),
    ]);
    return { document, discovery, exposition };
  } finally {
    child.kill('SIGTERM');
    await exited;
    await rm(folder, { recursive: true, force: true });
  }
}

function environment(folder, port) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('DOORWARD_') && name !== 'NODE_ENV',
  );
  const url = process.env.DOCS_DATABASE_URL;
  return {
    ...Object.fromEntries(inherited),
    ...(url ? { DOORWARD_DATABASE_URL: url } : {}),
    // As newcomers see it, wherever it really listens.
    DOORWARD_ISSUER: 'http://localhost:3000',
    DOORWARD_PORT: String(port),
    DOORWARD_DATA_DIR: join(folder, 'data'),
    DOORWARD_KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    DOORWARD_LOG_LEVEL: 'warn',
  };
}

async function untilReady(child, ask, output) {
  const deadline = Date.now() + readyWithinMilliseconds;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}:\n${output()}`);
    const isReady = await ask('/health/ready').then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    await pause(50);
  }
  throw new Error(`The server was not ready in time:\n${output()}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
