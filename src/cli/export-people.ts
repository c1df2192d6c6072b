import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ImportFormat } from '../domain/bulk/bulk-import.ts';
import { writePeople } from '../domain/bulk/write-people.ts';
import { type Command, CommandFailed, isSet, textOf, UsageError } from './command.ts';
import { workOn } from './work-on.ts';

export const exportPeopleCommand: Command = {
  name: 'users export',
  usage: '[-o FILE] [--format csv|json|ldif] [--with-password-hashes]',
  summary: 'Write everyone in a form that doorward users import takes',
  details: [
    '  -o, --output FILE       standard output unless told; an existing file is not overwritten',
    '  --format                csv unless told; json is one person a line; ldif has the attributes of inetOrgPerson alone',
    '  --with-password-hashes  hashes of passwords too: keep such a file as you keep the database',
  ],
  options: {
    output: { type: 'string', short: 'o' },
    format: { type: 'string' },
    'with-password-hashes': { type: 'boolean' },
  },
  async run(invocation) {
    const { values, terminal, report } = invocation;
    const format = textOf(values.format) ?? 'csv';
    if (!isFormat(format)) throw new UsageError('--format takes csv, json or ldif.');
    const withPasswordHashes = isSet(values['with-password-hashes']);
    return workOn(invocation, 'users export', async ({ read }) => {
      const output = textOf(values.output);
      const file = output === undefined ? undefined : await openNew(resolve(terminal.cwd, output));
      try {
        for await (const text of writePeople(read, { format, withPasswordHashes })) {
          if (terminal.signal.aborted) return 1;
          await (file === undefined ? terminal.out(text) : file.write(text));
        }
      } finally {
        await file?.close();
      }
      if (withPasswordHashes) report('This file holds password hashes: whoever reads it can try passwords at leisure.');
      return 0;
    });
  },
};

const isFormat = (text: string): text is ImportFormat => ['csv', 'json', 'ldif'].includes(text);

const openNew = (path: string) =>
  open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'it exists already' : error.code;
    throw new CommandFailed(`${path} cannot be written: ${why}.`, { cause: error });
  });
