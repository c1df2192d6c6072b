import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';
import { type AdminApi, addAdminClient, adminApi, issueToken } from '../../support/admin-api.ts';
import { mailsTo } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { items } from './two-organizations.ts';

/** All commands of the guide in their order, in one shell. */
async function runGuide(server: RunningServer, token: string): Promise<string> {
  const guide = await readFile('docs/guides/organizations.md', 'utf8');
  const commands = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('');
  const env = { ...process.env, api: `${server.issuer}/admin/v1`, token };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', commands], { env });
  return stdout;
}

it('docs/guides/organizations.md: its commands do what it says', async () => {
  const server = await startServer({ env: { DOORWARD_DNS_SERVERS: '127.0.0.1:9' } });
  try {
    const client = await addAdminClient(server.configuration.databaseUrl ?? '');
    const admin: AdminApi = await adminApi({ url: server.issuer, client });

    const output = await runGuide(server, await issueToken(server.issuer, client));

    const [acme] = items(await admin.get('/organizations?name=acme'), 'organizations');
    const path = `/organizations/${acme?.id}`;
    expect(acme).toMatchObject({ name: 'acme', displayName: 'Acme Ltd' });
    expect(items(await admin.get(`${path}/members`), 'members')).toEqual([
      { value: expect.any(String), display: 'joan', managed: true },
      { value: expect.any(String), display: 'guest', managed: false },
    ]);
    expect(await mailsTo(server, 'ada@example.com')).toHaveLength(1);
    expect(items(await admin.get(`${path}/domains`), 'domains')).toMatchObject([
      { domain: 'acme.example', status: 'pending', fault: 'no_answer' },
    ]);
    expect(output).toContain('_doorward-challenge.acme.example');
    expect(output).toMatch(/"held":\s*true/);
    expect(server.errors).toEqual([]);
  } finally {
    await server.stop();
  }
});
