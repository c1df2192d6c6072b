import type { Configuration } from '../config/configuration.ts';
import { loadConfiguration } from '../config/load.ts';
import { DomainError } from '../kernel/errors.ts';
import { StartRefused } from '../kernel/start-refused.ts';
import { type Command, CommandFailed, type Terminal, UsageError } from './command.ts';
import { commands } from './commands.ts';
import { helpText } from './help.ts';
import { parseCommandLine } from './parse-command-line.ts';

/** Runs one command line and answers the exit code: 0 done, 1 not done (one sentence says why), 2 wrong usage. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const parsed = parseCommandLine(argv, commands);
    if (parsed.command === undefined) {
      await terminal.out(helpText(commands, parsed.help));
      return 0;
    }
    return await run(parsed.command, { ...parsed, terminal });
  } catch (error) {
    if (!isExpected(error)) {
      // The stack alone: a database error carries the parameters of its statement, password hashes among them.
      terminal.err(`${error instanceof Error ? error.stack : String(error)}\n`);
      return 1;
    }
    terminal.err(`${sentenceOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(
  command: Command,
  { values, positionals, terminal }: Pick<Parameters<Command['run']>[0], 'values' | 'positionals' | 'terminal'>,
): Promise<number> {
  let configuration: Configuration | undefined;
  const code = await command.run({
    terminal,
    values,
    positionals,
    say: async (line) => terminal.out(`${line}\n`),
    report: (line) => terminal.err(`${line}\n`),
    configuration: () => {
      configuration ??= configurationOf(terminal);
      return configuration;
    },
  });
  return code ?? 0;
}

function configurationOf({ env, cwd }: Terminal): Configuration {
  const result = loadConfiguration(env, cwd);
  if (result.ok) return result.configuration;
  throw new CommandFailed(
    ['These settings cannot be used:', ...result.problems.map((problem) => `  - ${problem}`)].join('\n'),
  );
}

type Expected = UsageError | CommandFailed | StartRefused | DomainError;

const isExpected = (error: unknown): error is Expected =>
  error instanceof UsageError ||
  error instanceof CommandFailed ||
  error instanceof StartRefused ||
  error instanceof DomainError;

function sentenceOf(error: Expected): string {
  if (!(error instanceof DomainError) || error.code.startsWith('declarations.')) return error.message;
  const reasons = error.faults.map(({ pointer, detail }) => (pointer ? `${pointer.slice(1)}: ${detail}` : detail));
  return reasons.length > 0 ? `${error.message}: ${reasons.join('; ')}` : error.message;
}
