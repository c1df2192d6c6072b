import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse as parseYaml } from 'yaml';
import {
  faultsOfImport,
  getBulkImport,
  type ImportChoices,
  type ImportContent,
  type ImportFormat,
} from '../domain/bulk/bulk-import.ts';
import { type ColumnMapping, columnMapping } from '../domain/bulk/columns.ts';
import { csvField } from '../domain/bulk/csv-field.ts';
import { type ImportSummary, importRows } from '../domain/bulk/import-rows.ts';
import { MANAGER_UNKNOWN } from '../domain/bulk/plan-row.ts';
import { readRows } from '../domain/bulk/read-rows.ts';
import { importKinds, shapeOf } from '../domain/bulk/shapes.ts';
import type { RowFault } from '../domain/bulk/source-row.ts';
import { parseInput } from '../kernel/input.ts';
import type { Reader } from '../persistence/unit-of-work.ts';
import { argument, type Command, CommandFailed, type Invocation, isSet, textOf, UsageError } from './command.ts';
import { progressLine } from './progress-line.ts';
import { workOn } from './work-on.ts';

const OPTIONS = {
  format: { type: 'string' },
  'dry-run': { type: 'boolean' },
  mapping: { type: 'string' },
  report: { type: 'string' },
  resume: { type: 'string' },
} as const;

const details = (more: readonly string[] = []): readonly string[] => [
  '  --format      by the ending of the name unless told: .csv, .json, .jsonl, .ldif',
  '  --dry-run     check every row against the database and change nothing',
  '  --mapping     YAML or JSON: names of columns in the file to attributes, null leaves one out',
  '  --report      CSV of the rows that were refused: line, column, attribute, code, detail',
  '  --resume      go on with an import that was cut short, with the same file',
  ...more,
  '  Exit code 1 when rows were refused; see docs/guides/import-and-export.md',
];

const USAGE = 'FILE [--format csv|json|ldif] [--dry-run] [--mapping FILE] [--report FILE] [--resume ID]';

export const importCommands: readonly Command[] = [
  {
    name: 'users import',
    usage: `${USAGE} [--reactivate]`,
    summary: 'Create and update people from a file, some hundred in each transaction',
    details: details(['  --reactivate  let people in again whom somebody else has put out']),
    arguments: ['FILE'],
    options: { ...OPTIONS, reactivate: { type: 'boolean' } },
    run: (invocation) => importFile(invocation, 'people'),
  },
  {
    name: 'groups import',
    usage: USAGE,
    summary: 'Create groups from a file, change them, and put people and groups into them',
    details: details(),
    arguments: ['FILE'],
    options: OPTIONS,
    run: (invocation) => importFile(invocation, 'groups'),
  },
  {
    name: 'role-assignments import',
    usage: USAGE,
    summary: 'Give roles to people, groups and clients from a file',
    details: details(),
    arguments: ['FILE'],
    options: OPTIONS,
    run: (invocation) => importFile(invocation, 'role_assignments'),
  },
];

async function importFile(invocation: Invocation, content: ImportContent): Promise<number> {
  const path = resolve(invocation.terminal.cwd, argument(invocation, 0));
  const format = formatOf(path, textOf(invocation.values.format));
  const size = await sizeOf(path);
  const kind = importKinds[content];
  return workOn(invocation, kind.actor.id, async ({ read, transact }) => {
    const { values, terminal, report: tell } = invocation;
    const [dryRun, resume] = [isSet(values['dry-run']), textOf(values.resume)];
    let file = createReadStream(path);
    const shape = await shapeOf(read, content);
    const choices = await choicesOf(read, invocation);
    const rows = () => {
      file.destroy();
      file = createReadStream(path);
      return readRows(file, format, { shape, mapping: choices.mapping });
    };
    const sheet = await openReport(invocation);
    const progress = progressLine(terminal, { size, done: () => file.bytesRead });
    let number = 0;
    try {
      if (resume !== undefined)
        for await (const faults of faultsOfImport(read, resume)) await sheet.write(settled(faults));
      const summary = await importRows(kind, { read, transact }, rows, {
        format,
        fileDigest: await digestOf(path),
        dryRun,
        choices,
        resume,
        signal: terminal.signal,
        readBytes: () => file.bytesRead,
        onStart: (id) => id !== undefined && tell(`Import ${id}: to go on after an interruption, --resume ${id}`),
        onBatch: async ({ counts, faults }) => {
          await sheet.write(dryRun ? faults : settled(faults));
          number = Object.values(counts).reduce((sum, count) => sum + count, 0);
          progress.show(number);
        },
      });
      progress.end();
      if (summary.isComplete && summary.id !== undefined) await writeUnsettled(sheet, read, summary.id);
      await invocation.say(tellSummary(summary, dryRun));
      return summary.isComplete && summary.counts.refused === 0 ? 0 : 1;
    } finally {
      progress.end();
      await sheet.close();
      file.destroy();
    }
  });
}

/** Rows without their manager are tried again at the end: until then nobody can say that they are refused. */
const settled = (faults: readonly RowFault[]) => faults.filter(({ code }) => code !== MANAGER_UNKNOWN);

async function writeUnsettled(sheet: Sheet, read: Reader, id: string): Promise<void> {
  for await (const faults of faultsOfImport(read, id))
    await sheet.write(faults.filter(({ code }) => code === MANAGER_UNKNOWN));
}

function tellSummary({ id, counts, isComplete }: ImportSummary, dryRun: boolean): string {
  const { created, updated, deactivated, unchanged, refused } = counts;
  const would = dryRun ? 'would be ' : '';
  const sums = `${created} ${would}created, ${updated} ${would}updated, ${deactivated} ${would}deactivated, ${unchanged} unchanged, ${refused} refused.`;
  return isComplete ? sums : `Stopped: ${sums}${id === undefined ? '' : ` Go on with --resume ${id}.`}`;
}

const ENDINGS: Readonly<Record<string, ImportFormat>> = {
  csv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
  ldif: 'ldif',
};

function formatOf(path: string, asked: string | undefined): ImportFormat {
  const name = asked ?? path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const format = Object.hasOwn(ENDINGS, name) ? ENDINGS[name] : undefined;
  if (format === undefined) throw new UsageError('--format takes csv, json or ldif.');
  return format;
}

async function sizeOf(path: string): Promise<number> {
  const { size } = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(`${path} cannot be read: ${error.code}.`, { cause: error });
  });
  return size;
}

async function digestOf(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest();
}

/** What is resumed goes on as it was begun. */
async function choicesOf(read: Reader, invocation: Invocation): Promise<ImportChoices> {
  const resume = textOf(invocation.values.resume);
  const begun = resume === undefined ? undefined : (await getBulkImport(read, resume)).choices;
  const mapping = { ...begun?.mapping, ...(await readMapping(invocation)) };
  return { mapping, reactivate: isSet(invocation.values.reactivate) || begun?.reactivate === true };
}

async function readMapping({ values, terminal }: Invocation): Promise<ColumnMapping> {
  const file = textOf(values.mapping);
  if (file === undefined) return {};
  const text = await readFile(resolve(terminal.cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandFailed(`${file} cannot be read: ${error.code}.`, { cause: error });
  });
  return parseInput(columnMapping, parseYaml(text), 'imports.mapping_invalid');
}

type Sheet = {
  readonly write: (faults: readonly RowFault[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
};

const SHOWN_WITHOUT_REPORT = 20;

/** Into the report, or the first few onto standard error. */
async function openReport({ values, terminal, report }: Invocation): Promise<Sheet> {
  const file = textOf(values.report);
  if (file !== undefined) {
    const handle: FileHandle = await open(resolve(terminal.cwd, file), 'w', 0o600);
    await handle.write('line,column,attribute,code,detail\n');
    return { write: (faults) => handle.write(faults.map(lineOf).join('')), close: () => handle.close() };
  }
  let shown = 0;
  return {
    write: async (faults) => {
      for (const { line, column, attribute, code, detail } of faults) {
        shown += 1;
        if (shown <= SHOWN_WITHOUT_REPORT) report(`line ${line}, column ${column}: ${attribute} ${code}: ${detail}`);
        else if (shown === SHOWN_WITHOUT_REPORT + 1) report('… and more: --report FILE has all of them');
      }
    },
    close: async () => undefined,
  };
}

const lineOf = ({ line, column, attribute, code, detail }: RowFault): string =>
  `${[line, column, attribute, code, detail].map((one) => csvField(String(one))).join(',')}\n`;
