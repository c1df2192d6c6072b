import { parseArgs } from 'node:util';
import { type Command, type OptionsConfig, UsageError, type Values } from './command.ts';
import { nearest } from './nearest.ts';

export type ParsedCommandLine =
  | { readonly help: string | undefined; readonly command?: undefined }
  | { readonly command: Command; readonly values: Values; readonly positionals: readonly string[] };

/** Options that would put a secret where every user of the machine can read it (SECURITY-LESSONS 40). */
const SECRET_OPTIONS = /^--(password|new-password|client-secret|secret|token|key)(=|$)/;
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** Throws {@link UsageError} with one sentence. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): ParsedCommandLine {
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === '-h') return { help: undefined };
  if (argv[0] === 'help') return { help: argv.slice(1).join(' ') || undefined };
  const command = findCommand(argv, commands);
  const rest = argv.slice(command.name.split(' ').length);
  const { values, positionals } = parseOptions(command, rest);
  if (values.help === true) return { help: command.name };
  assertArguments(command, positionals);
  return { command, values, positionals };
}

/** The command with the most words in front. */
function findCommand(argv: readonly string[], commands: readonly Command[]): Command {
  const matches = commands.filter(({ name }) => name.split(' ').every((word, index) => argv[index] === word));
  const [best] = matches.sort((a, b) => b.name.length - a.name.length);
  if (best !== undefined) return best;
  const [first = '', second] = argv.filter((word) => !word.startsWith('-'));
  const inGroup = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (inGroup.length > 0 && second === undefined)
    throw new UsageError(
      `doorward ${first} needs one of: ${inGroup.map((name) => name.slice(first.length + 1)).join(', ')}.`,
    );
  const asked = inGroup.length > 0 ? `${first} ${second}` : first;
  const close = nearest(asked, inGroup.length > 0 ? inGroup : [...groupsOf(commands)]);
  throw new UsageError(
    `There is no command ${asked}${close === undefined ? '' : `; did you mean ${close}?`} See doorward help.`,
  );
}

const groupsOf = (commands: readonly Command[]): ReadonlySet<string> =>
  new Set(commands.flatMap(({ name }) => [name, name.split(' ')[0] ?? name]));

function parseOptions(command: Command, rest: readonly string[]) {
  const options: OptionsConfig = { ...command.options, ...HELP };
  const secret = rest.find((word) => SECRET_OPTIONS.test(word) && !isKnown(word, options));
  if (secret !== undefined) {
    const name = secret.split('=')[0] ?? secret;
    const way = isKnown(`${name}-stdin`, options)
      ? `use ${name}-stdin and hand it over on standard input.`
      : `see doorward help ${command.name}.`;
    throw new UsageError(
      `${name} is not taken on the command line, where every user of this machine can read it: ${way}`,
    );
  }
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(wordsOf(error, options, command));
  }
}

const isKnown = (word: string, options: OptionsConfig): boolean =>
  Object.hasOwn(options, word.slice(2).split('=')[0] ?? '');

function wordsOf(error: unknown, options: OptionsConfig, { name }: Command): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, unknown] = /Unknown option '([^' ]+)/.exec(message) ?? [];
  if (unknown === undefined) return `${message.split('. ')[0]?.replace(/\.$/, '')}. See doorward help ${name}.`;
  const close = nearest(
    unknown,
    Object.keys(options).map((option) => `--${option}`),
  );
  return `doorward ${name} has no option ${unknown}${close === undefined ? '' : `; did you mean ${close}?`} See doorward help ${name}.`;
}

function assertArguments({ name, usage, arguments: names = [] }: Command, positionals: readonly string[]): void {
  const needed = names.filter((one) => !one.endsWith('?'));
  if (positionals.length < needed.length || positionals.length > names.length)
    throw new UsageError(`Usage: doorward ${name} ${usage}`.trimEnd());
}
