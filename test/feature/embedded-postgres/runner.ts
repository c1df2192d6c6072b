// A process of its own around the launcher, for tests that kill it or run it as another user. One JSON line per event.
import pg from 'pg';
import { StartRefused } from '../../../src/kernel/start-refused.ts';
import { openEmbeddedPostgres } from '../../../src/persistence/embedded-postgres.ts';

const [dataDir = '', purpose = '', mode = '', fsync = 'on'] = process.argv.slice(2);

function say(event: object): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

try {
  const report = (progress: string) => say({ progress });
  const postgres = await openEmbeddedPostgres({
    dataDir,
    purpose,
    report,
    share: mode === 'share',
    settings: { fsync },
  });
  const { dataDir: _dataDir, ...address } = postgres.connection;
  const client = new pg.Client(address);
  client.on('error', () => {});
  await client.connect();
  const { adopted, location, connection } = postgres;
  say({ ready: { adopted, location, connection } });
  let rest = '';
  process.stdin.on('data', async (chunk: Buffer) => {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === 'stop') {
        await client.end();
        await postgres.stop();
        process.exit(0);
      }
      const { rows } = await client.query(line);
      say({ rows });
    }
  });
} catch (error) {
  process.stderr.write(
    error instanceof StartRefused ? `${error.message}\n` : `${error instanceof Error ? error.stack : error}\n`,
  );
  process.exit(1);
}
