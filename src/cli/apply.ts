import { resolve } from 'node:path';
import { type AppliedSummary, applyDeclarationFile } from '../domain/declaration/apply-declaration-file.ts';
import type { PlannedStep } from '../domain/declaration/plan-step.ts';
import { asJson, type Command, isSet, textOf, UsageError } from './command.ts';
import { withInstallation } from './open-installation.ts';

export const applyCommand: Command = {
  name: 'apply',
  usage: '-f FILE [--dry-run] [--prune] [--reactivate] [--json] [--quiet]',
  summary: 'Bring resource servers, clients, roles, groups and people to what a file declares',
  details: [
    '  -f, --file FILE  YAML or JSON; see docs/guides/declarative-file.md',
    '  --dry-run        show what would be done, and do nothing',
    '  --prune          remove what files have made and this one does not name',
    '  --reactivate     bring back people, roles and memberships that somebody else has ended',
    '  --json           the plan as JSON',
    '  --quiet          say nothing when all went well',
  ],
  options: {
    file: { type: 'string', short: 'f' },
    'dry-run': { type: 'boolean' },
    prune: { type: 'boolean' },
    reactivate: { type: 'boolean' },
    json: { type: 'boolean' },
    quiet: { type: 'boolean', short: 'q' },
  },
  async run({ values, configuration, terminal, say, report }) {
    const file = textOf(values.file);
    if (file === undefined) throw new UsageError('doorward apply needs a file: doorward apply -f FILE');
    const summary = await withInstallation(
      {
        configuration: configuration(),
        command: 'apply',
        schema: 'migrate',
        report: isSet(values.quiet) ? () => undefined : report,
      },
      async ({ pool, read, transact, hashing, keys }) => {
        const { keeper } = await keys();
        const { hashPassword } = hashing;
        return applyDeclarationFile({ pool, read, transact, hashPassword, keeper }, resolve(terminal.cwd, file), {
          dryRun: isSet(values['dry-run']),
          prune: isSet(values.prune),
          reactivate: isSet(values.reactivate),
        });
      },
    );
    if (isSet(values.json)) await say(asJson(summary));
    else if (!isSet(values.quiet)) await say(tell(summary, file));
    return 0;
  },
};

function tell({ steps, notes, leftovers, dryRun }: AppliedSummary, file: string): string {
  const lines = steps.map(describe);
  const done = dryRun ? 'would change' : 'changed';
  return [
    ...lines,
    ...notes.map((note) => `! ${note}`),
    ...leftovers.map((name) => `! not in ${file} any more: ${name} (--prune removes it)`),
    steps.length === 0
      ? `${file}: nothing ${dryRun ? 'would change' : 'to change'}.`
      : `${file}: ${steps.length} ${steps.length === 1 ? 'thing' : 'things'} ${done}.`,
  ].join('\n');
}

const SIGNS: Readonly<Record<PlannedStep['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  reactivate: '+',
};

function describe({ action, noun, name, changed = {} }: PlannedStep): string {
  const detail = action === 'update' || action === 'reactivate' ? changesOf(changed) : '';
  const again = action === 'reactivate' ? ' again' : '';
  return `${SIGNS[action]} ${noun} ${name}${again}${detail}`;
}

const changesOf = (changed: NonNullable<PlannedStep['changed']>): string =>
  Object.entries(changed)
    .map(
      ([name, { from, to }]) =>
        `\n    ${name}: ${from === undefined ? '' : `${shown(from)} → `}${to === undefined ? '(none)' : shown(to)}`,
    )
    .join('');

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
