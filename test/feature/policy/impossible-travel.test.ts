import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openPlaceDatabase } from '../../../src/connectors/place-database.ts';
import { throttleLimits } from '../../../src/domain/authentication/throttle-limits.ts';
import { distanceKm, isImpossibleTravel } from '../../../src/domain/authentication/travel.ts';
import { writePlaceDatabase } from '../../support/a-place-database.ts';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { mailsTo, outboxDrained } from '../../support/mail.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { WebVisitor } from '../../support/web-visitor.ts';
import { givePassword } from '../email-sign-in/a-code.ts';
import { aClient, aPerson, authorizeUrl, callback, password, type TestClient } from '../interaction/a-sign-in.ts';
import { anAddressee } from '../mail/a-mail.ts';
import { aPolicy } from './a-policy.ts';

const UTRECHT = { latitude: 52.09, longitude: 5.12 };
const AMSTERDAM = { latitude: 52.37, longitude: 4.9 };
const SYDNEY = { latitude: -33.87, longitude: 151.21 };
const FROM_UTRECHT = '203.0.113.7';
const FROM_AMSTERDAM = '198.51.100.7';
const FROM_SYDNEY = '192.0.2.7';

let folder: string;
let database: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'places-'));
  database = join(folder, 'places.mmdb');
  await writePlaceDatabase(database, [
    { network: '203.0.113.0/24', ...UTRECHT, accuracy_radius: 20 },
    { network: '198.51.100.0/24', ...AMSTERDAM },
    { network: '192.0.2.0/24', ...SYDNEY, accuracy_radius: 50 },
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('places', () => {
  it('are read from a file in MaxMind’s format; nobody knows where other addresses are', async () => {
    const findPlace = await openPlaceDatabase(database);

    expect(findPlace?.(FROM_UTRECHT)).toEqual({ ...UTRECHT, radiusKm: 20 });
    expect(findPlace?.(FROM_AMSTERDAM)).toEqual({ ...AMSTERDAM, radiusKm: 200 });
    expect([findPlace?.('127.0.0.1'), findPlace?.('2001:db8::1'), findPlace?.('nonsense')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('a file that is none stops the start, by the name of the setting', async () => {
    const file = join(folder, 'none.mmdb');
    await writeFile(file, 'places\n');

    await expect(openPlaceDatabase(file)).rejects.toThrow(/DOORWARD_PLACE_DATABASE .*none\.mmdb/);
    await expect(openPlaceDatabase(join(folder, 'nowhere'))).rejects.toThrow(/DOORWARD_PLACE_DATABASE .*ENOENT/);
  });

  it.each([
    ['an hour to the other end of the world', FROM_SYDNEY, 1, true],
    ['seventeen hours', FROM_SYDNEY, 17, false],
    ['the next city at once', FROM_AMSTERDAM, 0, false],
    ['the same address at once', FROM_UTRECHT, 0, false],
    ['an address that is nowhere', '127.0.0.1', 0, false],
  ])('%s', async (_, ipAddress, hours, expected) => {
    const findPlace = await openPlaceDatabase(database);
    const at = new Date('2026-03-01T12:00:00Z');
    const from = { ipAddress: FROM_UTRECHT, at };

    const to = { ipAddress, at: new Date(at.getTime() + hours * 3_600_000) };

    expect(isImpossibleTravel(findPlace ?? (() => undefined), from, to)).toBe(expected);
  });

  it('are as far from one another as on a globe', () => {
    const there = (place: { latitude: number; longitude: number }) => ({ ...place, radiusKm: 0 });

    expect(Math.round(distanceKm(there(UTRECHT), there(AMSTERDAM)))).toBe(35);
    expect(Math.round(distanceKm(there(UTRECHT), there(SYDNEY)) / 100)).toBe(166);
    expect(
      Math.round(distanceKm(there({ latitude: 0, longitude: 179.5 }), there({ latitude: 0, longitude: -179.5 }))),
    ).toBe(111);
  });
});

describe('issue 5 item 5: who signs in where they cannot be', () => {
  let server: RunningServer;
  let admin: AdminApi;
  let app: TestClient;
  beforeAll(async () => {
    server = await startServer({
      env: { DOORWARD_PLACE_DATABASE: database, DOORWARD_TRUST_PROXY: '127.0.0.0/8,::1' },
    });
    admin = await adminApi({
      url: server.issuer,
      client: await addAdminClient(server.configuration.databaseUrl ?? ''),
    });
    app = await aClient(server, { firstParty: true });
  });
  afterAll(async () => {
    expect(server.errors).toEqual([]);
    await server.stop();
  });

  async function signIn(userName: string, forwardedFor: string, visitor = new WebVisitor(server, { forwardedFor })) {
    const page = await visitor.get(authorizeUrl(server, app, { prompt: 'login' }));
    return { visitor, page: await visitor.signIn(page, userName, password) };
  }
  /** The same browser, elsewhere. */
  const travelling = (visitor: WebVisitor, forwardedFor: string): WebVisitor =>
    Object.assign(visitor, { forwardedFor });
  const signsIn = async (userName: string, from: string, times: number): Promise<boolean[]> => {
    const done: boolean[] = [];
    for (let time = 0; time < times; time += 1) {
      const { page } = await signIn(userName, from);
      done.push(page.url.startsWith(app.redirectUri));
    }
    return done;
  };

  it('is let in, which is told by the log, and waits after some more times; nobody else does', async () => {
    const user = await aPerson(server);
    const { visitor } = await signIn(user.userName, FROM_UTRECHT);
    const { free } = throttleLimits.accountFromNetwork;

    const far = await signIn(user.userName, FROM_SYDNEY);
    const { auditEvents } = await admin.get(`/audit-events?target=${user.id}&type=sign-ins.succeeded`);
    const back = await signIn(user.userName, FROM_UTRECHT, visitor);
    const there: boolean[] = [];
    for (let time = 0; time < free; time += 1) {
      there.push(...(await signsIn(user.userName, FROM_SYDNEY, 1)));
      // Home again in between: each time is as impossible as the first.
      await signIn(user.userName, FROM_UTRECHT, visitor);
    }
    const home = await signIn(user.userName, FROM_UTRECHT, visitor);

    expect(callback(far.page.url).code).toBeDefined();
    expect((auditEvents as { details: unknown }[]).map(({ details }) => details)).toEqual([
      { amr: ['pwd'], impossibleTravel: true },
      { amr: ['pwd'] },
    ]);
    expect(callback(back.page.url).code).toBeDefined();
    expect(there.slice(0, -1)).toEqual(there.slice(0, -1).map(() => true));
    expect(there.at(-1)).toBe(false);
    expect(callback(home.page.url).code).toBeDefined();
  });

  it('as often from where they can be: nobody waits', async () => {
    const user = await aPerson(server);

    const done = await signsIn(user.userName, FROM_UTRECHT, throttleLimits.accountFromNetwork.free + 3);

    expect(done).not.toContain(false);
  });

  it('a known browser in a new place is told by mail, once; near by, or in an unknown place, it is not', async () => {
    const person = await anAddressee(server);
    await givePassword(server, person);
    const { visitor } = await signIn(person.userName, FROM_UTRECHT);
    const moved = async (forwardedFor: string) => {
      await signIn(person.userName, forwardedFor, travelling(visitor, forwardedFor));
      await outboxDrained(server);
      return (await mailsTo(server, person.address, 0)).map(({ subject }) => subject);
    };

    const [near, nowhere, far, again] = [
      await moved(FROM_AMSTERDAM),
      await moved('10.0.0.1'),
      await moved(FROM_SYDNEY),
      await moved(FROM_SYDNEY),
    ];

    expect([near, nowhere]).toEqual([[], []]);
    expect(far).toEqual(['Your account was used from a new place']);
    expect(again).toEqual(far);
    const [mail] = await mailsTo(server, person.address);
    expect(mail?.text).toContain(FROM_SYDNEY);
    expect(mail?.text).toContain('/account/not-me?token=');
  });

  it('is a signal of risk for policies', async () => {
    const user = await aPerson(server);
    await aPolicy(server, {
      clientId: app.clientId,
      rules: [{ effect: 'require', when: { risk: 'elevated' }, requirements: { factors: 'two_factors' } }],
    });
    await signIn(user.userName, FROM_UTRECHT);
    const evaluate = (ipAddress: string) =>
      admin.post('/policies/evaluations', { userId: user.id, clientId: app.clientId, ipAddress, knownBrowser: true });

    expect((await evaluate(FROM_SYDNEY)).risk).toEqual({
      level: 'high',
      signals: ['new_network', 'impossible_travel'],
    });
    expect((await evaluate(FROM_AMSTERDAM)).risk).toEqual({ level: 'elevated', signals: ['new_network'] });
  });
});
