// What has no counterpart in the bare library: signing under sign-ins, and the admin API on a large directory.
import { basic, token } from './client-token.mjs';
import { fillDirectory, personId } from './fill-directory.mjs';
import { resource } from './fixture.mjs';
import { Connection, drive, get, percentile, post } from './http-client.mjs';
import { signIn } from './scenarios.mjs';
import { startBurner, startDoorward } from './servers.mjs';

/** p99 of a signed token while eight people sign in with the real hash, and while another process takes as much CPU. */
export async function signingUnderLoad({ seconds }) {
  const people = 8;
  const server = await startDoorward({ people, settings: { DOORWARD_BCRYPT_COST: '12' } });
  try {
    const request = post(
      '/token',
      { grant_type: 'client_credentials', scope: 'orders:read', resource },
      { host: server.host, headers: basic('bench-service') },
    );
    const sign = (connection) => connection.send(request);
    const measure = () => drive({ address: server.address, connections: 1, seconds, step: sign });
    await measure();
    const burner = startBurner();
    const beside = await measure();
    await burner.stop();
    const signIns = drive({
      address: server.address,
      connections: people,
      seconds: seconds + 1,
      step: (connection, index) => signIn(connection, server, server.userName(index)),
    });
    const under = await measure();
    const { perSecond } = await signIns;
    return {
      besideBurner: percentile(beside.latencies, 99),
      underSignIns: percentile(under.latencies, 99),
      signInsPerSecond: perSecond,
    };
  } finally {
    await server.stop();
  }
}

const attributes = (n) => ({
  userName: `person-${n}@example.com`,
  externalId: `ext-${n}`,
  displayName: `Person ${n}`,
  'name.familyName': `Family ${n % 5_000}`,
  'name.givenName': `Given ${n % 500}`,
  'emails.value': `person-${n}@example.com`,
  active: 'true',
});

/** p95 of list and search over `people` users, first and last page. */
export async function adminSearch({ people, requests }) {
  const server = await startDoorward({ people: 1 });
  try {
    await fillDirectory(server, { people });
    const bearer = {
      authorization: `Bearer ${await token(server, 'bench-admin', { resource: 'urn:doorward:admin' })}`,
    };
    const nearEnd = Buffer.from(personId(people - 30)).toString('base64url');
    const cases = [
      ['all', () => ''],
      ...Object.keys(attributes(0)).map((name) => [
        name,
        (n) => `${encodeURIComponent(name)}=${encodeURIComponent(attributes(n)[name])}`,
      ]),
    ];
    const rows = [];
    const connection = new Connection(server.address);
    for (const [name, query] of cases) {
      for (const page of ['first', 'last']) {
        const latencies = [];
        for (let index = 0; index < requests; index += 1) {
          const parameters = [query((index * 7919) % people), page === 'last' ? `cursor=${nearEnd}` : '']
            .filter(Boolean)
            .join('&');
          const at = performance.now();
          const answer = await connection.send(
            get(`/admin/v1/users?${parameters}`, { host: server.host, headers: bearer }),
          );
          latencies.push(performance.now() - at);
          if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.body}`);
        }
        latencies.sort((a, b) => a - b);
        rows.push({ name, page, p95: percentile(latencies, 95) });
      }
    }
    connection.close();
    return rows;
  } finally {
    await server.stop();
  }
}
