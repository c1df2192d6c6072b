import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { exportDeclaration } from '../domain/declaration/export-declaration.ts';
import { type Command, CommandFailed, isSet, textOf } from './command.ts';
import { workOn } from './work-on.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: '[-o FILE] [--with-password-hashes]',
  summary: 'Write a declarative file that applies back to the present state, secrets left out',
  details: [
    '  -o, --output FILE       standard output unless told; an existing file is not overwritten',
    '  --with-password-hashes  hashes of passwords too: keep such a file as you keep the database',
  ],
  options: { output: { type: 'string', short: 'o' }, 'with-password-hashes': { type: 'boolean' } },
  run: (invocation) =>
    workOn(invocation, 'export', async ({ read }) => {
      const { values, terminal, report } = invocation;
      const text = await exportDeclaration(read, { withPasswordHashes: isSet(values['with-password-hashes']) });
      const output = textOf(values.output);
      if (output === undefined) await terminal.out(text);
      else await writeNew(resolve(terminal.cwd, output), text);
      if (isSet(values['with-password-hashes']))
        report('This file holds password hashes: whoever reads it can try passwords at leisure.');
      return 0;
    }),
};

async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'EEXIST' ? 'it exists already' : error.code;
    throw new CommandFailed(`${path} cannot be written: ${why}.`, { cause: error });
  });
}
