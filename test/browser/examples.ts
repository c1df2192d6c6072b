// The example applications beside a server that has applied examples/doorward.yaml, each on a free port.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { cleanEnvironment, freePort, type Run, root, run, startServer, type TestServer } from '../support/server.ts';

export const alice = { userName: 'alice@example.com', password: 'seven otters keep the ledger' } as const;
export const bob = { userName: 'bob@example.com', password: 'nine herons watch the harbour' } as const;

export type Examples = {
  readonly server: TestServer;
  readonly web: string;
  readonly spa: string;
  readonly api: string;
  /** The service's output, after one run. */
  runService(): Promise<{ code: number | null; output: string }>;
  stop(): Promise<void>;
};

export async function startExamples(env: Readonly<Record<string, string>> = {}): Promise<Examples> {
  const [web, spa, api] = [await freePort(), await freePort(), await freePort()];
  const file = await readFile(join(root, 'examples', 'doorward.yaml'), 'utf8');
  const apply = file.replaceAll('localhost:4000', `localhost:${web}`).replaceAll('localhost:4001', `localhost:${spa}`);
  const server = await startServer({ apply, env });
  const shared = {
    ...cleanEnvironment(),
    ISSUER: server.issuer,
    API: `http://localhost:${api}`,
    SPA_ORIGIN: `http://localhost:${spa}`,
  };
  const start = (path: string, port: number) => run([join(root, 'examples', path)], { ...shared, PORT: String(port) });
  const running = [start('web-app/server.mjs', web), start('spa/server.mjs', spa), start('api/server.mjs', api)];
  const stop = async () => {
    for (const one of running) one.process.kill('SIGTERM');
    await Promise.all(running.map((one) => one.exited));
    await server.stop();
  };
  try {
    await Promise.all(running.map(untilListening));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    server,
    web: `http://localhost:${web}`,
    spa: `http://localhost:${spa}`,
    api: `http://localhost:${api}`,
    runService: async () => {
      const service = run([join(root, 'examples', 'service', 'service.mjs')], shared);
      const code = await service.exited;
      return { code, output: service.output() };
    },
    stop,
  };
}

/** Each says where it is once it listens. */
async function untilListening(example: Run): Promise<void> {
  let ended = false;
  void example.exited.then(() => {
    ended = true;
  });
  await eventually(example.output, (text) => ended || text.includes('http://localhost:'));
  if (ended) throw new Error(`an example ended: ${example.output()}`);
}
