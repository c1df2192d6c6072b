import fc from 'fast-check';
import { userColumns } from '../../../src/domain/users/user-columns.ts';

/** Filters over people as pieces of text; `null` is where a text value goes. */
type Pieces = readonly (string | null)[];

const TEXTS = [
  'userName',
  'name.familyName',
  'externalId',
  'displayName',
  'emails.value',
  'emails',
  'phoneNumbers.type',
  'title',
];
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];

const condition: fc.Arbitrary<Pieces> = fc.oneof(
  fc
    .tuple(fc.constantFrom(...TEXTS, `${ENTERPRISE}:department`), fc.constantFrom(...OPERATORS))
    .map(([name, operator]): Pieces => [`${name} ${operator} `, null]),
  fc.constantFrom<Pieces>(
    ['active eq true'],
    ['title pr'],
    ['name pr'],
    ['emails pr'],
    ['meta.created lt "2030-01-01T00:00:00Z"'],
    ['id sw "0"'],
    ['groups.display co ', null],
  ),
  fc.constantFrom(...OPERATORS).map((operator): Pieces => [`emails[type ${operator} `, null, ' and primary eq true]']),
);

export const userFilters: fc.Arbitrary<Pieces> = fc.letrec<{ filter: Pieces }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    condition,
    tie('filter').map((one): Pieces => ['not (', ...one, ')']),
    fc
      .tuple(tie('filter'), fc.constantFrom(' and ', ' or '), tie('filter'))
      .map(([one, word, other]): Pieces => ['(', ...one, word, ...other, ')']),
  ),
})).filter;

/** Anything: text of the grammar's own pieces in any order, and noise. */
export const filterTexts: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(
      fc.constantFrom(
        ...Object.keys(userColumns(new Date())),
        ...OPERATORS,
        ...[
          'pr',
          'and',
          'or',
          'not',
          '(',
          ')',
          '[',
          ']',
          '.',
          ' ',
          '"x"',
          '"\'; --"',
          '"\\u0000"',
          'true',
          'null',
          '4',
          '-1e5',
          '"',
          "'",
          '\\',
          ';',
          '$1',
          'constructor',
          '__proto__',
        ],
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(' ')),
  fc.nat(6000).map((length) => '('.repeat(length)),
  fc.nat(6000).map((length) => `userName eq "${'\\'.repeat(length)}`),
);
