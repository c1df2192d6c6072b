// Sign-ins with the real hash against bcrypt alone at the same cost on the same core; and what the sign-in page weighs.
import { Connection, drive, get, Jar } from './http-client.mjs';
import { authorizePath, expect, follow, path, pkce, signIn } from './scenarios.mjs';
import { bareHashesPerSecond, startDoorward } from './servers.mjs';

const COST = 12;
const ROUNDS = 3;

export async function measureSignIns({ seconds }) {
  const people = 8;
  const server = await startDoorward({ people, settings: { DOORWARD_BCRYPT_COST: String(COST) } });
  try {
    const signIns = () =>
      drive({
        address: server.address,
        connections: people,
        seconds: seconds * 2,
        step: (connection, index) => signIn(connection, server, server.userName(index)),
      });
    await signIns();
    const ratios = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const bare = await bareHashesPerSecond(COST, seconds * 2);
      const { perSecond } = await signIns();
      ratios.push({ bare, perSecond, ratio: perSecond / bare });
    }
    const { bare, perSecond, ratio } = ratios.sort((a, b) => a.ratio - b.ratio)[Math.floor(ROUNDS / 2)];
    return [
      `Full sign-ins with the hash at cost ${COST}: ${perSecond.toFixed(2)} per second; bcrypt alone at that cost: ${bare.toFixed(2)}; ratio ${ratio.toFixed(2)} (wanted: at least 0.9).`,
      await pageWeight(server),
    ];
  } finally {
    await server.stop();
  }
}

/** The page and all it loads, as browsers ask for it. */
async function pageWeight(server) {
  const connection = new Connection(server.address);
  const jar = new Jar();
  const first = jar.take(await connection.send(get(authorizePath(pkce().challenge), { host: server.host })));
  const page = expect(await follow(connection, server, jar, first), 200);
  const files = [...page.body.matchAll(/(?:src|href)="(\/(?:assets|branding)\/[^"]+)"/g)].map(([, file]) => path(file));
  let bytes = Buffer.byteLength(page.body);
  for (const file of files) {
    const headers = { 'accept-encoding': 'br' };
    const answer = expect(await connection.send(get(file, { host: server.host, headers })), 200);
    bytes += Number(answer.headers['content-length']);
  }
  connection.close();
  return `The sign-in page with the ${files.length} files it loads: ${(bytes / 1024).toFixed(1)} KB over the wire (wanted: at most 20); it is painted without script.`;
}
