import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aTerminal, type TestTerminal } from '../cli/a-terminal.ts';

const FILE = `
policies:
  - name: Strong sign-in
    rules:
      - { effect: allow, description: The office, when: { networks: [10.0.0.0/8] } }
      - { effect: require, when: { knownBrowser: false }, requirements: { factors: passkey, maxAgeSeconds: 600 } }
  - { name: Closed, enabled: false, rules: [{ effect: deny, reason: Not today. }] }
clients: [{ client_id: shop, redirect_uris: ['http://localhost:4000/callback'], token_endpoint_auth_method: none }]
users: [{ userName: joan }]
`;

describe('doorward policies', () => {
  let terminal: TestTerminal;
  beforeAll(async () => {
    terminal = await aTerminal();
    await terminal.run(['migrate']);
    await terminal.run(['apply', '-f', await terminal.write('file.yaml', FILE)]);
  });
  afterAll(() => terminal.end());

  it('list shows each and whom it is for', async () => {
    const { out } = await terminal.run(['policies', 'list']);

    expect(out).toMatch(/Closed +everybody +off +deny/);
    expect(out).toMatch(/Strong sign-in +everybody +on +allow, require/);
  });

  it.each([
    [['--address', '10.1.2.3', '--new-browser'], 'Asked for: nothing more.', '1. allow (The office) holds'],
    [
      ['--address', '192.0.2.1', '--new-browser'],
      'Asked for: a passkey, a sign-in of the last 600 seconds.',
      '2. require holds',
    ],
    [['--address', '192.0.2.1'], 'Asked for: nothing more.', '2. require does not hold: knownBrowser'],
    [[], 'Asked for: nothing more.', '1. allow (The office) is not known: networks'],
  ])('explain %j says what is asked and by which rule', async (options, ...lines) => {
    const { code, out } = await terminal.run(['policies', 'explain', 'joan', 'shop', ...options]);

    expect(code).toBe(0);
    for (const line of lines) expect(out).toContain(line);
  });

  it('enable and disable turn one on and off, which is recorded', async () => {
    const on = await terminal.run(['policies', 'enable', 'closed']);
    const denied = await terminal.run(['policies', 'explain', 'joan', 'shop', '--json']);
    const off = await terminal.run(['policies', 'disable', 'Closed']);
    const log = await terminal.run(['audit', 'export']);

    expect([on.code, off.code]).toEqual([0, 0]);
    expect(JSON.parse(denied.out)).toMatchObject({ decision: 'denied', reason: 'Not today.' });
    expect(log.out.split('policies.updated')).toHaveLength(3);
    expect((await terminal.run(['policies', 'disable', 'nothing'])).code).toBe(1);
    expect((await terminal.run(['policies', 'explain', 'nobody', 'shop'])).code).toBe(1);
  });
});
