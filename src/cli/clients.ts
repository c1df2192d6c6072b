import { clientInput } from '../domain/clients/client-input.ts';
import { declareClientSecret, generateClientSecret } from '../domain/clients/client-secret.ts';
import { listClientSecrets } from '../domain/clients/client-secrets.ts';
import { wireSettings } from '../domain/clients/client-state.ts';
import { getRegisteredClient, searchClients } from '../domain/clients/registered-client.ts';
import { admitClient } from '../domain/lifecycle/admit-client.ts';
import { amendClient } from '../domain/lifecycle/amend-client.ts';
import { replaceClientSecret } from '../domain/lifecycle/change-client-secrets.ts';
import { operatorActor } from '../kernel/actor.ts';
import { parseInput } from '../kernel/input.ts';
import {
  argument,
  asJson,
  type Command,
  CommandFailed,
  type Invocation,
  isSet,
  jsonOption,
  textOf,
  textsOf,
  UsageError,
} from './command.ts';
import { everyPage } from './every-page.ts';
import { readPassword } from './passwords.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'clients list',
  usage: '[--json]',
  summary: 'List clients',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'clients list', async ({ read }) => {
      const clients = (await everyPage((page) => searchClients(read, { filters: {}, ...page }))).map(wireSettings);
      await showTable<(typeof clients)[number]>(invocation, clients, [
        ['CLIENT_ID', ({ client_id }) => client_id],
        ['NAME', ({ client_name }) => client_name],
        ['ENABLED', ({ enabled }) => (enabled ? 'yes' : 'no')],
        ['FIRST PARTY', ({ first_party }) => (first_party ? 'yes' : 'no')],
      ]);
      return 0;
    }),
};

const show: Command = {
  name: 'clients show',
  usage: 'CLIENT_ID',
  summary: 'Show a client with the dates of its secrets, as JSON',
  arguments: ['CLIENT_ID'],
  run: (invocation) =>
    workOn(invocation, 'clients show', async ({ read }) => {
      const client = await getRegisteredClient(read, argument(invocation, 0));
      const secrets = await listClientSecrets(read, client.clientId);
      await invocation.say(asJson({ ...wireSettings(client), secrets }));
      return 0;
    }),
};

const create: Command = {
  name: 'clients create',
  usage:
    '[CLIENT_ID] [--name NAME] [--redirect-uri URI] [--post-logout-redirect-uri URI] [--grant-type TYPE] [--auth-method METHOD] [--first-party] [--metadata-stdin]',
  summary: 'Register a client and print its id and secret, once',
  details: [
    '  --grant-type      authorization_code (default), refresh_token, client_credentials …; several times',
    '  --auth-method     client_secret_basic (default), none for public clients, private_key_jwt …',
    '  --metadata-stdin  read RFC 7591 metadata as JSON from standard input; options win over it',
  ],
  arguments: ['CLIENT_ID?'],
  options: {
    name: { type: 'string' },
    'redirect-uri': { type: 'string', multiple: true },
    'post-logout-redirect-uri': { type: 'string', multiple: true },
    'grant-type': { type: 'string', multiple: true },
    'auth-method': { type: 'string' },
    'first-party': { type: 'boolean' },
    'metadata-stdin': { type: 'boolean' },
  },
  async run(invocation) {
    const input = parseInput(clientInput, await metadataOf(invocation), 'clients.invalid');
    return workOn(
      invocation,
      'clients create',
      async ({ transact, keys }) => {
        const { keeper } = await keys();
        const { client, generated } = await transact(operatorActor('clients create'), (tx) =>
          admitClient(tx, { input, keeper }),
        );
        await invocation.say(
          asJson({ client_id: client.clientId, ...(generated ? { client_secret: generated.secret } : {}) }),
        );
        if (generated) invocation.report('The secret is shown this once; keep it where the application reads it.');
        return 0;
      },
      'migrate',
    );
  },
};

async function metadataOf({ terminal, values, positionals }: Invocation): Promise<object> {
  const given: unknown = isSet(values['metadata-stdin']) ? jsonIn(await terminal.readInput()) : {};
  if (typeof given !== 'object' || given === null) throw new CommandFailed('Standard input holds no JSON object.');
  const entries = {
    client_id: positionals[0],
    client_name: textOf(values.name),
    redirect_uris: several(values['redirect-uri']),
    post_logout_redirect_uris: several(values['post-logout-redirect-uri']),
    grant_types: several(values['grant-type']),
    token_endpoint_auth_method: textOf(values['auth-method']),
    first_party: isSet(values['first-party']) ? true : undefined,
  };
  return { ...given, ...Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) };
}

const several = (value: Invocation['values'][string]) => (textsOf(value).length === 0 ? undefined : textsOf(value));

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailed('Standard input is not JSON.');
  }
}

const setEnabled = (name: 'clients disable' | 'clients enable', enabled: boolean, summary: string): Command => ({
  name,
  usage: 'CLIENT_ID',
  summary,
  arguments: ['CLIENT_ID'],
  run: (invocation) =>
    workOn(invocation, name, async ({ transact, keys }) => {
      const clientId = argument(invocation, 0);
      const { keeper } = await keys();
      await transact(operatorActor(name), (tx) => amendClient(tx, { clientId, patch: { enabled }, keeper }));
      await invocation.say(`${clientId} is ${enabled ? 'enabled' : 'disabled; all access it had has ended'}.`);
      return 0;
    }),
});

const HOUR_MS = 3_600_000;

const rotateSecret: Command = {
  name: 'clients rotate-secret',
  usage: 'CLIENT_ID [--previous-hours HOURS]',
  summary: 'Print a new secret; the one in use works on for the change-over',
  details: ['  --previous-hours  how long the present secret works on: 24 unless told, 0 ends it now'],
  arguments: ['CLIENT_ID'],
  options: { 'previous-hours': { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'clients rotate-secret', async ({ transact, keys }) => {
      const clientId = argument(invocation, 0);
      const hours = hoursOf(textOf(invocation.values['previous-hours']));
      const { keeper } = await keys();
      const issued = await transact(operatorActor('clients rotate-secret'), (tx) => {
        const previousExpiresAt = hours === undefined ? undefined : new Date(tx.now.getTime() + hours * HOUR_MS);
        return replaceClientSecret(tx, { clientId, keeper, previousExpiresAt });
      });
      await invocation.say(issued.secret);
      invocation.report('The secret is shown this once.');
      return 0;
    }),
};

function hoursOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const hours = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || hours > 24 * 365)
    throw new UsageError('--previous-hours takes a number of hours, up to a year.');
  return hours;
}

const hashSecret: Command = {
  name: 'clients hash-secret',
  usage: '[--generate]',
  summary: 'Turn a random secret from standard input into the client_secret_hash of a declarative file',
  details: ['  --generate  make a secret, and print it above its hash'],
  options: { generate: { type: 'boolean' } },
  async run(invocation) {
    if (isSet(invocation.values.generate)) {
      const secret = generateClientSecret();
      await invocation.say(secret);
      await invocation.say(declareClientSecret(secret));
      return 0;
    }
    const secret = await readPassword(invocation);
    // A plain SHA-256 of a short secret is guessed in seconds.
    if (secret.length < 32)
      throw new CommandFailed('This is too short to be a random secret of 32 characters or more: see --generate.');
    await invocation.say(declareClientSecret(secret));
    return 0;
  },
};

export const clientCommands: readonly Command[] = [
  list,
  show,
  create,
  setEnabled('clients disable', false, 'Disable a client: all access it has ends'),
  setEnabled('clients enable', true, 'Enable a client again; what had ended stays ended'),
  rotateSecret,
  hashSecret,
];
