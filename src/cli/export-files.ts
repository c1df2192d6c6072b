import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ImportFormat } from '../domain/bulk/bulk-import.ts';
import { writeGroups } from '../domain/bulk/write-groups.ts';
import { writePeople } from '../domain/bulk/write-people.ts';
import { writeRoleAssignments } from '../domain/bulk/write-role-assignments.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { type Command, CommandFailed, type Invocation, isSet, textOf, UsageError } from './command.ts';
import { workOn } from './work-on.ts';

const FORMAT_OPTIONS = { output: { type: 'string', short: 'o' }, format: { type: 'string' } } as const;
const OUTPUT = '  -o, --output FILE       standard output unless told; an existing file is not overwritten';

export const exportCommands: readonly Command[] = [
  {
    name: 'users export',
    usage: '[-o FILE] [--format csv|json|ldif] [--with-password-hashes]',
    summary: 'Write everyone in a form that doorward users import takes',
    details: [
      OUTPUT,
      '  --format                csv unless told; json is one person a line; ldif has the attributes of inetOrgPerson alone',
      '  --with-password-hashes  hashes of passwords too: keep such a file as you keep the database',
    ],
    options: { ...FORMAT_OPTIONS, 'with-password-hashes': { type: 'boolean' } },
    async run(invocation) {
      const withPasswordHashes = isSet(invocation.values['with-password-hashes']);
      const code = await exportFile(invocation, 'users export', (read, format) =>
        writePeople(read, { format, withPasswordHashes }),
      );
      if (withPasswordHashes && code === 0)
        invocation.report('This file holds password hashes: whoever reads it can try passwords at leisure.');
      return code;
    },
  },
  {
    name: 'groups export',
    usage: '[-o FILE] [--format csv|json|ldif]',
    summary: 'Write all groups in a form that doorward groups import takes; teams of organizations are not among them',
    details: [OUTPUT, '  --format                csv unless told; json is one group a line; ldif has groupOfNames'],
    options: FORMAT_OPTIONS,
    run: (invocation) => exportFile(invocation, 'groups export', writeGroups),
  },
  {
    name: 'role-assignments export',
    usage: '[-o FILE] [--format csv|json|ldif]',
    summary: 'Write who has which role in a form that doorward role-assignments import takes',
    details: [
      OUTPUT,
      '  --format                csv unless told; json is one object a line; ldif has organizationalRole, without periods and clients',
    ],
    options: FORMAT_OPTIONS,
    run: (invocation) => exportFile(invocation, 'role-assignments export', writeRoleAssignments),
  },
];

async function exportFile(
  invocation: Invocation,
  name: string,
  write: (read: Reader, format: ImportFormat) => AsyncIterable<string>,
): Promise<number> {
  const { values, terminal } = invocation;
  const format = textOf(values.format) ?? 'csv';
  if (!isFormat(format)) throw new UsageError('--format takes csv, json or ldif.');
  return workOn(invocation, name, async ({ read }) => {
    const output = textOf(values.output);
    const file = output === undefined ? undefined : await openNew(resolve(terminal.cwd, output));
    try {
      for await (const text of write(read, format)) {
        if (terminal.signal.aborted) return 1;
        await (file === undefined ? terminal.out(text) : file.write(text));
      }
    } finally {
      await file?.close();
    }
    return 0;
  });
}

const isFormat = (text: string): text is ImportFormat => ['csv', 'json', 'ldif'].includes(text);

const openNew = (path: string) =>
  open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'it exists already' : error.code;
    throw new CommandFailed(`${path} cannot be written: ${why}.`, { cause: error });
  });
