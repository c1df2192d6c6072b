import { resolve } from 'node:path';
import { listKeys } from '../domain/keys/list-keys.ts';
import { rewrapKeys } from '../domain/keys/rewrap-keys.ts';
import { signingAlgs } from '../domain/keys/signing-key.ts';
import { operatorActor } from '../kernel/actor.ts';
import { openKeyEncryptionKey } from '../kernel/open-key-encryption-key.ts';
import { type Command, jsonOption, textOf, UsageError } from './command.ts';
import { showTable } from './show-table.ts';
import { workOn } from './work-on.ts';

const list: Command = {
  name: 'keys list',
  usage: '[--json]',
  summary: 'List signing keys and their states; never their private parts',
  options: jsonOption,
  run: (invocation) =>
    workOn(invocation, 'keys list', async ({ read }) => {
      await showTable(invocation, await listKeys(read), [
        ['KID', ({ kid }) => kid],
        ['ALG', ({ alg }) => alg],
        ['STATE', ({ state }) => state],
        ['CREATED', ({ createdAt }) => createdAt],
        ['ACTIVE SINCE', ({ activatedAt }) => activatedAt],
      ]);
      return 0;
    }),
};

const rotate: Command = {
  name: 'keys rotate',
  usage: '[--alg ALG]',
  summary: 'Sign with the next keys from now on; every server follows without a restart',
  options: { alg: { type: 'string' } },
  run: (invocation) =>
    workOn(invocation, 'keys rotate', async ({ transact, keys }) => {
      const asked = textOf(invocation.values.alg);
      const alg = signingAlgs.find((one) => one === asked);
      if (asked !== undefined && alg === undefined) throw new UsageError('--alg takes RS256, ES256 or EdDSA.');
      const { ring } = await keys();
      const rotations = await transact(operatorActor('keys rotate'), (tx) =>
        ring.rotate(tx, alg === undefined ? {} : { alg }),
      );
      for (const { alg: rotated, active, next } of rotations)
        await invocation.say(`${rotated}: ${active} signs now, ${next} is next.`);
      return 0;
    }),
};

const rewrap: Command = {
  name: 'keys rewrap',
  usage: '--to DIRECTORY',
  summary: 'Put all stored secrets under the key-encryption key in another directory, made when there is none',
  details: [
    '  Reads the present key from where the server does. Afterwards restart every server with',
    '  DOORWARD_KEYS_DIR=DIRECTORY (and without DOORWARD_KEY_ENCRYPTION_KEY), and keep the old key for old backups.',
  ],
  options: { to: { type: 'string' } },
  async run(invocation) {
    const directory = textOf(invocation.values.to);
    if (directory === undefined) throw new UsageError('doorward keys rewrap needs the new directory: --to DIRECTORY');
    return workOn(invocation, 'keys rewrap', async ({ configuration, transact }) => {
      const keysDir = resolve(invocation.terminal.cwd, directory);
      const from = await openKeyEncryptionKey(configuration);
      const to = await openKeyEncryptionKey({ keyEncryptionKey: undefined, keysDir });
      const { rewrapped } = await transact(operatorActor('keys rewrap'), (tx) =>
        rewrapKeys(tx, { from: from.key, to: to.key }),
      );
      await invocation.say(`${rewrapped} secrets are now under the key in ${to.source}.`);
      invocation.report(
        `Restart every server with DOORWARD_KEYS_DIR=${keysDir}; the old key in ${from.source} opens old backups alone.`,
      );
      return 0;
    });
  },
};

export const keyCommands: readonly Command[] = [list, rotate, rewrap];
