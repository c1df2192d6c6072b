import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import bcrypt from 'bcrypt';
import { type AdminApi, addAdminClient, adminApi } from '../../support/admin-api.ts';
import { type RunningServer, startServer } from '../../support/running-server.ts';
import { aTerminal, runBuilt, type TestTerminal } from '../cli/a-terminal.ts';

let server: RunningServer;
let terminal: TestTerminal;
let admin: AdminApi;

beforeAll(async () => {
  terminal = await aTerminal();
  server = await startServer();
  admin = await adminApi({ url: server.issuer, client: await addAdminClient(server.configuration.databaseUrl ?? '') });
}, 60_000);

afterAll(async () => {
  await server.stop();
  await terminal.end();
});

const blocksOf = (guide: string, language: string): readonly string[] =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block ?? '');

type Guide = {
  readonly name: string;
  /** Where it says `<id>`, its reader puts one in: the text, and what stands there in the shell. */
  readonly said?: Readonly<Record<string, string>>;
  /** Files that its reader has. */
  readonly files?: Readonly<Record<string, string>>;
};

/** All commands of a guide in their order, in one shell: each has to succeed. Answers what they wrote. */
async function follow({ name, said = {}, files = {} }: Guide): Promise<string> {
  const guide = await readFile(`docs/guides/${name}.md`, 'utf8');
  for (const block of blocksOf(guide, 'yaml')) {
    const file = /^# (\S+\.yaml)\n/.exec(block)?.[1];
    if (file !== undefined) await terminal.write(file, block);
    else if (block.startsWith('clients:')) await apply(block);
  }
  for (const [file, text] of Object.entries(files)) await terminal.write(file, text);
  // A server is running already.
  const blocks = blocksOf(guide, 'sh').filter((block) => !block.includes('npm start'));
  let commands = blocks
    .join('')
    .replaceAll('npm run doorward -- ', 'doorward ')
    .replaceAll(/http:\/\/localhost:3000|https:\/\/id\.example\.com(?=\/)/g, server.issuer);
  for (const [text, id] of Object.entries(said)) {
    expect(commands).toContain(text);
    commands = commands.replaceAll(text, id);
  }
  const shell = [
    'curl() { command curl -sS --fail-with-body "$@" && echo; }',
    `doorward() { node '${join(process.cwd(), 'dist', 'src', 'cli', 'doorward.js')}' "$@"; }`,
    `named() { curl -G "$api/$1" -H "Authorization: Bearer $token" | node -e 'const [list] = Object.values(JSON.parse(fs.readFileSync(0)));
      console.log(list.find((one) => (one.displayName ?? one.name) === process.argv[1]).id)' "$2"; }`,
    commands,
  ].join('\n');
  const env = {
    ...process.env,
    ...cliSettings(),
    api: `${server.issuer}/admin/v1`,
    token: admin.token,
    ADMIN: admin.token,
    TOKEN: admin.token,
  };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', shell], {
    env,
    cwd: terminal.folder,
  });
  return stdout;
}

const cliSettings = () => ({
  ...terminal.env,
  DOORWARD_DATABASE_URL: server.configuration.databaseUrl ?? '',
  DOORWARD_KEYS_DIR: server.configuration.keysDir,
  DOORWARD_ISSUER: server.issuer,
});

async function apply(declaration: string): Promise<void> {
  const file = await terminal.write('guide.yaml', declaration);
  const { code, err } = await runBuilt(['apply', '-f', file], { env: cliSettings(), cwd: terminal.folder });
  if (code !== 0) throw new Error(err);
}

const aPerson = async (userName: string): Promise<string> =>
  String((await admin.post('/users', { userName, emails: [{ value: userName, primary: true }] })).id);

it('people', async () => {
  const [gone, joan] = [await aPerson('gone@example.com'), await aPerson('joan.l@example.com')];
  await admin.delete(`/users/${gone}`);
  const { id: group } = await admin.post('/groups', { displayName: 'Looked after' });

  await follow({
    name: 'people',
    said: {
      'deleted-users/<id>': `deleted-users/${gone}`,
      'users/<id>': `users/${joan}`,
      $group: String(group),
      $joan: joan,
    },
  });

  expect(await admin.get(`/users/${gone}`)).toMatchObject({ status: 'inactive' });
  expect(JSON.stringify(await admin.get(`/users/${joan}`))).toContain('B-1207');
  expect(JSON.stringify(await admin.get(`/groups/${group}/owners`))).toContain(joan);
});

it('joiner-mover-leaver', async () => {
  const { id: role } = await admin.post('/roles', { name: 'order-clerk', permissions: [] });
  const mover = await aPerson('mover@example.com');
  await admin.patch(`/users/${mover}`, {
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Sales' },
  });

  const output = await follow({
    name: 'joiner-mover-leaver',
    said: {
      '<order-clerk>': String(role),
      '<Sales>': `'$(named groups Sales)'`,
      'users/<id>': `users/${mover}`,
      'groups/<id>': 'groups/$(named groups Sales)',
    },
  });

  expect(output).toContain('Sales');
});

it('sign-in-policies', async () => {
  const joan = await aPerson('joan@example.net');
  await apply(
    'clients: [{ client_id: web, redirect_uris: ["http://localhost:4000/callback"], token_endpoint_auth_method: none }]',
  );
  await admin.post('/roles', { name: 'contractor', permissions: [] });

  const output = await follow({
    name: 'sign-in-policies',
    said: { '<id>': joan, 'joan@example.com': 'joan@example.net' },
  });

  expect(output).toContain('Strong sign-in');
});

it('scim', async () => {
  const output = await follow({ name: 'scim' });

  expect(output).toContain('"userName":"alice@example.com"');
});

it('shared-signals', async () => {
  const output = await follow({
    name: 'shared-signals',
    said: {
      $STREAM: `$(curl "${server.issuer}/ssf/v1/streams" -H "authorization: Bearer $TOKEN" | node -pe 'JSON.parse(fs.readFileSync(0))[0].stream_id')`,
    },
  });

  expect(output).toContain('"sets":{}');
  expect(output).toContain('endpointUrl');
});

it('protect-an-api, then integrate-service, -web-app and -spa', async () => {
  await aPerson('alice@example.org');

  const explained = await follow({
    name: 'protect-an-api',
    said: { 'alice@example.com': 'alice@example.org' },
    files: { 'token.txt': admin.token },
  });
  const answer = await follow({ name: 'integrate-service' });
  for (const name of ['integrate-web-app', 'integrate-spa']) await follow({ name });

  expect(explained).toContain('order-clerk');
  expect(answer).toContain('access_token');
});

it('import-and-export', async () => {
  const guide = await readFile('docs/guides/import-and-export.md', 'utf8');
  const hash = await bcrypt.hash('correct horse battery', 4);
  // The groups of other guides are theirs.
  const [people, groups, assignments] = blocksOf(guide, 'csv').map((text) =>
    text.replaceAll('Sales', 'Selling').replaceAll('$2b$12$…', hash),
  );
  await apply(
    '{ roles: [{ name: clerk }], groups: [{ displayName: Selling, externalId: hr-1 }, { displayName: Berlin }] }',
  );
  await aPerson('ann@example.com');

  await follow({
    name: 'import-and-export',
    files: { 'people.csv': people ?? '', 'groups.csv': groups ?? '', 'assignments.csv': assignments ?? '' },
  });

  const found = await admin.get('/users?userName=joan@example.com');
  expect(JSON.stringify(found)).toContain('hr-7');
  expect(await readFile(join(terminal.folder, 'all-assignments.jsonl'), 'utf8')).toContain('stands in for Joan');
});
