import type { Reader } from '../../persistence/unit-of-work.ts';
import { listUserAttributes } from '../user-attributes/user-attribute.ts';
import { ENTERPRISE } from '../users/enterprise-input.ts';
import type { ImportFormat } from './bulk-import.ts';
import { type Column, columnsOfPeople } from './columns.ts';
import { csvField } from './csv-field.ts';
import { type ExportedPerson, exportPeople } from './export-people.ts';
import { dnOf, ldifEntry } from './ldif-entry.ts';
import { joinList } from './list-cell.ts';

export type WriteOptions = { readonly format: ImportFormat; readonly withPasswordHashes: boolean };

/** The text of a file that imports back, in pieces. */
export async function* writePeople(read: Reader, { format, withPasswordHashes }: WriteOptions): AsyncGenerator<string> {
  const batches = () => exportPeople(read, { withPasswordHashes });
  if (format === 'csv') return yield* csvOf(read, batches);
  for await (const people of batches())
    yield people.map((one) => (format === 'json' ? `${JSON.stringify(one)}\n` : ldifOf(one))).join('');
}

type NamedColumn = Column & { readonly name: string };
type Batches = () => AsyncIterable<readonly ExportedPerson[]>;

/** Twice over the people: the first time to learn which columns there are. */
async function* csvOf(read: Reader, batches: Batches): AsyncGenerator<string> {
  const lengths = new Map<string, number>();
  for await (const people of batches())
    for (const one of people)
      for (const [name, value] of Object.entries(one))
        lengths.set(name, Math.max(lengths.get(name) ?? 0, Array.isArray(value) ? value.length : 1));
  const columns: readonly NamedColumn[] = columnsOfPeople(lengths, await listUserAttributes(read));
  yield `${columns.map(({ name }) => csvField(name)).join(',')}\n`;
  for await (const people of batches())
    yield people.map((one) => `${columns.map((column) => csvField(cellOf(one, column))).join(',')}\n`).join('');
}

function cellOf(person: ExportedPerson, { steps }: Column): string {
  const value = steps.reduce<unknown>(
    (at, step) => (Object.hasOwn(Object(at), step) ? Object(at)[step] : undefined),
    person,
  );
  if (value === undefined) return '';
  return Array.isArray(value) ? joinList(value) : String(value);
}

function ldifOf(person: ExportedPerson): string {
  const { userName, externalId, name, displayName, title, emails, phoneNumbers, passwordHash, groups } = person;
  const { userType, preferredLanguage, profileUrl } = person;
  const { employeeNumber, department, organization } = Object(person[ENTERPRISE]);
  const { formatted, familyName, givenName } = Object(name);
  const values = (list: unknown): unknown[] => (Array.isArray(list) ? list.map((one) => one.value) : []);
  // inetOrgPerson demands cn and sn.
  const lines: [string, unknown][] = [
    ['dn', dnOf('uid', String(userName))],
    ['objectClass', 'inetOrgPerson'],
    ['uid', userName],
    ['entryUUID', externalId],
    ['cn', formatted ?? displayName ?? userName],
    ['sn', familyName ?? userName],
    ['givenName', givenName],
    ['displayName', displayName],
    ['title', title],
    ...values(emails).map((value): [string, unknown] => ['mail', value]),
    ...values(phoneNumbers).map((value): [string, unknown] => ['telephoneNumber', value]),
    ['employeeNumber', employeeNumber],
    ['employeeType', userType],
    ['departmentNumber', department],
    ['o', organization],
    ['preferredLanguage', preferredLanguage],
    ['labeledURI', profileUrl],
    ['userPassword', passwordHash],
    ...(Array.isArray(groups) ? groups : []).map((group): [string, unknown] => ['memberOf', dnOf('cn', String(group))]),
  ];
  return ldifEntry(lines);
}
