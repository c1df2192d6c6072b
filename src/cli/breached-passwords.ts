import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BREACHED_PASSWORDS_HEADER, RECORD_BYTES } from '../domain/credentials/breached-passwords.ts';
import {
  BreachedPasswordsRefused,
  compileBreachedPasswords,
} from '../domain/credentials/compile-breached-passwords.ts';
import { argument, type Command, CommandFailed, type Invocation, textOf, UsageError } from './command.ts';
import { progressLine } from './progress-line.ts';

export const compileBreachedPasswordsCommand: Command = {
  name: 'breached-passwords compile',
  usage: 'FILE --output FILE [--at-least COUNT]',
  summary: 'Make the list for DOORWARD_BREACHED_PASSWORDS of a file of passwords or of their SHA-1 hashes',
  details: [
    '  FILE has a password on each line, or SHA1 or SHA1:COUNT in ascending order, as the lists of Have I Been Pwned; it',
    '  may be compressed (.gz). --at-least leaves out hashes that were counted less often, which makes the list smaller.',
  ],
  arguments: ['FILE'],
  options: { output: { type: 'string' }, 'at-least': { type: 'string' } },
  run: compile,
};

async function compile(invocation: Invocation): Promise<undefined> {
  const { terminal, values } = invocation;
  const named = textOf(values.output);
  if (named === undefined) throw new UsageError('--output takes the file that is to be written.');
  const input = resolve(terminal.cwd, argument(invocation, 0));
  const output = resolve(terminal.cwd, named);
  // A server that reads the list goes on with the one it has opened.
  const part = `${output}.part`;
  try {
    await write(input, part, { atLeast: atLeastOf(values['at-least']), terminal });
    const passwords = ((await stat(part)).size - BREACHED_PASSWORDS_HEADER.length) / RECORD_BYTES;
    await rename(part, output);
    await invocation.say(`${passwords} passwords are in ${output}. It is read from the next start on.`);
  } catch (error) {
    await rm(part, { force: true });
    if (!(error instanceof BreachedPasswordsRefused) && !isFileError(error)) throw error;
    throw new CommandFailed(`${input}: ${error.message}`, { cause: error });
  }
}

function atLeastOf(value: Invocation['values'][string]): number {
  const text = textOf(value) ?? '1';
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError('--at-least takes a whole number.');
  return Number(text);
}

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';

type WriteOptions = { readonly atLeast: number; readonly terminal: Invocation['terminal'] };

async function write(input: string, part: string, { atLeast, terminal }: WriteOptions): Promise<void> {
  const { size } = await stat(input);
  const file = createReadStream(input);
  const progress = progressLine(terminal, { size, done: () => file.bytesRead });
  try {
    await pipeline(
      file,
      input.endsWith('.gz') ? createGunzip() : new PassThrough(),
      linesOf,
      (lines: AsyncIterable<readonly string[]>) =>
        compileBreachedPasswords(lines, { atLeast, onLines: (count) => progress.show(count) }),
      createWriteStream(part),
      { signal: terminal.signal },
    );
  } finally {
    progress.end();
  }
}

/** What is not UTF-8 is nobody's password here, and matches nothing. */
async function* linesOf(text: AsyncIterable<Buffer>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of text) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield lines;
  }
  yield [rest.replace(/\r$/, '')];
}
